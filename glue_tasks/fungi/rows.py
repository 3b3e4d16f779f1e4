"""The rows of the fungi data set's CSV file."""

import dataclasses
import pathlib
from collections.abc import Sequence

from glue_tasks.bad_rows import BadRowHandler
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.labels import parse_label
from glue_tasks.quoting import quote
from glue_tasks.tabular.records import Record, csv_records, large_cells
from glue_tasks.tabular.table import require_rows
from glue_tasks.task import Example

RECORD_COLUMN = "R3ID"
_REPLACED = "\ufffd"  # stands in a row for bytes that are not UTF-8


@dataclasses.dataclass(frozen=True)
class Rows:
    """What a file holds, in its order.

    Attributes:
        path: The file.
        examples: Texts and labels; rows that occur twice are here twice.
        records: The record that each row belongs to. Empty: not read.
    """

    path: pathlib.Path
    examples: Sequence[Example]
    records: Sequence[str]


def read_rows(
    path: pathlib.Path, config: FungiConfig, on_bad_row: BadRowHandler
) -> Rows:
    """Reads texts, labels and, if rows are split by them, records.

    Only the columns that `config` asks for must be there.

    Args:
        path: The CSV file, UTF-8 with a header.
        config: What is read.
        on_bad_row: Takes the error of each row that cannot be read.

    Raises:
        ValueError: If a column is missing, a quote is never closed, or no row
            can be read; names the file and, where there is one, the line.
    """
    by_record = config.split == "by_record"
    wanted = [*config.text_columns, config.target]
    wanted += [RECORD_COLUMN] if by_record else []
    examples, records, num_bad = [], [], 0
    with large_cells():
        lines = csv_records(path)
        places, width = _find_columns(path, next(lines, None), wanted)
        for line in lines:
            try:
                _check(line, width)
                example = _read_example(line.cells, places, config)
                record = _read_record(line.cells, places) if by_record else None
            except ValueError as error:
                num_bad += 1
                on_bad_row(ValueError(f"{path}, line {line.line}: {error}"))
                continue
            examples.append(example)
            if by_record:
                records.append(record)
    require_rows(path, examples, num_bad)
    return Rows(path, examples, records)


def _find_columns(
    path: pathlib.Path, header: Record | None, wanted: Sequence[str]
) -> tuple[dict[str, int], int]:
    """Returns the place of each wanted column, and how many there are."""
    expected = f"a header with the columns {quote(wanted)}"
    if header is None:
        raise ValueError(f"{path} is empty; expected {expected}, and rows")
    where, found = f"{path}, line 1", header.cells
    if header.problem is not None:
        raise ValueError(f"{where}: {_explain(header)}")
    if missing := [name for name in wanted if name not in found]:
        raise ValueError(
            f"{where}: must be {expected}. Missing: {quote(missing)}. "
            f"Found: {quote(found)}"
        )
    if twice := [name for name in wanted if found.count(name) > 1]:
        raise ValueError(
            f"{where}: must name each column once. "
            f"There more than once: {quote(twice)}"
        )
    return {name: found.index(name) for name in wanted}, len(found)


def _check(line: Record, width: int) -> None:
    if line.problem is not None:
        raise ValueError(_explain(line))
    if not line.text:
        raise ValueError("is blank; expected comma-separated columns")
    if len(line.cells) != width:
        raise ValueError(
            f"must have {width} comma-separated columns, as the "
            f"header. Received: {len(line.cells)}"
        )


def _explain(line: Record) -> str:
    if _REPLACED not in line.text:
        return line.problem
    return (
        f"{line.problem}. If the file is Shift_JIS, make UTF-8 of it first: "
        "iconv -f CP932 -t UTF-8"
    )


def _read_example(cells, places, config) -> Example:
    for name in config.text_columns:
        if not cells[places[name]].strip():
            raise ValueError(
                f"column {name!r} must hold a text. Received: none"
            )
    texts = config.texts([cells[places[name]] for name in config.text_columns])
    label = parse_label(config.target, cells[places[config.target]])
    return Example(texts[0], texts[1] if len(texts) > 1 else None, label)


def _read_record(cells, places) -> str:
    record = cells[places[RECORD_COLUMN]]
    if not record:
        raise ValueError(
            f"column {RECORD_COLUMN!r} must hold the record that the row "
            "belongs to, since rows are split by it. Received: none"
        )
    return record
