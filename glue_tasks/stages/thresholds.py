"""The thresholds of several labels at once, as a user asks for them."""

import pathlib
from collections.abc import Mapping, Sequence

import keras
from absl import logging

from adapter_bert.checkpoints import native
from adapter_bert.evaluation import predict_logits
from adapter_bert.problem_types import sigmoid
from adapter_bert.thresholds import best_thresholds
from glue_tasks.stages.splits import LabeledRows
from glue_tasks.tabular.config import BEST


def set_thresholds(
    model: keras.Model,
    asked: str | float | Mapping[str, float],
    dev_sets: Sequence[LabeledRows],
    batch_size: int,
) -> None:
    """Sets from which probability on `model` predicts each label.

    Args:
        model: Classifier of several labels at once.
        asked: What `checks.check_thresholds` accepts.
        dev_sets: The task's dev sets; the best thresholds are the first one's.
        batch_size: Examples per call.
    """
    if asked == BEST:
        model.thresholds = _find_best(model, dev_sets, batch_size)
    elif isinstance(asked, Mapping):
        model.thresholds = _by_name(model, asked)
    else:
        model.thresholds = (asked,) * model.num_labels
    named = zip(model.labels, model.thresholds, strict=True)
    logging.info(
        "Thresholds: %s",
        ", ".join(f"{label} {threshold:.3f}" for label, threshold in named),
    )


def keep_thresholds(model: keras.Model, directory: pathlib.Path) -> None:
    """Writes the thresholds of `model` into the adapter in `directory`."""
    if native.is_artifact(directory):
        thresholds = {"thresholds": list(model.thresholds)}
        native.add_details(directory, thresholds)


def _find_best(model, dev_sets, batch_size):
    dev = dev_sets[0]
    logits = predict_logits(model, dev.rows, batch_size, "Thresholds")
    return best_thresholds(dev.targets, sigmoid(logits))


def _by_name(model, asked):
    named = zip(model.labels, model.thresholds, strict=True)
    return tuple(asked.get(label, threshold) for label, threshold in named)
