"""Rows to predict, in the fungi data set's columns."""

import dataclasses
import os
import pathlib

from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.tabular.examples import read_rows, read_texts
from glue_tasks.tabular.formats import read_table
from glue_tasks.tabular.predict_file import PredictFile


def read_predict_file(
    path: str | os.PathLike,
    config: FungiConfig,
    on_bad_row: BadRowHandler = refuse,
) -> PredictFile:
    """Reads rows to predict, in any format of tables.

    Args:
        path: The file; of the data set's columns it needs those of the texts.
        config: Says which those are.
        on_bad_row: Takes the error of each row that cannot be read; it will
            have no prediction. Defaults to raising it.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file cannot be read or lacks a column.
    """
    path = pathlib.Path(path).expanduser()
    columns = config.text_columns
    table = read_table(path, columns, on_bad_row)
    read = read_rows(table, lambda row: read_texts(row, columns), on_bad_row)
    texts = [config.texts(cells) for _, cells in read]
    return PredictFile(
        dataclasses.replace(table, rows=[row for row, _ in read]),
        [text if len(text) > 1 else text[0] for text in texts],
    )
