"""Strict JSON from the values that scores and settings are made of."""

import json
import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np


def to_json(value: Any, indent: int | None = None) -> str:
    """Returns `value` as JSON that any reader accepts.

    NumPy numbers and arrays become plain ones, paths become strings, and
    infinite or undefined numbers become null, since JSON has no word for them.

    Args:
        value: Numbers, strings, paths, mappings and sequences, nested.
        indent: Spaces per level. None: all on one line.

    Raises:
        TypeError: If there is another kind of object inside.
    """
    return json.dumps(
        _to_plain(value), indent=indent, ensure_ascii=False, allow_nan=False
    )


def _to_plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return {str(key): _to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_to_plain(item) for item in value]
    return value
