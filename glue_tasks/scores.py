"""Scores, the labels of regressions: which are valid, how they are read."""

import reprlib
import sys
from typing import Any

Range = tuple[float, float] | None

# Not infinity, within which is an int that no float can hold.
_LARGEST = sys.float_info.max


def check_score(score: Any, score_range: Range) -> float:
    """Returns `score` if it is a finite number within `score_range`.

    Args:
        score: What should be a score.
        score_range: Least and greatest score. None: any.

    Raises:
        ValueError: If it is not.
    """
    low, high = score_range or (-_LARGEST, _LARGEST)
    if isinstance(score, int | float) and not isinstance(score, bool):
        if low <= score <= high:
            return float(score)
    limits = f" from {low:g} to {high:g}" if score_range else ""
    raise ValueError(
        f"`score` must be a finite number{limits}. "
        f"Received: score={reprlib.repr(score)}"
    )


def read_score(cell: str | int | float, score_range: Range) -> float:
    """Returns the score in `cell`, to six significant digits.

    These are what float32, in which tensorflow-datasets holds scores, keeps
    of a decimal number: a file's "3.800" and its float32 give the same score.

    Raises:
        ValueError: If it is not a finite number within `score_range`.
    """
    try:
        score = float(cell)
    except (ValueError, OverflowError):
        score = cell
    return float(f"{check_score(score, score_range):.6g}")
