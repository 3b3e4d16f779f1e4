"""What a text-classification task is: labels, files, columns, metrics."""

import dataclasses
from collections.abc import Iterable, Mapping

from adapter_bert.names import did_you_mean

# A column is addressed by its name in the header or by its place from 0.
Column = int | str


@dataclasses.dataclass(frozen=True)
class Example:
    """One row of a task.

    Attributes:
        text_a: First text; may be empty.
        text_b: Second text. None: the task has single texts.
        label: One of the task's labels. None: the row is unlabeled.
    """

    text_a: str
    text_b: str | None = None
    label: str | None = None


@dataclasses.dataclass(frozen=True)
class SplitFormat:
    """The layout of one split's TSV file.

    The columns tell whether there is a header: columns given by name are
    found in the first line, columns given by place need a file without one.

    Attributes:
        file: Name of the file in the task's folder.
        text_a: Column of the first text.
        text_b: Column of the second text. None: single texts.
        label: Column of the label. None: the split is unlabeled.

    Raises:
        ValueError: If names and places are mixed.
    """

    file: str
    text_a: Column
    text_b: Column | None = None
    label: Column | None = None

    def __post_init__(self):
        """Rejects columns given partly by name and partly by place."""
        if len({type(column) for column in self.columns}) > 1:
            raise ValueError(
                "Columns must be all names or all places. "
                f"Received: columns={self.columns}"
            )

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a row must have."""
        every = (self.text_a, self.text_b, self.label)
        return tuple(column for column in every if column is not None)

    @property
    def has_header(self) -> bool:
        """Whether the first line names the columns."""
        return isinstance(self.text_a, str)


@dataclasses.dataclass(frozen=True)
class TfdsFormat:
    """The same task in tensorflow-datasets.

    Attributes:
        name: Data set and config, such as `glue/mrpc`.
        text_a: Feature that holds the first text.
        text_b: Feature that holds the second text. None: single texts.
        labels: The data set's label names, in the order of `Task.labels`.
        splits: From our names of the splits to the data set's.
        downloads: Names of the files that preparing it downloads, as in the
            package's list of checksums.
    """

    name: str
    text_a: str
    text_b: str | None
    labels: tuple[str, ...]
    splits: Mapping[str, str]
    downloads: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Task:
    """A text-classification task, as data.

    Attributes:
        name: Lower-case name, as in `--task_name`.
        display_name: The name as its authors write it.
        labels: The labels in the order of their ids.
        splits: The files' layout by split: `train`, `dev`, `test`.
        metrics: Names in `adapter_bert.metrics.METRICS`, the main one first.
        tfds: Where tensorflow-datasets has the task. None: nowhere.
    """

    name: str
    display_name: str
    labels: tuple[str, ...]
    splits: Mapping[str, SplitFormat]
    metrics: tuple[str, ...]
    tfds: TfdsFormat | None = None

    def split_format(self, split: str) -> SplitFormat:
        """Returns the layout of `split`.

        Raises:
            ValueError: If the task has no such split.
        """
        if split not in self.splits:
            raise ValueError(
                f"{self.display_name} has no split {split!r}; "
                f"{did_you_mean(split, self.splits)}"
            )
        return self.splits[split]

    def label_ids(self, examples: Iterable[Example]) -> list[int]:
        """Returns the examples' label ids.

        Raises:
            ValueError: If an example is unlabeled or has a foreign label.
        """
        ids = {label: number for number, label in enumerate(self.labels)}
        try:
            return [ids[example.label] for example in examples]
        except KeyError as error:
            raise ValueError(
                f"Labels of {self.display_name} must be among "
                f"{', '.join(self.labels)}. Received: label={error}"
            ) from None
