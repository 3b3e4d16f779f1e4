"""The user's own data as a task, made when the training rows are known."""

import functools
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from absl import logging

from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.split_format import SplitFormat
from glue_tasks.tabular.config import NAME, TabularConfig
from glue_tasks.tabular.files import find_files, name_data
from glue_tasks.tabular.labels import (
    SCORE,
    count_labels,
    describe_labels,
    look_like_scores,
    order_labels,
)
from glue_tasks.tabular.splits import Splits
from glue_tasks.task import Example, Task, TaskData

_METRICS = {
    "class": ("accuracy", "f1_macro", "matthews"),
    "score": ("spearman", "pearson"),
    "multi": ("f1_micro", "f1_macro", "accuracy"),
}


def load_data(
    config: TabularConfig,
    data_dir: str | os.PathLike | None = None,
    trained: Mapping[str, Any] | None = None,
    on_bad_row: BadRowHandler = refuse,
) -> TaskData:
    """Finds the files and what the labels are.

    Args:
        config: Names columns and files.
        data_dir: Folder to look for those files in that `config` does not
            name. None: there are no others.
        trained: What an adapter's `adapter.json` says. Its `labels` are the
            labels then, and no training file is needed. None: the training
            file says what the labels are; it is read at once.
        on_bad_row: Takes the error of each row that cannot be read. Defaults
            to raising it.

    Returns:
        The rows; each file is read once. Without a dev file, `train` and
        `dev` share the training file's.

    Raises:
        FileNotFoundError: If a file or the folder is missing.
        ValueError: If a file cannot be read, or the labels make no task.
    """
    files = find_files(config, data_dir)
    rows = Splits(config, files, data_dir, on_bad_row)
    if trained is None:
        rows.labels = _infer_labels(config, rows.path("train"), rows.training)
    else:
        _check_problem_type(config, trained)
        rows.labels = tuple(trained["labels"])
    name = (trained or {}).get("display_name") or name_data(files) or NAME
    task = Task(
        name=NAME,
        display_name=name,
        labels=rows.labels,
        splits=_splits(config, files),
        metrics=_METRICS[config.label_type],
        problem_type=config.problem_type,
    )
    sources = dict.fromkeys(str(path) for path in files.values())
    description = f"{name} ({', '.join(sources) or 'no files'})"
    return TaskData(task, description, None, functools.cache(rows.split))


def _infer_labels(
    config: TabularConfig, path: pathlib.Path, rows: Sequence[Example]
) -> tuple[str, ...]:
    if config.label_type == "score":
        scores = [row.label for row in rows]
        logging.info(
            "Scores of %s: %d, from %g to %g.",
            path,
            len(scores),
            min(scores),
            max(scores),
        )
        return SCORE
    counts = count_labels(row.label for row in rows)
    labels = order_labels(counts)
    described = describe_labels(labels, counts)
    if len(labels) < 2:
        raise ValueError(
            f"{path}: column {config.label_column!r} must hold 2 different "
            f"labels or more. Received: {described or 'none'}"
        )
    logging.info("Labels of %s: %s.", path, described)
    if look_like_scores(labels):
        logging.warning(
            "All %d labels are numbers. If they are scores, not classes, say "
            "--label_type=score.",
            len(labels),
        )
    return labels


def _check_problem_type(config, trained):
    problem_type = trained.get("problem_type", config.problem_type)
    if problem_type != config.problem_type:
        raise ValueError(
            "--label_type must be that of the training, which was "
            f"{problem_type}. Received: --label_type={config.label_type}"
        )


def _splits(config, files):
    paths = dict(files)
    if "train" in files:
        paths.setdefault("dev", files["train"])
    return {
        split: SplitFormat(
            file=paths[split].name,
            text_a=config.text_a_column,
            text_b=config.text_b_column,
            label=None if split == "test" else config.label_column,
        )
        for split in ("train", "dev", "test")
        if split in paths
    }
