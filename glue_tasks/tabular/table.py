"""A table in memory: rows that know where in which file they stood."""

import dataclasses
import difflib
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from glue_tasks.quoting import quote


@dataclasses.dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        where: File and line, for messages.
        values: Cells by column, at least those that were asked for.
        source: What the row is written back from; its format's own affair.
    """

    where: str
    values: Mapping[str, Any]
    source: Any


@dataclasses.dataclass(frozen=True)
class Table:
    """The rows of a file that could be read.

    Attributes:
        path: The file.
        columns: Names of all its columns, in their order.
        rows: The rows, in their order; there is at least one.
        source: What the rows do not hold; its format's own affair.
    """

    path: pathlib.Path
    columns: tuple[str, ...]
    rows: Sequence[Row]
    source: Any = None


def require_columns(
    where: str, wanted: Sequence[str], found: Sequence[str]
) -> None:
    """Checks the names of a file's columns.

    Args:
        where: The file, and the line if there is a header.
        wanted: Columns that must be there.
        found: Columns that are there.

    Raises:
        ValueError: If a column is missing, or there twice.
    """
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise ValueError(
            f"{where}: the names of the columns must differ. "
            f"There more than once: {quote(twice)}"
        )
    if missing := [name for name in wanted if name not in found]:
        plural = "s" if len(wanted) > 1 else ""
        hints = ", ".join(_with_nearest(name, found) for name in missing)
        raise ValueError(
            f"{where}: must have the column{plural} {quote(wanted)}. "
            f"Missing: {hints}. Found: {quote(found)}. (--text_a_column, "
            "--text_b_column and --label_column say what they are called.)"
        )


def require_rows(path: pathlib.Path, rows: Sequence[Any], bad: int) -> None:
    """Raises ValueError if a file has no rows, or none but `bad` ones."""
    if not rows:
        what = f"none but {bad} bad" if bad else "no"
        raise ValueError(f"{path} holds {what} rows")


def _with_nearest(name, found):
    by_lower_case = {column.lower(): column for column in found}
    near = difflib.get_close_matches(name.lower(), by_lower_case, 1, 0.5)
    hint = f" (did you mean {by_lower_case[near[0]]!r}?)" if near else ""
    return repr(name) + hint
