"""JSON Lines: one object a line."""

import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from adapter_bert.files import replacing
from glue_tasks.bad_rows import BadRowHandler
from glue_tasks.json_objects import parse_object
from glue_tasks.tabular.table import Row, Table, require_columns, require_rows
from glue_tasks.tabular.text_lines import read_lines


def read(
    path: pathlib.Path, wanted: Sequence[str], on_bad_row: BadRowHandler
) -> Table:
    """Reads a table whose columns are the keys of its objects."""
    rows, bad = [], 0
    for line in read_lines(path):
        where = f"{path}, line {line.number}"
        try:
            rows.append(Row(where, parse_object(line.text()), None))
        except ValueError as error:
            bad += 1
            on_bad_row(ValueError(f"{where}: {error}"))
    if not rows and not bad:
        raise ValueError(f"{path} is empty; expected one JSON object a line")
    require_rows(path, rows, bad)
    columns = tuple({key: None for row in rows for key in row.values})
    require_columns(str(path), wanted, columns)
    return Table(path, columns, rows)


def write(
    path: pathlib.Path, table: Table, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Writes `table` to `path` with more columns."""
    added = zip(*columns.values(), strict=True)
    with (
        replacing(path) as temporary,
        # Half of a surrogate pair goes out as the `\ud...` it came in as.
        open(
            temporary,
            "w",
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
        ) as file,
    ):
        for row, values in zip(table.rows, added, strict=True):
            cells = {**row.values, **dict(zip(columns, values, strict=True))}
            file.write(json.dumps(cells, ensure_ascii=False) + "\n")
