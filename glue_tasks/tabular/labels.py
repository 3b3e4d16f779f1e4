"""Labels of the user's own data: how cells name them, and which there are."""

import collections
import functools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from adapter_bert.names import did_you_mean
from glue_tasks.quoting import shorten
from glue_tasks.scores import check_score
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.task import Label

SCORE = ("score",)
_MAX_LISTED = 20
# More classes than this that all are numbers are likely to be scores.
_MAX_NUMBERS = 20


def label_parser(
    config: TabularConfig, known: Iterable[str] | None = None
) -> Callable[[Any], Label]:
    """Returns what makes labels of cells.

    Args:
        config: Says what the cells hold.
        known: The labels there are. None: any.

    Returns:
        A function of a cell. It raises ValueError, with no place in its
        message, if the cell is not such a label.
    """
    names = None if known is None else dict.fromkeys(known)
    if config.label_type == "score":
        return _parse_score
    if config.label_type == "class":
        return functools.partial(_parse_class, names)
    return functools.partial(_parse_several, names, config.label_separator)


def count_labels(labels: Iterable[Label]) -> collections.Counter[str]:
    """Counts single labels, also those that share a row."""
    return collections.Counter(
        name
        for label in labels
        for name in (label if isinstance(label, tuple) else (label,))
    )


def order_labels(names: Iterable[str]) -> tuple[str, ...]:
    """Sorts labels: as numbers if all are integers, else by letters."""
    names = sorted(names)
    if all(re.fullmatch(r"-?\d+", name, re.ASCII) for name in names):
        names.sort(key=int)
    return tuple(names)


def describe_labels(
    labels: Sequence[str], counts: collections.Counter[str]
) -> str:
    """Lists labels with the number of their rows, on one line."""
    listed = ", ".join(
        f"{shorten(label)} ({counts[label]})" for label in labels[:_MAX_LISTED]
    )
    more = len(labels) - _MAX_LISTED
    return f"{listed} and {more} more" if more > 0 else listed


def look_like_scores(labels: Sequence[str]) -> bool:
    """Tells whether the labels are many, and all numbers."""
    return len(labels) > _MAX_NUMBERS and all(map(_is_number, labels))


def _parse_score(value):
    if isinstance(value, str) and _is_number(value):
        value = float(value)
    return check_score(value, None)


def _parse_class(known, value):
    name = (_name(value) or "").strip()
    if not name:
        raise ValueError("must hold a label. Received: none")
    if known is not None and name not in known:
        raise ValueError(
            f"unknown label {shorten(name)!r}; {did_you_mean(name, known)}"
        )
    return name


def _parse_several(known, separator, value):
    if value is None:
        return ()
    if isinstance(value, str):
        parts = [part.strip() for part in value.split(separator)]
        value = [part for part in parts if part]
    if not isinstance(value, list):
        raise ValueError(
            "must hold labels, as a list or as one string with "
            f"{separator!r} between them. Received: {value!r}"
        )
    return tuple(dict.fromkeys(_parse_class(known, part) for part in value))


def _name(value):
    """Returns the label as a string, the same one for 1, 1.0 and "1"."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    raise ValueError(
        "must hold one label, a string or a number. "
        f"Received: {shorten(repr(value))}"
    )


def _is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
