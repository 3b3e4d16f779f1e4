"""Lines of tables: editors leave empty ones at the end of a file."""

import pathlib
from collections.abc import Iterator

from glue_tasks import lines

_ENDS = (b"\r\n", b"\n", b"\r")


def read_lines(path: pathlib.Path) -> Iterator[lines.Line]:
    """Yields the lines of `path`, but not the empty ones at its end.

    Raises:
        ValueError: If the file begins as UTF-16 does.
    """
    held_back = []
    for line in lines.read_lines(path):
        held_back.append(line)
        if line.data.strip(b"\r\n"):
            yield from held_back
            held_back.clear()


def line_end(line: lines.Line) -> str:
    """Returns what ends the line, which its text lacks."""
    ends = (end.decode() for end in _ENDS if line.data.endswith(end))
    return next(ends, "")
