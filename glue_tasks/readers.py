"""Reads a task's files, and names file and line of whatever is wrong.

The name tells the format: JSON Lines for `.json` and `.jsonl`, else TSV.
"""

import functools
import itertools
import os
import pathlib
from collections.abc import Callable, Iterator

from absl import logging

from glue_tasks import json_rows, tsv_rows
from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.lines import Line, read_lines
from glue_tasks.registry import task_key
from glue_tasks.row_examples import Cells, read_examples
from glue_tasks.split_format import SplitFormat, is_json_lines
from glue_tasks.task import Example, Task

_MAX_LISTED = 20


def read_split(
    task: Task,
    directory: str | os.PathLike,
    split: str,
    on_bad_row: BadRowHandler = refuse,
) -> list[Example]:
    """Reads one split of `task` from the files in `directory`.

    Args:
        task: What the columns and labels mean.
        directory: Folder with the task's files.
        split: One of the task's splits, such as `train`.
        on_bad_row: Takes the error of each row that cannot be read. Defaults
            to raising it.

    Returns:
        The rows, in the file's order; of a task with choices,
        `task.num_choices` for each of the file's.

    Raises:
        FileNotFoundError: If the folder or the file is missing.
        ValueError: If the file or a row of it cannot be read; names the file
            and, for a row, the line.
    """
    layout = task.split_format(split)
    path = _find(task, layout, directory)
    read_cells, lines = _open(path, layout)
    examples, num_short, num_bad = [], 0, 0
    for line in lines:
        try:
            cells = read_cells(line.text())
            if cells is None:
                num_short += 1
                continue
            found = read_examples(task, layout, cells)
        except ValueError as error:
            num_bad += 1
            on_bad_row(_at(path, line, error))
        else:
            examples += found
    if num_short:
        logging.info(
            "Left out %d rows of %s that lack columns, as some of %s's do",
            num_short,
            path,
            task.display_name,
        )
    if not examples:
        raise ValueError(_nothing_read(path, layout, num_bad, num_short))
    return examples


def check_directory(task: Task, directory: str | os.PathLike) -> pathlib.Path:
    """Returns `directory` as a path.

    Raises:
        FileNotFoundError: If there is no such folder.
    """
    directory = pathlib.Path(directory).expanduser()
    if not directory.is_dir():
        raise FileNotFoundError(
            f"{directory} is not a folder; expected one with "
            f"{', '.join(task.files)} of {task.display_name}"
        )
    return directory


def _find(
    task: Task, layout: SplitFormat, directory: str | os.PathLike
) -> pathlib.Path:
    directory = check_directory(task, directory)
    names = (layout.file, *layout.other_files)
    for name in names:
        if (directory / name).is_file():
            return directory / name
    message = (
        f"{task.display_name} needs {' or '.join(names)}, which is not in "
        f"{directory}."
    )
    entries = sorted(entry.name for entry in directory.iterdir())
    for entry in entries:
        # A task's folder may have a version after its name.
        is_tasks = task_key(entry).startswith(task.name)
        if is_tasks or entry == pathlib.Path(layout.file).stem:
            if any((directory / entry / name).is_file() for name in names):
                message += f" Did you mean {directory / entry}?"
    found = ", ".join(entries[:_MAX_LISTED]) or "nothing"
    if len(entries) > _MAX_LISTED:
        found += f" and {len(entries) - _MAX_LISTED} more"
    raise FileNotFoundError(f"{message} Found there: {found}")


def _open(
    path: pathlib.Path, layout: SplitFormat
) -> tuple[Callable[[str], Cells | None], Iterator[Line]]:
    """Returns what reads a line's cells, and the lines that hold rows."""
    rows = json_rows if is_json_lines(path) else tsv_rows
    lines = read_lines(path)
    first = next(lines, None)
    if first is None:
        raise ValueError(f"{path} is empty; expected {rows.expected(layout)}")
    with_first = itertools.chain([first], lines)
    if rows is json_rows:
        return functools.partial(json_rows.read_cells, layout), with_first
    if not layout.has_header:
        return tsv_rows.columns_by_place(layout).read_cells, with_first
    try:
        columns = tsv_rows.columns_by_name(layout, first.text())
    except ValueError as error:
        raise _at(path, first, error) from None
    return columns.read_cells, lines


def _at(path: pathlib.Path, line: Line, error: ValueError) -> ValueError:
    return ValueError(f"{path}, line {line.number}: {error}")


def _nothing_read(
    path: pathlib.Path, layout: SplitFormat, num_bad: int, num_short: int
) -> str:
    if num_bad:
        return f"{path} holds no row that can be read; {num_bad} cannot"
    if num_short:
        return (
            f"{path}: all {num_short} rows lack columns; expected as many as "
            "in the header, with tabs between them"
        )
    if layout.where:
        values = " and ".join(
            f"{value!r} in column {tsv_rows.column_name(column)}"
            for column, value in layout.where.items()
        )
        return f"{path} holds no rows with {values}"
    return f"{path} holds a header and no rows"
