"""Rows of CSV and TSV files, cut into cells.

CSV is that of RFC 4180: cells with commas, quotes or line ends are quoted,
and quotes in them doubled. In TSV quotes are letters like any other, as in
GLUE's files.
"""

import contextlib
import csv
import dataclasses
import pathlib
from collections.abc import Iterator, Sequence

from glue_tasks.lines import Line
from glue_tasks.tabular.text_lines import line_end, read_lines

# The most that a C long holds everywhere; Python's own limit is 131072.
_MAX_CELL = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class Record:
    """A row as it stands in the file: one line or, quoted, several.

    Attributes:
        line: Number of its first line, from 1.
        text: The row, without its line end.
        end: That line end.
        cells: Its cells.
        problem: Why it cannot be read. None: it can.
    """

    line: int
    text: str
    end: str
    cells: Sequence[str]
    problem: str | None


def tsv_records(path: pathlib.Path) -> Iterator[Record]:
    """Yields the rows of a TSV file, the header first."""
    for line in read_lines(path):
        text, problem = _decode(line)
        cells = text.split("\t")
        yield Record(line.number, text, line_end(line), cells, problem)


def csv_records(path: pathlib.Path) -> Iterator[Record]:
    """Yields the rows of a CSV file, the header first.

    Raises:
        ValueError: If a quote is never closed.
    """
    taken, texts, problems = [], [], []

    def next_lines():
        for line in read_lines(path):
            text, problem = _decode(line)
            taken.append(line)
            texts.append(text + line_end(line))
            problems.extend([problem] if problem else [])
            yield texts[-1]

    reader = csv.reader(next_lines(), strict=True)
    while True:
        for collected in (taken, texts, problems):
            collected.clear()
        cells = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(_explain(path, taken, error))
        end = line_end(taken[-1])
        text = "".join(texts).removesuffix(end)
        problem = problems[0] if problems else None
        yield Record(taken[0].number, text, end, cells, problem)


@contextlib.contextmanager
def large_cells() -> Iterator[None]:
    """Lifts Python's limit on the length of CSV cells within the block."""
    limit = csv.field_size_limit(_MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _decode(line: Line) -> tuple[str, str | None]:
    try:
        return line.text(), None
    except ValueError as error:
        return line.data.decode("utf-8", errors="replace"), str(error)


def _explain(path: pathlib.Path, lines: Sequence[Line], error: csv.Error):
    """Returns what is wrong with a row, or raises if the row has no end."""
    rule = (
        "A cell with quotes or line ends must be quoted, and its quotes doubled"
    )
    what = str(error)
    if "unexpected end of data" in what:
        # The reader took all the lines that are left for this row's.
        raise ValueError(
            f"{path}, line {lines[0].number}: opens a quote that is never "
            f"closed. {rule}"
        ) from None
    if "new-line character" in what:
        what = "a carriage return outside quotes"
    return f"is not CSV (line {lines[-1].number}: {what}). {rule}"
