"""Lines that are JSON objects, as JSON Lines files have them."""

import json
from collections.abc import Sequence
from typing import Any

from glue_tasks.quoting import quote


def parse_object(text: str) -> dict[str, Any]:
    """Returns the object that a line holds.

    Raises:
        ValueError: If the line is something else, or a key there twice.
    """
    if not text.strip():
        raise ValueError("is blank; expected a JSON object")
    try:
        value = json.loads(text, object_pairs_hook=_to_dict)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"must be one whole JSON object. {error.msg} at character "
            f"{error.colno}"
        ) from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(value, dict):
        kinds = {list: "an array", str: "a string", type(None): "null"}
        kind = kinds.get(type(value), "a number or a truth value")
        raise ValueError(f"must be one JSON object. Received: {kind}")
    return value


def _to_dict(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"keys must differ. There twice: {quote(twice)}")
    return dict(pairs)
