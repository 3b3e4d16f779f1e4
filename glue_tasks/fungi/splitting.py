"""Divides the fungi data, which is published whole, into 90/5/5 percent.

`by_record` gives the honest scores. Rows of one record (`R3ID`) describe the
same few taxa from one paper, often in nearly the same words, up to 850 of
them: divided at random, most dev and test rows have near copies among the
training rows, and a model that learns those by heart looks better than it is
on a paper that it has not seen. `stratified` and `reference` both divide that
way; the one keeps every label's share, the other is what the reference run
did, for comparing with it.
"""

import collections
import random
from collections.abc import Sequence

from absl import logging

from glue_tasks.fungi.sums import nearest_sum
from glue_tasks.tabular.splitting import hold_out

SPLITS = ("train", "dev", "test")
_SHARE = 0.05  # of dev, and of test
_MIN_CLASS_ROWS = 3
# Above every seed of a user, whose dev rows must not be another's test rows.
_SECOND_SEED = 2**31


def split_rows(
    method: str, seed: int, labels: Sequence[str], records: Sequence[str]
) -> dict[str, list[int]]:
    """Returns the places of each split's rows, ascending.

    Every row is in exactly one of train, dev and test, none of which is empty.

    Args:
        method: `stratified`, `reference` or `by_record`.
        seed: Decides which rows those are.
        labels: The label of each row.
        records: The record of each row; of `by_record` only.

    Raises:
        ValueError: If there are fewer than 3 rows or, by record, 3 records.
    """
    if len(labels) < len(SPLITS):
        raise ValueError(
            "There must be 3 rows or more to train, evaluate and test on. "
            f"Received: {len(labels)}"
        )
    if method == "stratified":
        return _stratified(labels, seed)
    if method == "reference":
        return _as_reference(len(labels), seed)
    return _by_record(records, seed)


def _stratified(labels: Sequence[str], seed: int) -> dict[str, list[int]]:
    rest, test = hold_out(len(labels), _SHARE, seed, labels)
    stay, out = hold_out(
        len(rest),
        _SHARE / (1 - _SHARE),
        seed + _SECOND_SEED,
        [labels[i] for i in rest],
    )
    counts = collections.Counter(labels)
    if few := {k: n for k, n in counts.items() if n < _MIN_CLASS_ROWS}:
        logging.info(
            "Labels of fewer than %d rows, which stay in train: %s.",
            _MIN_CLASS_ROWS,
            ", ".join(f"{name} ({few[name]})" for name in sorted(few)),
        )
    train, dev = [rest[i] for i in stay], [rest[i] for i in out]
    return dict(zip(SPLITS, (train, dev, test), strict=True))


def _as_reference(num_rows: int, seed: int) -> dict[str, list[int]]:
    """Divides at random, by the reference run's sizes.

    Held out is a tenth, rounded up, and half of that, rounded up, is for the
    test. Of the reference run's 306,795 rows this leaves its 276,115, 15,340
    and 15,340. Which rows were where is not known of it.
    """
    num_held = -(-num_rows // 10)
    num_test = -(-num_held // 2)
    # One row alone would leave nothing to evaluate on.
    num_held = max(num_held, num_test + 1)
    order = _shuffled(range(num_rows), seed)
    num_train, num_seen = num_rows - num_held, num_rows - num_test
    parts = order[:num_train], order[num_train:num_seen], order[num_seen:]
    return dict(zip(SPLITS, map(sorted, parts), strict=True))


def _by_record(records: Sequence[str], seed: int) -> dict[str, list[int]]:
    """Divides whole records, so that rows come next to 90/5/5 percent.

    The two largest records never are test rows, nor is the largest a dev row:
    a record may hold most of a small file's rows.
    """
    places = collections.defaultdict(list)
    for i, record in enumerate(records):
        places[record].append(i)
    if len(places) < len(SPLITS):
        raise ValueError(
            "There must be 3 records or more to split by record. "
            f"Received: {len(places)}"
        )
    target = max(1, int(len(records) * _SHARE + 0.5))
    groups = _shuffled(list(places.values()), seed)
    second, first = sorted(groups, key=len)[-2:]
    groups = [rows for rows in groups if rows not in (first, second)]
    test, groups = _take(groups, target)
    dev, groups = _take([*groups, second], target)
    parts = [first, *groups], dev, test
    return {
        split: sorted(i for rows in part for i in rows)
        for split, part in zip(SPLITS, parts, strict=True)
    }


def _take(groups, target):
    """Returns groups of next to `target` rows, and the other groups."""
    taken = nearest_sum([len(rows) for rows in groups], target)
    others = [rows for i, rows in enumerate(groups) if i not in taken]
    return [groups[i] for i in sorted(taken)], others


def _shuffled(values, seed):
    # Of Python's generator, `random` alone is the same in every release.
    generator = random.Random(seed)
    return sorted(values, key=lambda _: generator.random())
