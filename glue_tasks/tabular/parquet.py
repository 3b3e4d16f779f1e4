"""Parquet files."""

import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from adapter_bert.files import replacing
from glue_tasks.bad_rows import BadRowHandler
from glue_tasks.tabular.table import Row, Table, require_columns, require_rows


def read(
    path: pathlib.Path, wanted: Sequence[str], on_bad_row: BadRowHandler
) -> Table:
    """Reads a table; `on_bad_row` has no use, since all rows have all cells."""
    arrow, parquet = _import()
    try:
        # `read_table` would take parts of the path for columns.
        with parquet.ParquetFile(path) as file:
            content = file.read()
    except (arrow.ArrowException, OSError) as error:
        raise ValueError(f"{path} is not a whole Parquet file: {error}") from (
            error
        )
    require_columns(str(path), wanted, content.column_names)
    # The rest need not have a form in Python.
    columns = [content.column(name).to_pylist() for name in wanted]
    rows = [
        Row(f"{path}, row {i + 1}", dict(zip(wanted, cells, strict=True)), i)
        for i, cells in enumerate(zip(*columns, strict=True))
    ]
    require_rows(path, rows, bad=0)
    return Table(path, tuple(content.column_names), rows, content)


def write(
    path: pathlib.Path, table: Table, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Writes `table` to `path` with more columns."""
    arrow, parquet = _import()
    content = table.source
    if len(table.rows) < content.num_rows:
        content = content.take([row.source for row in table.rows])
    types = {float: arrow.float64(), str: arrow.string()}
    for name, values in columns.items():
        kind = types.get(type(values[0]), arrow.list_(arrow.string()))
        content = content.append_column(name, arrow.array(values, kind))
    with replacing(path) as temporary:
        parquet.write_table(content, temporary)


def _import():
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ImportError(
            f"Parquet files take pyarrow: pip install pyarrow ({error})"
        ) from error
    return pyarrow, pyarrow.parquet
