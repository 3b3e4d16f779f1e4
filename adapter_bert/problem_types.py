"""What a head's outputs mean: one label, any number of labels, or a score.

Shapes: N rows, C labels. Targets, and predictions as metrics take them, are
`[N]` label ids for a single label, `[N, C]` of 0 and 1 for any number of
labels, `[N]` scores in regression.
"""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from adapter_bert import losses

DEFAULT = "single_label_classification"
# From this probability on a label is predicted, unless it has its own.
DEFAULT_THRESHOLD = 0.5


@dataclasses.dataclass(frozen=True)
class ProblemType:
    """How targets, logits, losses and predictions belong together.

    Attributes:
        target_dtype: NumPy's name of the targets' type.
        loss: Takes targets and logits `[N, C]`, returns a loss for each
            target.
        probabilities: Takes float32 logits `[N, C]`, returns `[N, C]`. None:
            the logits are scores, not evidence for labels.
        decide: Takes probabilities (scores in regression) `[N, C]` and a
            threshold for each label, returns predictions.
        metric: Name of the score that is usual for it.
    """

    target_dtype: str
    loss: Callable
    probabilities: Callable[[np.ndarray], np.ndarray] | None
    decide: Callable[[np.ndarray, Sequence[float]], np.ndarray]
    metric: str

    def predictions(
        self, logits: np.ndarray, thresholds: Sequence[float]
    ) -> np.ndarray:
        """Returns predictions from float32 logits `[N, C]`.

        Args:
            logits: The model's outputs.
            thresholds: Least probability at which each of several labels is
                predicted; without effect on the other types.
        """
        if self.probabilities is not None:
            logits = self.probabilities(logits)
        return self.decide(logits, thresholds)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Returns the probabilities of labels of which one is true."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Returns the probabilities of labels that are true independently."""
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1.0, small) / (1.0 + small)


def _likeliest(probabilities, thresholds):
    return probabilities.argmax(axis=-1)


def _likely(probabilities, thresholds):
    # Both in float32, in which artifacts and files hold probabilities.
    return (probabilities >= np.float32(thresholds)).astype("float32")


def _only(scores, thresholds):
    return scores[:, 0]


PROBLEM_TYPES = {
    "single_label_classification": ProblemType(
        target_dtype="int32",
        loss=losses.cross_entropy,
        probabilities=softmax,
        decide=_likeliest,
        metric="accuracy",
    ),
    "multi_label_classification": ProblemType(
        target_dtype="float32",
        loss=losses.binary_cross_entropy,
        probabilities=sigmoid,
        decide=_likely,
        metric="f1_micro",
    ),
    "regression": ProblemType(
        target_dtype="float32",
        loss=losses.squared_error,
        probabilities=None,
        decide=_only,
        metric="spearman",
    ),
}
