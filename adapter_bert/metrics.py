"""Scores of predictions, by the names that tasks use.

Every metric takes the true label ids `[rows]` and the logits `[rows, labels]`
and returns a float. scikit-learn is imported when a score is computed: it
costs half a second of start-up.
"""

import numpy as np


def accuracy(label_ids: np.ndarray, logits: np.ndarray) -> float:
    """Returns the share of rows whose largest logit is the true label's."""
    from sklearn.metrics import accuracy_score

    return float(accuracy_score(label_ids, _predict(label_ids, logits)))


def f1(label_ids: np.ndarray, logits: np.ndarray) -> float:
    """Returns the F1 score of label id 1, as GLUE does; 0 if undefined."""
    from sklearn.metrics import f1_score

    true = np.asarray(label_ids) == 1
    predicted = _predict(label_ids, logits) == 1
    return float(f1_score(true, predicted, zero_division=0.0))


METRICS = {"accuracy": accuracy, "f1": f1}


def _predict(label_ids: np.ndarray, logits: np.ndarray) -> np.ndarray:
    label_ids, logits = np.asarray(label_ids), np.asarray(logits)
    if logits.ndim != 2 or label_ids.shape != logits.shape[:1]:
        raise ValueError(
            "`label_ids` must be [rows] and `logits` [rows, labels]. "
            f"Received: shapes {label_ids.shape} and {logits.shape}"
        )
    if not len(logits):
        raise ValueError("There must be rows to score. Received: none")
    if np.isnan(logits).any():
        raise ValueError("`logits` must be numbers. Received: NaN")
    return logits.argmax(axis=1)
