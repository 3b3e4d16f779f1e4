"""Rows of TSV files: tabs are between columns, quotes are mere letters."""

import dataclasses
from collections.abc import Mapping

from glue_tasks.quoting import quote
from glue_tasks.split_format import Column, SplitFormat


@dataclasses.dataclass(frozen=True)
class TsvColumns:
    """Where a file has the columns of a layout.

    Attributes:
        layout: What the columns mean.
        places: The place of each column, from 0.
        width: Number of columns that each row must have.
    """

    layout: SplitFormat
    places: Mapping[Column, int]
    width: int

    def read_cells(self, text: str) -> dict[Column, str] | None:
        """Returns what a line has in the layout's columns.

        Returns:
            None if it lacks columns, and the layout is known for such lines.

        Raises:
            ValueError: If it is blank or has another number of columns.
        """
        cells = text.split("\t")
        if self.layout.skips_short_rows and len(cells) < self.width:
            return None
        if not any(map(str.strip, cells)):
            raise ValueError("is blank; expected tab-separated columns")
        if len(cells) != self.width:
            raise ValueError(
                f"must have {self.width} tab-separated columns. "
                f"Received: {len(cells)}"
            )
        return {column: cells[place] for column, place in self.places.items()}


def columns_by_place(layout: SplitFormat) -> TsvColumns:
    """Returns the columns of a file without a header."""
    places = {column: column for column in layout.columns}
    return TsvColumns(layout, places, max(places) + 1)


def columns_by_name(layout: SplitFormat, first_line: str) -> TsvColumns:
    """Returns where the first line of a file says that its columns are.

    Raises:
        ValueError: If one is missing.
    """
    header = first_line.split("\t")
    missing = [name for name in layout.columns if name not in header]
    if missing:
        raise ValueError(
            f"must be a header with {expected(layout)}. "
            f"Missing: {quote(missing)}. Found: {quote(header)}"
        )
    places = {name: header.index(name) for name in layout.columns}
    return TsvColumns(layout, places, len(header))


def expected(layout: SplitFormat) -> str:
    """Says which columns the file must have."""
    plural = "s" if len(layout.columns) > 1 else ""
    return f"the column{plural} {', '.join(map(column_name, layout.columns))}"


def column_name(column: Column) -> str:
    """Names the column as people do: by its header, or counted from 1."""
    return repr(column) if isinstance(column, str) else str(column + 1)
