"""Checks of config fields, each with the name and the value received."""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any


def require_positive_integer(name: str, value: Any) -> None:
    """Raises ValueError unless `value` is an integer above 0."""
    if not _is_integer(value) or value <= 0:
        raise field_error(name, "a positive integer", value)


def require_positive(name: str, value: Any) -> None:
    """Raises ValueError unless `value` is a finite number above 0."""
    if not _is_number(value) or not 0 < value < math.inf:
        raise field_error(name, "a positive, finite number", value)


def require_share(name: str, value: Any) -> None:
    """Raises ValueError unless `value` is a number from 0 to 1."""
    if not _is_number(value) or not 0 <= value <= 1:
        raise field_error(name, "a number from 0 to 1", value)


def require_rate(name: str, value: Any) -> None:
    """Raises ValueError unless `value` is a number from 0 to below 1."""
    if not _is_number(value) or not 0 <= value < 1:
        raise field_error(name, "a number from 0 to below 1", value)


def require_integers(name: str, values: Iterable[Any]) -> None:
    """Raises ValueError unless all `values` are integers."""
    values = tuple(values)
    if not all(map(_is_integer, values)):
        raise field_error(name, "integers", values)


def require_seed(name: str, value: Any) -> None:
    """Raises ValueError unless `value` is an integer in [0, 2**31)."""
    if not _is_integer(value) or not 0 <= value < 2**31:
        raise field_error(name, "an integer from 0 to below 2**31", value)


def require_choice(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Raises ValueError unless `value` is one of `choices`."""
    choices = tuple(choices)
    if value not in choices:
        known = ", ".join(map(str, choices))
        raise field_error(name, f"one of {known}", value)


def require_fields(config: type, values: Mapping[str, Any]) -> None:
    """Raises ValueError if `values` has keys that `config` has no field for.

    Args:
        config: A dataclass.
        values: What its fields are to be.
    """
    known = {field.name for field in dataclasses.fields(config)}
    if unknown := sorted(set(values) - known):
        raise ValueError(
            f"Unknown field(s) of {config.__name__}: {', '.join(unknown)}. "
            f"Known: {', '.join(sorted(known))}"
        )


def field_error(name: str, rule: str, value: Any) -> ValueError:
    """Returns the error of a field: its name, the rule and its value."""
    return ValueError(f"`{name}` must be {rule}. Received: {name}={value!r}")


def _is_integer(value):
    # NumPy's integers would pass for Python's until they meet a JSON file.
    return type(value) is int


def _is_number(value):
    return type(value) in (int, float)
