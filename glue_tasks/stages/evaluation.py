"""Evaluation of a model on a task's dev sets."""

from collections.abc import Mapping, Sequence

import keras
import numpy as np
from absl import logging

from adapter_bert.checkpoints import native
from adapter_bert.choices import grouped_accuracy
from adapter_bert.evaluation import predict_logits, score
from adapter_bert.problem_types import PROBLEM_TYPES
from adapter_bert.reports import confusion
from adapter_bert.reports.history import (
    FILE_NAME,
    TrainingHistory,
    read_history,
)
from adapter_bert.reports.results import write_eval_results
from glue_tasks.stages.reporting import RunInfo
from glue_tasks.stages.splits import LabeledRows
from glue_tasks.task import Task


def evaluate(
    model: keras.Model,
    dev_sets: Sequence[LabeledRows],
    batch_size: int,
    step: int,
    info: RunInfo,
) -> dict[str, float]:
    """Writes and returns the scores on the dev sets, by the original's names.

    Args:
        model: Trained classifier.
        dev_sets: The task's dev sets, the main one first.
        batch_size: Examples per call.
        step: Updates that the model was trained for.
        info: The run.
    """
    scores, outputs = {}, []
    for dev in dev_sets:
        found, logits = _score(model, info.task, dev, batch_size)
        scores |= found
        outputs.append(logits)
    scores["global_step"] = step
    write_eval_results(info.directory, scores, info.to_dict())
    if native.is_artifact(info.directory):
        _record_scores(info.directory, step, scores)
        evaluation = {"data": info.data, "warnings": list(info.warnings)}
        evaluation["scores"] = scores
        native.add_details(info.directory, {"evaluation": evaluation})
    if not info.task.num_choices:
        # Of the choices most are wrong: all the same is no bad sign.
        for dev, logits in zip(dev_sets, outputs, strict=True):
            _warn_of_monotony(model, dev, logits)
            _write_confusions(model, dev, logits, info.directory)
    return scores


def score_all(
    model: keras.Model,
    task: Task,
    dev_sets: Sequence[LabeledRows],
    batch_size: int,
) -> dict[str, float]:
    """Returns and logs the scores on every dev set.

    Those of `dev` are called `eval_<metric>`, those of `dev_mismatched`
    `eval_mismatched_<metric>`.
    """
    scores = {}
    for dev in dev_sets:
        scores |= _score(model, task, dev, batch_size)[0]
    return scores


def _score(model, task, dev, batch_size):
    """Returns the scores on one dev set, named and logged, and the logits."""
    logits = predict_logits(model, dev.rows, batch_size, "Evaluating")
    found = score(model, logits, dev.targets, task.metrics, batch_size)
    if task.num_choices:
        found["eval_accuracy"] = grouped_accuracy(
            dev.targets, logits[:, 1] - logits[:, 0], task.num_choices
        )
    logging.info(
        "Evaluation on %d examples of %s: %s",
        len(dev),
        dev.split,
        ", ".join(f"{k} {v:.4f}" for k, v in found.items() if k != "loss"),
    )
    return _named(dev.split, found), logits


def _named(split: str, scores: Mapping[str, float]) -> dict[str, float]:
    kind = split.removeprefix("dev").removeprefix("_")
    if not kind:
        return dict(scores)
    # The original's `loss` is of one dev set; here it would hide `eval_loss`.
    return {
        f"eval_{kind}_{name.removeprefix('eval_')}": value
        for name, value in scores.items()
        if name.startswith("eval_")
    }


def _write_confusions(model, dev, logits, directory):
    if model.problem_type != "single_label_classification":
        return
    kind = dev.split.removeprefix("dev")
    values = (dev.targets, logits.argmax(axis=-1), model.labels)
    confusion.write_confusion_table(directory / f"confusion{kind}.csv", *values)
    confusion.draw_confusion_matrix(directory / f"confusion{kind}.png", *values)


def _warn_of_monotony(model, dev, logits):
    problem = PROBLEM_TYPES[model.problem_type]
    predictions = problem.predictions(logits, model.thresholds)
    if len(dev) < 2 or (predictions != predictions[0]).any():
        return
    if model.problem_type == "regression":
        said = f"{predictions[0]:.4g}"
    elif predictions.ndim == 1:
        said = repr(model.labels[predictions[0]])
    else:
        names = np.array(model.labels)[predictions[0] == 1].tolist()
        said = ", ".join(names) or "no label at all"
    logging.warning(
        "Every prediction is %s: the model has learned nothing that tells "
        "rows apart. Train longer or with another learning rate.",
        said,
    )


def _record_scores(directory, step, scores):
    """Adds an evaluation to the course of training, once for each step."""
    path = directory / FILE_NAME
    if not step or not path.is_file():
        return
    recorded = read_history(path)
    if any(earlier["step"] == step for earlier in recorded.scores):
        return
    # A later update's record would be dropped: these weights are not the last.
    if any(point["step"] > step for point in recorded.points[-1:]):
        return
    with TrainingHistory(directory, start_step=step) as history:
        history.add_scores(step, scores)
