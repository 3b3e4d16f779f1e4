"""Values of flags that are lists: numbers and ranges, and name=number."""

import math
import re
from collections.abc import Sequence


def parse_layers(text: str) -> tuple[int, ...]:
    """Returns the block numbers that `text` lists, ascending.

    Raises:
        ValueError: If `text` is not a list such as `0-5,8`.
    """
    numbers: set[int] = set()
    for part in text.split(","):
        # Three digits: a range is written out, and no encoder is that deep.
        match = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", part)
        block_range = match and range(
            int(match[1]), int(match[2] or match[1]) + 1
        )
        if not block_range:
            raise ValueError(
                "must be numbers and ascending ranges of blocks, such as "
                f"0-5,8. Received: {text!r}"
            )
        numbers.update(block_range)
    return tuple(sorted(numbers))


def format_layers(numbers: Sequence[int]) -> str:
    """Returns ascending block numbers as `parse_layers` reads them."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ",".join("-".join(map(str, ends)) for ends in ranges)


def parse_named_numbers(text: str) -> dict[str, float]:
    """Returns the numbers of `name=number,name=number` by name.

    A name may hold commas and equals signs; the last sign before a number
    counts.

    Raises:
        ValueError: If `text` has another form, or names something twice.
    """
    values: dict[str, float] = {}
    place = 0
    number = r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?"
    for match in re.finditer(rf"(.*?)=({number})(?:,|$)", text):
        if match.start() != place:
            break
        place, name = match.end(), match[1]
        if name in values:
            raise ValueError(f"must name {name!r} once. Received: {text!r}")
        values[name] = _number(match[2], text)
    if place != len(text) or not values:
        raise ValueError(
            f"must be of the form label=number,label=number. Received: {text!r}"
        )
    return values


def _number(digits, text):
    try:
        number = float(digits)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"must hold numbers. Received: {text!r}")
    return number
