"""Where a split's rows are in a file: its name, its columns."""

import dataclasses
import pathlib
from collections.abc import Mapping

# A column is addressed by its name, in the header of a TSV file or as a key of
# JSON objects, or by its place from 0.
Column = int | str


@dataclasses.dataclass(frozen=True)
class SplitFormat:
    """The layout of one split's file, TSV or JSON Lines.

    In JSON Lines, files named `.json` or `.jsonl`, the columns are keys. In
    TSV they tell whether there is a header: columns given by name are found
    in the first line, columns given by place need a file without one.

    Attributes:
        file: Name of the file in the task's folder.
        text_a: Column of the first text.
        text_b: Column of the second text. None: single texts.
        label: Column of the label. None: the split is unlabeled.
        where: From columns to the value that a row must have there to be
            among the split's. Other rows are passed over.
        label_aliases: From spellings in the file to the task's labels.
        skips_short_rows: Whether the published file is known to hold rows
            that lack columns, which are then left out and counted.
        other_files: Names that the file has in other copies of the data.
        choices: Columns of the possible answers to the question in `text_a`.
            A row is then read as one example for each, its second text, and
            the label is the place of the right one, from 0.

    Raises:
        ValueError: If names and places are mixed, or second texts given twice.
    """

    file: str
    text_a: Column
    text_b: Column | None = None
    label: Column | None = None
    where: Mapping[Column, str] = dataclasses.field(default_factory=dict)
    label_aliases: Mapping[str, str] = dataclasses.field(default_factory=dict)
    skips_short_rows: bool = False
    other_files: tuple[str, ...] = ()
    choices: tuple[Column, ...] = ()

    def __post_init__(self):
        """Rejects columns that do not go together."""
        if len({type(column) for column in self.columns}) > 1:
            raise ValueError(
                "Columns must be all names or all places. "
                f"Received: columns={self.columns}"
            )
        if self.choices and self.text_b is not None:
            raise ValueError(
                "`text_b` must be None where there are choices. "
                f"Received: text_b={self.text_b!r}, choices={self.choices}"
            )

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a row must have."""
        texts = (self.text_a, self.text_b, *self.choices)
        every = (*texts, self.label, *self.where)
        return tuple(column for column in every if column is not None)

    @property
    def has_header(self) -> bool:
        """Whether columns are named, in TSV by the first line."""
        return isinstance(self.text_a, str)


def is_json_lines(path: pathlib.Path) -> bool:
    """Returns whether the file's name is one of JSON Lines."""
    return path.suffix.lower() in (".json", ".jsonl")
