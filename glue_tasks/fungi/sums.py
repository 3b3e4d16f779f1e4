"""Which numbers of a list add up to a sum."""

from collections.abc import Sequence


def nearest_sum(sizes: Sequence[int], target: int) -> set[int]:
    """Finds numbers whose sum is as near as can be to `target`.

    Numbers that come earlier in the list are preferred, so that of a shuffled
    list they are nearly those that come first.

    Args:
        sizes: Positive numbers, at least one.
        target: The sum, positive.

    Returns:
        The places of those numbers, at least one.
    """
    # Sums beyond both are farther off than the smallest number alone.
    limit = max(2 * target, min(sizes))
    mask = (1 << limit + 1) - 1
    # Bit s of `sums` says that the numbers so far can add up to s; the
    # number in `last` is the first with which they do.
    sums, last = 1, {}
    for place, size in enumerate(sizes):
        more = (sums << size) & mask & ~sums
        sums |= more
        while more:
            lowest = more & -more
            last[lowest.bit_length() - 1] = place
            more ^= lowest
        if target in last:
            break
    total = min(last, key=lambda s: (abs(s - target), s))
    chosen = set()
    while total:
        place = last[total]
        chosen.add(place)
        total -= sizes[place]
    return chosen
