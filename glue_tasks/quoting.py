"""Names and cells of files, as messages quote them."""

from collections.abc import Iterable

_MAX_LISTED = 20
_MAX_SHOWN = 40  # letters of a name


def quote(names: Iterable[str]) -> str:
    """Lists names for a message, long ones and long lists cut short."""
    names = list(names)
    shown = ", ".join(repr(shorten(name)) for name in names[:_MAX_LISTED])
    more = len(names) - _MAX_LISTED
    return f"{shown} and {more} more" if more > 0 else shown or "none"


def shorten(text: str) -> str:
    """Cuts a long cell to what a message can show."""
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."
