"""The formats of tables. A file's suffix alone tells which one it has."""

import dataclasses
import os
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapter_bert.names import did_you_mean
from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.tabular import delimited, json_lines, parquet
from glue_tasks.tabular.table import Table


@dataclasses.dataclass(frozen=True)
class Format:
    """How tables of a format are read and written.

    Attributes:
        read: Takes the path, the columns that must be there, and what becomes
            of a bad row.
        write: Takes the path, the table and the columns to add: strings,
            floats and, where the format holds them, lists.
        holds_lists: Whether a cell may be a list.
        forbidden: Letters that no cell may hold.
    """

    read: Callable[[pathlib.Path, Sequence[str], BadRowHandler], Table]
    write: Callable[[pathlib.Path, Table, Mapping[str, Sequence[Any]]], None]
    holds_lists: bool
    forbidden: str = ""


_JSON_LINES = Format(json_lines.read, json_lines.write, holds_lists=True)

FORMATS = {
    ".tsv": Format(
        delimited.read_tsv,
        delimited.write_tsv,
        holds_lists=False,
        forbidden="\t\n\r",
    ),
    ".csv": Format(delimited.read_csv, delimited.write_csv, holds_lists=False),
    ".jsonl": _JSON_LINES,
    ".json": _JSON_LINES,
    ".parquet": Format(parquet.read, parquet.write, holds_lists=True),
}


def find_format(path: str | os.PathLike) -> Format:
    """Returns the format that the suffix of `path` names.

    Raises:
        ValueError: If no format has the suffix.
    """
    suffix = pathlib.Path(path).suffix.lower()
    if suffix not in FORMATS:
        raise ValueError(
            f"{path}: the suffix of a table must name its format. "
            f"Received: {suffix!r}; {did_you_mean(suffix, FORMATS)}"
        )
    return FORMATS[suffix]


def read_table(
    path: str | os.PathLike,
    wanted: Sequence[str],
    on_bad_row: BadRowHandler = refuse,
) -> Table:
    """Reads a table.

    Args:
        path: The file.
        wanted: Names of columns that it must have.
        on_bad_row: Takes the error of each malformed row. Defaults to raising
            it.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file cannot be read as its suffix says, lacks a
            column, or holds no rows.
    """
    path = pathlib.Path(path)
    layout = find_format(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not a file; expected a table with rows of texts"
        )
    return layout.read(path, wanted, on_bad_row)
