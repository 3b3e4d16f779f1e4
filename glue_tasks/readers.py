r"""Reads a task's TSV files, and names file and line of whatever is wrong.

The GLUE files are UTF-8, with tabs between columns. Quotes are letters like
any other. Lines end with `\n` or `\r\n` only: U+2028, U+0085 and form feeds
do occur inside texts.
"""

import itertools
import os
import pathlib
from collections.abc import Iterable, Iterator, Mapping

from glue_tasks.task import Column, Example, SplitFormat, Task

_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_MAX_LISTED = 20
_MAX_SHOWN = 40


def read_split(
    task: Task, directory: str | os.PathLike, split: str
) -> list[Example]:
    """Reads one split of `task` from the TSV files in `directory`.

    Args:
        task: What the columns and labels mean.
        directory: Folder with the task's files.
        split: `train`, `dev` or `test`.

    Returns:
        The rows, in the file's order.

    Raises:
        FileNotFoundError: If the folder or the file is missing.
        ValueError: If a row cannot be read; names the file and the line.
    """
    layout = task.split_format(split)
    path = _find(task, layout.file, directory)
    lines = _lines(path)
    first = next(lines, None)
    if first is None:
        raise ValueError(f"{path} is empty; expected {_expected(layout)}")
    if layout.has_header:
        places = _find_columns(*first, layout)
        width = len(first[1])
    else:
        places = {column: column for column in layout.columns}
        width = max(places) + 1
        lines = itertools.chain([first], lines)
    examples = [
        _example(task, layout, where, _checked(where, cells, width), places)
        for where, cells in lines
    ]
    if not examples:
        raise ValueError(f"{path} holds a header and no rows")
    return examples


def check_directory(task: Task, directory: str | os.PathLike) -> pathlib.Path:
    """Returns `directory` as a path.

    Raises:
        FileNotFoundError: If there is no such folder.
    """
    directory = pathlib.Path(directory).expanduser()
    if not directory.is_dir():
        files = ", ".join(layout.file for layout in task.splits.values())
        raise FileNotFoundError(
            f"{directory} is not a folder; expected one with {files} of "
            f"{task.display_name}"
        )
    return directory


def _find(task: Task, file: str, directory: str | os.PathLike) -> pathlib.Path:
    directory = check_directory(task, directory)
    path = directory / file
    if path.is_file():
        return path
    message = f"{task.display_name} needs {file}, which is not in {directory}."
    if (directory / task.display_name / file).is_file():
        message += f" Did you mean {directory / task.display_name}?"
    names = sorted(entry.name for entry in directory.iterdir())
    found = ", ".join(names[:_MAX_LISTED]) or "nothing"
    if len(names) > _MAX_LISTED:
        found += f" and {len(names) - _MAX_LISTED} more"
    raise FileNotFoundError(f"{message} Found there: {found}")


def _lines(path: pathlib.Path) -> Iterator[tuple[str, list[str]]]:
    """Yields where each line is, for messages, and its cells."""
    start = 0
    with path.open("rb") as file:
        # A binary file's lines end at `\n` alone.
        for number, line in enumerate(file, start=1):
            where = f"{path}, line {number}"
            text = _decode(where, line, start)
            if not text.strip():
                raise ValueError(
                    f"{where}: is blank; expected tab-separated columns"
                )
            yield where, text.split("\t")
            start += len(line)


def _decode(where: str, line: bytes, start: int) -> str:
    if start == 0 and line.startswith(_UTF16_BOMS):
        raise ValueError(f"{where}: must be UTF-8; the file is UTF-16")
    if b"\0" in line:
        raise ValueError(
            f"{where}: must be UTF-8 text, but holds a NUL byte; is the file "
            "UTF-16, or compressed?"
        )
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{where}: must be UTF-8. Received: byte "
            f"0x{line[error.start]:02x} at position {start + error.start} "
            "of the file"
        ) from None
    if start == 0:
        text = text.removeprefix("\ufeff")
    return text.removesuffix("\n").removesuffix("\r")


def _find_columns(
    where: str, header: list[str], layout: SplitFormat
) -> dict[Column, int]:
    missing = [name for name in layout.columns if name not in header]
    if missing:
        raise ValueError(
            f"{where}: must be a header with {_expected(layout)}. "
            f"Missing: {_quoted(missing)}. Found: {_quoted(header)}"
        )
    return {name: header.index(name) for name in layout.columns}


def _checked(where: str, cells: list[str], width: int) -> list[str]:
    if len(cells) != width:
        raise ValueError(
            f"{where}: must have {width} tab-separated columns. "
            f"Received: {len(cells)}"
        )
    return cells


def _example(
    task: Task,
    layout: SplitFormat,
    where: str,
    cells: list[str],
    places: Mapping[Column, int],
) -> Example:
    first, second, label = (
        None if column is None else cells[places[column]]
        for column in (layout.text_a, layout.text_b, layout.label)
    )
    if label is not None and label not in task.labels:
        raise ValueError(
            f"{where}: unknown label {_shorten(label)!r} in "
            f"column {_column(layout.label)}. Known: {', '.join(task.labels)}"
        )
    return Example(first, second, label)


def _expected(layout: SplitFormat) -> str:
    plural = "s" if len(layout.columns) > 1 else ""
    return f"the column{plural} {', '.join(map(_column, layout.columns))}"


def _column(column: Column) -> str:
    """Names the column as people do: by its header, or counted from 1."""
    return repr(column) if isinstance(column, str) else str(column + 1)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(_shorten(name)) for name in names)


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."
