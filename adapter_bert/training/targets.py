"""Labels as people give them, turned into what a model is to say."""

from collections.abc import Iterable, Sequence

import keras
import numpy as np

from adapter_bert.problem_types import PROBLEM_TYPES


def make_targets(
    model: keras.Model, labels: Sequence[str | int | float | Sequence[str]]
) -> np.ndarray:
    """Returns labels, by name or number, as what `model` is to say.

    Args:
        model: Classifier; its problem type says of what kind labels are.
        labels: One for each text.

    Returns:
        int32 or float32 array, `[texts]`, of several labels at once `[texts,
        num_labels]`.

    Raises:
        ValueError: If a label is unknown or of the wrong kind; names it.
    """
    if model.problem_type == "regression":
        targets = [_score(i, label) for i, label in enumerate(labels)]
    elif model.problem_type == "multi_label_classification":
        targets = [_indicators(model, i, row) for i, row in enumerate(labels)]
    else:
        targets = [_label_id(model, i, label) for i, label in enumerate(labels)]
    return np.array(targets, PROBLEM_TYPES[model.problem_type].target_dtype)


def _label_id(model, index, label):
    names = model.labels
    if isinstance(label, str) and label in names:
        return names.index(label)
    if isinstance(label, int | np.integer) and 0 <= label < len(names):
        return int(label)
    raise ValueError(
        f"`labels` must hold names in {list(names)} or numbers below "
        f"{len(names)}. Received: labels[{index}]={label!r}"
    )


def _indicators(model, index, labels):
    if isinstance(labels, str) or not isinstance(labels, Iterable):
        raise ValueError(
            "`labels` must hold a list of labels for each text, since this "
            f"model gives any number of them. Received: labels[{index}]="
            f"{labels!r}"
        )
    ids = {_label_id(model, index, label) for label in labels}
    return [float(i in ids) for i in range(len(model.labels))]


def _score(index, score):
    if isinstance(score, int | float | np.number) and np.isfinite(score):
        return float(score)
    raise ValueError(
        "`labels` must hold finite numbers in regression. "
        f"Received: labels[{index}]={score!r}"
    )
