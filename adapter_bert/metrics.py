"""Scores of predictions, by the names that tasks use.

Every metric takes the targets and the predictions, two arrays of one shape,
and returns a float: label ids `[rows]`, scores of a regression `[rows]`, or
the 0/1 of several labels at once `[rows, labels]`. scikit-learn and SciPy are
imported when a score is computed: they cost a second of start-up.
"""

import warnings
from collections.abc import Callable

import numpy as np


def accuracy(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns the share of rows predicted right, with every label of a row."""
    targets, predictions = _label_arrays(targets, predictions)
    right = (targets == predictions).reshape(len(targets), -1).all(axis=1)
    return float(right.mean())


def f1(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns the F1 score of label id 1, as GLUE does; 0 if undefined."""
    targets, predictions = _label_arrays(targets, predictions)
    _check_single(targets)
    return _binary_f1(targets == 1, predictions == 1)


def f1_macro(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns the mean of the labels' F1 scores, 0 for an undefined one.

    Of label ids, those count that occur in the targets or the predictions;
    of several labels at once, all do.
    """
    targets, predictions = _label_arrays(targets, predictions)
    if targets.ndim == 1:
        labels = np.union1d(targets, predictions)
        targets, predictions = (
            array[:, None] == labels for array in (targets, predictions)
        )
    scores = map(_binary_f1, targets.T, predictions.T)
    return float(np.mean(list(scores)))


def f1_micro(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns the F1 score of all labels' decisions pooled; 0 if undefined.

    Of label ids, this is the accuracy.
    """
    targets, predictions = _label_arrays(targets, predictions)
    if targets.ndim == 1:
        return accuracy(targets, predictions)
    return _binary_f1(targets.ravel(), predictions.ravel())


def matthews(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns Matthews' correlation of label ids; 0 if either is constant."""
    from sklearn.metrics import matthews_corrcoef

    targets, predictions = _label_arrays(targets, predictions)
    _check_single(targets)
    if len(np.union1d(targets, predictions)) == 1:
        return 0.0  # As scikit-learn does, which warns of it as well.
    return float(matthews_corrcoef(targets, predictions))


def pearson(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns Pearson's correlation of scores; NaN if either is constant."""
    from scipy.stats import pearsonr

    return _correlation(pearsonr, targets, predictions)


def spearman(targets: np.ndarray, predictions: np.ndarray) -> float:
    """Returns Spearman's rank correlation; NaN if either is constant."""
    from scipy.stats import spearmanr

    return _correlation(spearmanr, targets, predictions)


METRICS = {
    "accuracy": accuracy,
    "f1": f1,
    "f1_macro": f1_macro,
    "f1_micro": f1_micro,
    "matthews": matthews,
    "pearson": pearson,
    "spearman": spearman,
}


def _binary_f1(targets: np.ndarray, predictions: np.ndarray) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(targets, predictions, zero_division=0.0))


def _correlation(
    correlate: Callable, targets: np.ndarray, predictions: np.ndarray
) -> float:
    targets, predictions = _checked(targets, predictions)
    _check_single(targets)
    if len(targets) < 2:
        return float("nan")
    with warnings.catch_warnings():
        # NaN says enough of constant scores; rounding, of nearly constant ones.
        warnings.simplefilter("ignore")
        result = correlate(targets.astype(float), predictions.astype(float))
    return float(result.statistic)


def _label_arrays(
    targets: np.ndarray, predictions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    targets, predictions = _checked(targets, predictions)
    for name, array in (("targets", targets), ("predictions", predictions)):
        if array.ndim == 2 and not np.isin(array, (0, 1)).all():
            raise ValueError(
                f"`{name}` of shape [rows, labels] must be 0 or 1. Received: "
                f"{name} from {array.min()} to {array.max()}"
            )
        broken = array[array != np.rint(array)]
        if broken.size:
            raise ValueError(
                f"`{name}` must be whole numbers, label ids. Received: "
                f"{name} with {broken[0]}"
            )
    return targets, predictions


def _checked(
    targets: np.ndarray, predictions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    targets, predictions = np.asarray(targets), np.asarray(predictions)
    if targets.shape != predictions.shape or targets.ndim not in (1, 2):
        raise ValueError(
            "`targets` and `predictions` must be of one shape, [rows] or "
            "[rows, labels]. Received: shapes "
            f"{targets.shape} and {predictions.shape}"
        )
    if not targets.size:
        raise ValueError("There must be rows to score. Received: none")
    for name, array in (("targets", targets), ("predictions", predictions)):
        if array.dtype.kind not in "biuf":
            raise ValueError(
                f"`{name}` must be numbers. Received: {name} of type "
                f"{array.dtype}"
            )
        bad = array[~np.isfinite(array)]
        if bad.size:
            raise ValueError(
                f"`{name}` must be finite numbers. Received: {name} with "
                f"{bad[0]} in {bad.size} of {array.size} places"
            )
    return targets, predictions


def _check_single(targets: np.ndarray) -> None:
    if targets.ndim != 1:
        raise ValueError(
            "`targets` and `predictions` must be of shape [rows] for this "
            "metric; several labels at once take `f1_macro`, `f1_micro` or "
            f"`accuracy`. Received: shape {targets.shape}"
        )
