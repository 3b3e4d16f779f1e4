"""Rows held out of others, by a seed."""

import collections
import random
from collections.abc import Hashable, Sequence

# A class with fewer rows has none to spare.
_MIN_CLASS_ROWS = 3


def hold_out(
    num_rows: int,
    share: float,
    seed: int,
    strata: Sequence[Hashable] | None = None,
) -> tuple[list[int], list[int]]:
    """Divides rows into those that stay and those that are held out.

    Of every class about the same share is held out, but none of classes with
    one or two rows. Neither part is ever empty. More than two parts come of
    dividing the first one again.

    Args:
        num_rows: How many rows there are.
        share: Share of them to hold out, above 0 and below 1.
        seed: Decides which rows those are.
        strata: The class of each row; classes must have an order among them.
            None: all rows are alike.

    Returns:
        Places from 0 of the rows that stay, and of those held out; ascending.

    Raises:
        ValueError: If there are fewer than 2 rows.
    """
    if num_rows < 2:
        raise ValueError(
            "There must be 2 rows or more to hold some out. "
            f"Received: {num_rows}"
        )
    groups = _shuffled_groups(num_rows, seed, strata)
    held, offered = [], 0
    for group in groups:
        if strata is not None and len(group) < _MIN_CLASS_ROWS:
            continue
        # Rounding sums instead of classes keeps the total next to its share.
        before = _round(offered * share)
        offered += len(group)
        count = min(_round(offered * share) - before, len(group) - 1)
        held += group[:count]
    if not held:
        held = max(groups, key=len)[:1]
    out = set(held)
    return [i for i in range(num_rows) if i not in out], sorted(out)


def _shuffled_groups(num_rows, seed, strata):
    # Of Python's generator, `random` alone is the same in every release.
    generator = random.Random(seed)
    draws = [generator.random() for _ in range(num_rows)]
    groups = collections.defaultdict(list)
    for i in sorted(range(num_rows), key=draws.__getitem__):
        groups[None if strata is None else strata[i]].append(i)
    return [groups[name] for name in sorted(groups)]


def _round(number):
    # Not `round`, which takes both 0.5 and 1.5 to an even number.
    return int(number + 0.5)
