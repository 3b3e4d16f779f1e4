"""CSV and TSV files. Rows go back as they came, with cells added."""

import codecs
import csv
import dataclasses
import io
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapter_bert.files import replacing
from glue_tasks.bad_rows import BadRowHandler
from glue_tasks.tabular.records import (
    csv_records,
    large_cells,
    tsv_records,
)
from glue_tasks.tabular.table import Row, Table, require_columns, require_rows


@dataclasses.dataclass(frozen=True)
class _Header:
    text: str
    line_end: str


def read_csv(
    path: pathlib.Path, wanted: Sequence[str], on_bad_row: BadRowHandler
) -> Table:
    """Reads a table with commas between its cells."""
    with large_cells():
        return _read(path, csv_records(path), "comma", wanted, on_bad_row)


def read_tsv(
    path: pathlib.Path, wanted: Sequence[str], on_bad_row: BadRowHandler
) -> Table:
    """Reads a table with tabs between its cells."""
    return _read(path, tsv_records(path), "tab", wanted, on_bad_row)


def write_csv(
    path: pathlib.Path, table: Table, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Writes `table` to `path` with more columns, as CSV."""
    _write(path, table, columns, _join_csv)


def write_tsv(
    path: pathlib.Path, table: Table, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Writes `table` to `path` with more columns, as TSV."""
    _write(path, table, columns, "\t".join)


def _read(path, records, separator, wanted, on_bad_row):
    header = next(records, None)
    if header is None:
        raise ValueError(
            f"{path} is empty; expected the names of its columns, and rows"
        )
    if header.problem is not None:
        raise ValueError(f"{path}, line 1: {header.problem}")
    columns, rows, bad = header.cells, [], 0
    require_columns(f"{path}, line 1", wanted, columns)
    for record in records:
        where = f"{path}, line {record.line}"
        problem = record.problem or _find_problem(record, columns, separator)
        if problem is None:
            values = dict(zip(columns, record.cells, strict=True))
            rows.append(Row(where, values, record.text))
        else:
            bad += 1
            on_bad_row(ValueError(f"{where}: {problem}"))
    require_rows(path, rows, bad)
    text = _byte_order_mark(path) + header.text
    return Table(path, tuple(columns), rows, _Header(text, header.end))


def _find_problem(record, columns, separator):
    if not record.text:
        return f"is blank; expected {separator}-separated columns"
    if len(record.cells) != len(columns):
        return (
            f"must have {len(columns)} {separator}-separated columns, as the "
            f"header. Received: {len(record.cells)}"
        )
    return None


def _byte_order_mark(path):
    with path.open("rb") as file:
        mark = file.read(len(codecs.BOM_UTF8))
    return "\ufeff" if mark == codecs.BOM_UTF8 else ""


def _write(path, table, columns, join: Callable[[Sequence[str]], str]):
    header = table.source
    texts = [header.text, *(row.source for row in table.rows)]
    added = [tuple(columns), *zip(*columns.values(), strict=True)]
    with (
        replacing(path) as temporary,
        open(temporary, "w", encoding="utf-8", newline="") as file,
    ):
        for text, values in zip(texts, added, strict=True):
            # The empty cell brings the separator.
            cells = join(["", *map(_cell, values)])
            file.write(text + cells + header.line_end)


def _cell(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _join_csv(cells):
    text = io.StringIO()
    # Cells with a letter of the line end are quoted, so there must be one.
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n")
