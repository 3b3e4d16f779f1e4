"""From rows of tables to texts and labels."""

import os
from collections.abc import Callable, Sequence
from typing import Any

from glue_tasks.bad_rows import BadRowHandler
from glue_tasks.quoting import shorten
from glue_tasks.tabular.formats import read_table
from glue_tasks.tabular.table import Row, Table, require_rows
from glue_tasks.task import Example, Label

_NOTHING = object()


def read_examples(
    path: str | os.PathLike,
    text_columns: Sequence[str],
    label_column: str | None,
    parse_label: Callable[[Any], Label],
    on_bad_row: BadRowHandler,
) -> list[Example]:
    """Reads texts and labels from a table.

    Args:
        path: The table.
        text_columns: Names of one or two columns.
        label_column: Name of another. None: the examples are unlabeled.
        parse_label: Takes a cell of it; raises ValueError if it is no label.
        on_bad_row: Takes the error of each row that cannot be read.

    Returns:
        The rows that can be read, in their order.
    """

    def read_row(row: Row) -> Example:
        texts = read_texts(row, text_columns)
        if label_column is None:
            return Example(*texts)
        cell = _cell(row, label_column)
        try:
            label = parse_label(cell)
        except ValueError as error:
            raise ValueError(
                f"{row.where}: column {label_column!r}: {error}"
            ) from None
        return Example(texts[0], texts[1] if len(texts) > 1 else None, label)

    wanted = [*text_columns, *([] if label_column is None else [label_column])]
    table = read_table(path, wanted, on_bad_row)
    return [example for _, example in read_rows(table, read_row, on_bad_row)]


def read_rows(
    table: Table, read_row: Callable[[Row], Any], on_bad_row: BadRowHandler
) -> list[tuple[Row, Any]]:
    """Returns the rows of `table` that can be read, with what they hold.

    Args:
        table: The table.
        read_row: Takes a row; raises ValueError if it cannot be read.
        on_bad_row: Takes that error.

    Raises:
        ValueError: If no row can be read.
    """
    read, bad = [], 0
    for row in table.rows:
        try:
            read.append((row, read_row(row)))
        except ValueError as error:
            bad += 1
            on_bad_row(error)
    require_rows(table.path, read, bad)
    return read


def read_texts(row: Row, columns: Sequence[str]) -> tuple[str, ...]:
    """Returns the texts in `columns` of `row`; they may be empty.

    Raises:
        ValueError: If one is missing or no text; names the file and the line.
    """
    return tuple(_text(row, column) for column in columns)


def _text(row, column):
    value = _cell(row, column)
    if not isinstance(value, str):
        received = "null" if value is None else shorten(repr(value))
        raise ValueError(
            f"{row.where}: column {column!r} must hold a text, if only an "
            f"empty one. Received: {received}"
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{row.where}: column {column!r} must hold whole letters. "
            f"Received: half of one, \\u{ord(value[error.start]):04x}"
        ) from None
    return value


def _cell(row, column):
    value = row.values.get(column, _NOTHING)
    if value is _NOTHING:
        raise ValueError(
            f"{row.where}: has no column {column!r}, which other rows have"
        )
    return value
