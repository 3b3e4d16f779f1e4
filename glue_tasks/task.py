"""What a task on texts is: labels, files, columns, metrics."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from adapter_bert.names import did_you_mean
from glue_tasks.scores import check_score
from glue_tasks.split_format import SplitFormat

if TYPE_CHECKING:
    import numpy as np

# One class, a score, several classes, or an unlabeled row.
Label = str | float | tuple[str, ...] | None


@dataclasses.dataclass(frozen=True)
class Example:
    """One row of a task.

    Attributes:
        text_a: First text; may be empty.
        text_b: Second text. None: the task has single texts.
        label: One of the task's labels; a tuple of them if a row may have
            several; the score if the task is a regression. None: the row is
            unlabeled.
    """

    text_a: str
    text_b: str | None = None
    label: Label = None


@dataclasses.dataclass(frozen=True)
class TfdsFormat:
    """The same task in tensorflow-datasets.

    Attributes:
        name: Data set and config, such as `glue/mrpc`.
        text_a: Feature that holds the first text.
        text_b: Feature that holds the second text. None: single texts.
        labels: The data set's label names, in the order of `Task.labels`.
            None: it has scores.
        splits: From our names of the splits to the data set's.
        downloads: Names of the files that preparing it downloads, as in the
            package's list of checksums.
    """

    name: str
    text_a: str
    text_b: str | None
    labels: tuple[str, ...] | None
    splits: Mapping[str, str]
    downloads: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Task:
    """A task on texts, as data.

    Attributes:
        name: Lower-case name, as in `--task_name`.
        display_name: The name as its authors write it.
        labels: The labels in the order of their ids; `("score",)` for a
            regression; for choices, that of a wrong and that of a right one.
        splits: The files' layout by split: `train`, `dev`, `test`, and
            whatever begins with `dev_` or `test_`.
        metrics: Names in `adapter_bert.metrics.METRICS`, the main one first.
        tfds: Where tensorflow-datasets has the task. None: nowhere.
        problem_type: `single_label_classification`,
            `multi_label_classification` or `regression`.
        score_range: Least and greatest score of a regression. None: any.
        submission: From test splits to the leaderboard's names of files.
        trained_as: Name of the task whose adapters serve this one, which has
            no training rows. None: its own.
        default_checkpoint: Hub id of the encoder to use where none is named.
            None: the one for English.
    """

    name: str
    display_name: str
    labels: tuple[str, ...]
    splits: Mapping[str, SplitFormat]
    metrics: tuple[str, ...]
    tfds: TfdsFormat | None = None
    problem_type: str = "single_label_classification"
    score_range: tuple[float, float] | None = None
    submission: Mapping[str, str] = dataclasses.field(default_factory=dict)
    trained_as: str | None = None
    default_checkpoint: str | None = None

    @property
    def dev_splits(self) -> tuple[str, ...]:
        """Names of the splits to evaluate on, the main one first."""
        return tuple(name for name in self.splits if name.startswith("dev"))

    @property
    def test_splits(self) -> tuple[str, ...]:
        """Names of the splits to predict, the main one first."""
        return tuple(name for name in self.splits if name.startswith("test"))

    @property
    def num_choices(self) -> int | None:
        """Examples that a question makes, one a choice. None: no questions."""
        numbers = [len(layout.choices) for layout in self.splits.values()]
        return max(numbers, default=0) or None

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the splits' files, as messages list them."""
        return tuple(layout.file for layout in self.splits.values())

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

    def targets(self, examples: Iterable[Example]) -> "np.ndarray":
        """Returns what a model is to answer to the examples.

        Returns:
            Label ids, int32 of shape `[rows]`; for a regression the scores,
            float32 of shape `[rows]`; with several labels a row, float32 of
            shape `[rows, labels]`, 1 where the row has the label, else 0.

        Raises:
            ValueError: If an example is unlabeled, or its label foreign.
        """
        # Here, since `--help` reads the tasks and must not wait for NumPy.
        import numpy as np

        labels = [example.label for example in examples]
        if self.problem_type == "regression":
            return np.array([self._score(label) for label in labels], "float32")
        if self.problem_type == "single_label_classification":
            return np.array([self._id(label) for label in labels], "int32")
        rows = np.zeros((len(labels), len(self.labels)), "float32")
        for row, label in zip(rows, labels, strict=True):
            if not isinstance(label, tuple):
                raise self._foreign(label)
            row[[self._id(name) for name in label]] = 1
        return rows

    def _id(self, label: Label) -> int:
        if label not in self.labels:
            raise self._foreign(label)
        return self.labels.index(label)

    def _foreign(self, label: Label) -> ValueError:
        return ValueError(
            f"Labels of {self.display_name} must be among "
            f"{', '.join(self.labels)}. Received: label={label!r}"
        )

    def _score(self, label: Label) -> float:
        try:
            return check_score(label, self.score_range)
        except ValueError as error:
            raise ValueError(f"{self.display_name}: {error}") from None


@dataclasses.dataclass(frozen=True)
class TaskData:
    """A task's rows and where they are from.

    Attributes:
        task: What the rows mean.
        description: The source in a few words, for result files.
        warning: A sentence for the user if the data is not the task's own.
        split: Reads a split, such as `train`, each time it is called.
    """

    task: Task
    description: str
    warning: str | None
    split: Callable[[str], list[Example]]
