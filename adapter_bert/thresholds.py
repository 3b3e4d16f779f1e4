"""From which probability on each of several labels is predicted."""

import numpy as np

from adapter_bert.problem_types import DEFAULT_THRESHOLD


def best_thresholds(
    targets: np.ndarray, probabilities: np.ndarray
) -> tuple[float, ...]:
    """Returns the threshold of each label with the best F1 score.

    A threshold lies halfway between two probabilities that occur, so that it
    does not hang on a single row; of equal scores the one nearest to 0.5
    counts. A label that no row has keeps 0.5.

    Args:
        targets: 0/1 array of shape `[rows, labels]`.
        probabilities: Array of the same shape.
    """
    columns = zip(np.asarray(targets).T, probabilities.T, strict=True)
    return tuple(_best(target, column) for target, column in columns)


def _best(target, probability):
    if not target.any():
        return DEFAULT_THRESHOLD
    order = np.argsort(-probability, kind="stable")
    falling = probability[order].astype("float32")  # [rows]
    true_positives = np.cumsum(target[order])
    predicted = np.arange(1, len(order) + 1)
    scores = 2 * true_positives / (predicted + target.sum())
    # Rows of equal probability are predicted together.
    scores[:-1][falling[:-1] == falling[1:]] = -1.0
    following = np.append(falling[1:], np.float32(0))
    middles = (falling + following) / 2
    # Two float32 numbers next to each other have no middle.
    middles = np.where(middles > following, middles, falling)
    candidates = np.flatnonzero(scores == scores.max())
    nearest = np.abs(middles[candidates] - DEFAULT_THRESHOLD).argmin()
    return float(middles[candidates[nearest]])
