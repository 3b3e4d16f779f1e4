"""Rows of JSON Lines files: an object a line, whose keys are the columns."""

import json
from typing import Any

from glue_tasks.json_objects import parse_object
from glue_tasks.quoting import quote, shorten
from glue_tasks.split_format import SplitFormat


def read_cells(layout: SplitFormat, text: str) -> dict[str, str | int | float]:
    """Returns the values that a line has in the layout's columns.

    Texts are strings; a label may be a number.

    Raises:
        ValueError: If the line is no object, or one without such values.
    """
    values = parse_object(text)
    missing = [key for key in layout.columns if key not in values]
    if missing:
        raise ValueError(
            f"must be {expected(layout)}. Missing: {quote(missing)}. "
            f"Found: {quote(values)}"
        )
    for key in layout.columns:
        _check(key, values[key], key == layout.label)
    return {key: values[key] for key in layout.columns}


def expected(layout: SplitFormat) -> str:
    """Says what each line must be."""
    plural = "s" if len(layout.columns) > 1 else ""
    return f"a JSON object with the key{plural} {quote(layout.columns)}"


def _check(key: str, value: Any, may_be_number: bool) -> None:
    if isinstance(value, str):
        return
    # To Python, true is a number, too.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if may_be_number and is_number:
        return
    kind = "a string or a number" if may_be_number else "a string"
    shown = shorten(json.dumps(value, ensure_ascii=False))
    raise ValueError(f"key {key!r} must hold {kind}. Received: {shown}")
