"""The examples that a row of a task's files makes."""

from collections.abc import Mapping

from glue_tasks.quoting import shorten
from glue_tasks.scores import read_score
from glue_tasks.split_format import Column, SplitFormat
from glue_tasks.task import Example, Label, Task
from glue_tasks.tsv_rows import column_name

Cells = Mapping[Column, str | int | float]


def read_examples(
    task: Task, layout: SplitFormat, cells: Cells
) -> list[Example]:
    """Returns the row's example, or one for each choice if there are choices.

    Args:
        task: What the labels mean.
        layout: What the columns mean.
        cells: What the row has in the layout's columns.

    Returns:
        The examples; none if the row belongs to another split.

    Raises:
        ValueError: If the label is none of the task's.
    """
    for column, value in layout.where.items():
        if cells[column] != value:
            return []
    text_a = cells[layout.text_a]
    if layout.choices:
        labels = _choice_labels(task, layout, cells)
        return [
            Example(text_a, cells[column], label)
            for column, label in zip(layout.choices, labels, strict=True)
        ]
    text_b = None if layout.text_b is None else cells[layout.text_b]
    label = None
    if layout.label is not None:
        label = _read_label(task, layout, cells[layout.label])
    return [Example(text_a, text_b, label)]


def _read_label(
    task: Task, layout: SplitFormat, cell: str | int | float
) -> Label:
    if task.problem_type == "regression":
        try:
            return read_score(cell, task.score_range)
        except ValueError as error:
            raise ValueError(
                f"column {column_name(layout.label)}: {error}"
            ) from None
    cell = str(cell)
    label = layout.label_aliases.get(cell, cell)
    _require_known(cell, label, layout, task.labels)
    return label


def _choice_labels(
    task: Task, layout: SplitFormat, cells: Cells
) -> list[str | None]:
    places = [str(place) for place in range(len(layout.choices))]
    if layout.label is None:
        return [None] * len(places)
    right = str(cells[layout.label])
    _require_known(right, right, layout, places)
    wrong_label, right_label = task.labels
    return [right_label if place == right else wrong_label for place in places]


def _require_known(
    cell: str, label: str, layout: SplitFormat, known: list[str] | tuple
) -> None:
    if label not in known:
        raise ValueError(
            f"unknown label {shorten(cell)!r} in column "
            f"{column_name(layout.label)}. Known: {', '.join(known)}"
        )
