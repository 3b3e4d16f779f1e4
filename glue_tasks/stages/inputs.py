"""The rows that a run works on, read before anything slow begins."""

import dataclasses
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from absl import logging

from glue_tasks import registry, source
from glue_tasks.bad_rows import BadRowHandler, CountedRows
from glue_tasks.fungi.config import NAME as FUNGI
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.predict_file import (
    read_predict_file as read_fungi_to_predict,
)
from glue_tasks.fungi.source import load_data as load_fungi
from glue_tasks.fungi.source import make_task as make_fungi_task
from glue_tasks.split_format import SplitFormat
from glue_tasks.tabular.config import NAME as TABULAR
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.files import check_table
from glue_tasks.tabular.predict_file import PredictFile, read_predict_file
from glue_tasks.tabular.source import load_data as load_tabular
from glue_tasks.task import Example, Task, TaskData


@dataclasses.dataclass(frozen=True)
class Inputs:
    """What a run works on.

    Attributes:
        task: What the rows mean.
        description: Where they are from, for result files.
        warning: A sentence for the user if they are not the task's own.
        splits: Rows by split.
        left_out: Number of rows that could not be read, by split.
        predict_file: Rows to predict instead of the test sets, if any.
    """

    task: Task
    description: str
    warning: str | None
    splits: Mapping[str, Sequence[Example]]
    left_out: Mapping[str, int]
    predict_file: PredictFile | None

    def named(self, kind: str) -> dict[str, Sequence[Example]]:
        """Returns the splits of a kind, `dev` or `test`, in their order."""
        return {k: v for k, v in self.splits.items() if k.startswith(kind)}


def read_inputs(
    task_name: str,
    settings: Mapping[str, Any],
    needed: Sequence[str],
    trained: Mapping[str, Any] | None,
    on_bad_row: BadRowHandler,
) -> Inputs:
    """Reads all that the stages of a run will need.

    Args:
        task_name: Name in the registry, or `tabular`.
        settings: `data_dir`, `predict_file` and `tabular`, the fields of
            `TabularConfig`; of another task, those of its columns that are
            named.
        needed: Those of `train`, `dev` and `test` that the stages need.
        trained: What an adapter's `adapter.json` says. None: it is trained in
            this run.
        on_bad_row: Takes the error of each row that cannot be read.

    Raises:
        FileNotFoundError: If a file or folder is missing.
        ValueError: If something cannot be read.
    """
    path = settings["predict_file"] if "test" in needed else None
    if path is not None:
        needed = [kind for kind in needed if kind != "test"]
    counted = CountedRows(on_bad_row)
    if needed or task_name == TABULAR:
        data = _open_data(task_name, settings, needed, trained, counted.add)
    else:
        data = TaskData(_find_task(task_name, settings), path, None, dict)
    predict_file = path and _read_predict_file(
        path, data.task, settings, on_bad_row
    )
    splits, left_out = _read_splits(data, needed, counted)
    description = data.description if needed else path
    warning = data.warning if needed else None
    return Inputs(
        data.task, description, warning, splits, left_out, predict_file
    )


def _open_data(task_name, settings, needed, trained, on_bad_row) -> TaskData:
    data_dir = settings["data_dir"]
    if task_name == TABULAR:
        config = TabularConfig(**settings["tabular"])
        if trained is not None:
            config = _with_files_of(config, needed)
        folder = data_dir if needed else None
        return load_tabular(config, folder, trained, on_bad_row)
    if task_name == FUNGI:
        config = FungiConfig(**settings["fungi"])
        return load_fungi(config, data_dir, settings["dataset"], on_bad_row)
    task = registry.get_task(task_name)
    _refuse_without_training_rows(task, needed)
    return source.load_data(task, data_dir, on_bad_row)


def _find_task(task_name, settings) -> Task:
    if task_name == FUNGI:
        return make_fungi_task(FungiConfig(**settings["fungi"]))
    return registry.get_task(task_name)


def _refuse_without_training_rows(task: Task, needed: Sequence[str]) -> None:
    if task.trained_as and set(needed) - {"test"}:
        trainer = registry.TASKS[task.trained_as].display_name
        raise ValueError(
            f"{task.display_name} has only rows to predict, with an adapter "
            f"of {trainer}: --task_name={task.display_name} --do_predict "
            "--adapter_dir=DIRECTORY"
        )


def _with_files_of(
    config: TabularConfig, needed: Sequence[str]
) -> TabularConfig:
    """Drops the files of an adapter's training that a run has no use for."""
    used = {f"{kind}_file" for kind in needed}
    if "dev" in needed and config.dev_file is None:
        used.add("train_file")  # The dev set is a share of it.
    names = {"train_file", "dev_file", "test_file"}
    return dataclasses.replace(config, **dict.fromkeys(names - used))


def _read_splits(
    data: TaskData, wanted: Sequence[str], counted: CountedRows
) -> tuple[dict[str, list[Example]], dict[str, int]]:
    task = data.task
    names = {
        "train": ("train",),
        "dev": task.dev_splits or ("dev",),
        "test": task.test_splits or ("test",),
    }
    chosen = [name for kind in wanted for name in names[kind]]
    examples, left_out = {}, {}
    for name in chosen:
        before = counted.count
        examples[name] = data.split(name)
        left_out[name] = counted.count - before
    if empty := [name for name, rows in examples.items() if not rows]:
        raise ValueError(
            f"{data.description}: no row of {', '.join(empty)} can be read."
        )
    if examples:
        counts = [f"{len(rows)} {name}" for name, rows in examples.items()]
        logging.info(
            "Data: %s: %s examples.", data.description, ", ".join(counts)
        )
    return examples, left_out


def _read_predict_file(
    path: str,
    task: Task,
    settings: Mapping[str, Any],
    on_bad_row: BadRowHandler,
) -> PredictFile:
    if task.num_choices:
        raise ValueError(
            f"--predict_file takes rows of one or two texts, but "
            f"{task.display_name} has {task.num_choices} choices a row. Use "
            "--do_predict with --data_dir."
        )
    check_table("predict_file", pathlib.Path(path).expanduser())
    columns = settings["tabular"]
    if task.name == FUNGI:
        config = FungiConfig(**settings["fungi"])
        rows = read_fungi_to_predict(path, config, on_bad_row)
    else:
        names = _text_columns(task, columns)
        rows = read_predict_file(path, *names, on_bad_row)
    single = task.problem_type != "multi_label_classification"
    rows.check_columns(
        () if task.problem_type == "regression" else task.labels,
        None if single else columns.get("label_separator", ","),
    )
    logging.info("Data to predict: %d rows of %s.", len(rows.texts), path)
    return rows


def _text_columns(task, columns):
    """Returns those that are named, else those of the task's own test set."""
    layouts = [task.splits[s] for s in (*task.test_splits, *task.dev_splits)]
    with_header = (layout for layout in layouts if layout.has_header)
    layout = next(with_header, SplitFormat("", "text"))
    return (
        columns.get("text_a_column", layout.text_a),
        columns.get("text_b_column", layout.text_b),
    )
