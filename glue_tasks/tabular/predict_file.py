"""Rows to predict, and the same rows back with their predictions."""

import dataclasses
import os
import pathlib
from collections.abc import Sequence

from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.quoting import quote
from glue_tasks.tabular.examples import read_rows, read_texts
from glue_tasks.tabular.formats import find_format, read_table
from glue_tasks.tabular.table import Table
from glue_tasks.task import Label

_PREDICTION = "prediction"
_PROBABILITY = "probability_"


@dataclasses.dataclass(frozen=True)
class PredictFile:
    """A table of rows to predict.

    Attributes:
        table: The rows with all their columns.
        texts: The text, or the pair of texts, of each row.
    """

    table: Table
    texts: Sequence[str | tuple[str, str]]

    def check_columns(
        self, labels: Sequence[str], label_separator: str | None = None
    ) -> None:
        """Checks that predictions can be written beside the file's columns.

        Args:
            labels: Labels to give a probability column each; none for a
                regression.
            label_separator: What is put between several labels of a row where
                a cell cannot be a list. None: a row has one label.

        Raises:
            ValueError: If the file has such a column already, or its format
                cannot hold a label.
        """
        path, layout = self.table.path, find_format(self.table.path)
        columns = _columns(labels)
        if taken := [name for name in columns if name in self.table.columns]:
            raise ValueError(
                f"{path} must not have columns that the predictions would "
                f"get: {quote(taken)}. Rename or drop them."
            )
        forbidden = layout.forbidden
        if label_separator is not None and not layout.holds_lists:
            forbidden = [*forbidden, label_separator]
        bad = [label for label in labels if any(s in label for s in forbidden)]
        if bad:
            raise ValueError(
                f"{path}: a {path.suffix} file cannot hold the label(s) "
                f"{quote(bad)}. Give the rows as JSON Lines."
            )

    def write(
        self,
        directory: str | os.PathLike,
        predictions: Sequence[Label],
        probabilities: Sequence[Sequence[float]] | None = None,
        labels: Sequence[str] = (),
        label_separator: str = ",",
    ) -> pathlib.Path:
        """Writes the rows with their predictions, in the format they came in.

        Args:
            directory: Folder of the new file; made if absent.
            predictions: A label, a score or a tuple of labels for each row.
            probabilities: Shape `[rows, labels]`. None: there are none.
            labels: What its columns stand for.
            label_separator: What to put between several labels of a row where
                a cell cannot be a list.

        Returns:
            The path of `<stem>.predictions<suffix>`.
        """
        several = any(isinstance(value, tuple) for value in predictions)
        self.check_columns(labels, label_separator if several else None)
        path = self.table.path
        layout = find_format(path)
        columns = {
            _PREDICTION: [
                _to_cell(value, layout.holds_lists, label_separator)
                for value in predictions
            ]
        }
        rows = () if probabilities is None else probabilities
        for i, label in enumerate(labels):
            columns[_PROBABILITY + label] = [float(row[i]) for row in rows]
        _check_lengths(columns, len(self.table.rows))
        target = (
            pathlib.Path(directory) / f"{path.stem}.predictions{path.suffix}"
        )
        layout.write(target, self.table, columns)
        return target


def read_predict_file(
    path: str | os.PathLike,
    text_a_column: str,
    text_b_column: str | None = None,
    on_bad_row: BadRowHandler = refuse,
) -> PredictFile:
    """Reads rows to predict, in any format of tables.

    Args:
        path: The file.
        text_a_column: Name of the column with the first text.
        text_b_column: Name of the column with the second text. None: single
            texts.
        on_bad_row: Takes the error of each row that cannot be read; it will
            have no prediction. Defaults to raising it.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file cannot be read or lacks a column.
    """
    path = pathlib.Path(path).expanduser()
    single = text_b_column is None
    columns = (text_a_column,) if single else (text_a_column, text_b_column)
    table = read_table(path, columns, on_bad_row)
    read = read_rows(table, lambda row: read_texts(row, columns), on_bad_row)
    return PredictFile(
        dataclasses.replace(table, rows=[row for row, _ in read]),
        [texts[0] if single else texts for _, texts in read],
    )


def _columns(labels):
    return [_PREDICTION, *(_PROBABILITY + label for label in labels)]


def _to_cell(value, holds_lists, separator):
    if isinstance(value, tuple):
        return list(value) if holds_lists else separator.join(value)
    return value if isinstance(value, str) else float(value)


def _check_lengths(columns, num_rows):
    for name, values in columns.items():
        if len(values) != num_rows:
            raise ValueError(
                f"There must be a {name} for each of the {num_rows} rows. "
                f"Received: {len(values)}"
            )
