"""How much each label of the training set counts in the loss."""

from collections.abc import Mapping, Sequence

import numpy as np

from adapter_bert.names import did_you_mean
from adapter_bert.training.config import BALANCED


def target_weights(
    targets: np.ndarray,
    labels: Sequence[str],
    class_weights: str | Mapping[str, float] | None,
) -> np.ndarray | None:
    """Returns a factor for the loss of each target; their mean is 1.

    The mean keeps the size of the gradients, and so what clipping does to
    them, as it is without weights.

    Args:
        targets: Label ids `[examples]`, or 0/1 `[examples, labels]`, where
            the factor of a 1 is the label's and that of a 0 is 1.
        labels: The labels' names in the order of their ids.
        class_weights: Factor by label, 1 for those not named; `balanced`,
            which gives every label the same total weight (of several labels
            at once, to the 0 and the 1 of each); or None.

    Returns:
        float32 array of the targets' shape, or None for None.

    Raises:
        ValueError: If the targets are scores, or a label is unknown.
    """
    if class_weights is None:
        return None
    targets = np.asarray(targets)
    if targets.ndim == 1 and targets.dtype.kind == "f":
        raise ValueError(
            "Class weights are for labels; the targets here are scores. "
            f"Received: class_weights={class_weights!r}"
        )
    if class_weights == BALANCED:
        weights = _balanced(targets)
    else:
        weights = _by_name(targets, labels, class_weights)
    return (weights / weights.mean()).astype("float32")


def _balanced(targets):
    if targets.ndim == 1:
        counts = np.bincount(targets)
        return 1.0 / counts[targets]
    ones = targets.sum(axis=0)  # [labels]
    counts = np.where(targets == 1, ones, len(targets) - ones)
    return 1.0 / counts


def _by_name(targets, labels, class_weights):
    for name in class_weights:
        if name not in labels:
            raise ValueError(
                f"Class weights: unknown label {name!r}; "
                f"{did_you_mean(name, labels)}"
            )
    factors = np.array([class_weights.get(name, 1.0) for name in labels])
    if targets.ndim == 1:
        return factors[targets]
    return np.where(targets == 1, factors, 1.0)
