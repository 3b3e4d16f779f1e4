import math

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sklearn_metrics

from adapter_bert.metrics import METRICS

LABEL_IDS = {
    "two labels": lambda rng: rng.integers(0, 2, (2, 60)),
    "unbalanced": lambda rng: (rng.random((2, 60)) < 0.1).astype(int),
    "three labels": lambda rng: rng.integers(0, 3, (2, 60)),
    "labels never true": lambda rng: np.stack(
        [rng.integers(0, 3, 60), rng.integers(0, 5, 60)]
    ),
    "labels of no row": lambda rng: rng.choice([1, 7, 40], (2, 60)),
    "perfect": lambda rng: np.repeat(rng.integers(0, 4, (1, 60)), 2, axis=0),
    "one row": lambda rng: np.array([[2], [1]]),
}
SCORES = {
    "plain": lambda rng: rng.normal(size=(2, 40)),
    "ties": lambda rng: rng.integers(0, 4, (2, 40)) / 2,
    "perfect": lambda rng: np.repeat(rng.normal(size=(1, 40)), 2, axis=0),
    "inverted": lambda rng: rng.normal(size=40) * np.array([[1], [-1]]),
    "large": lambda rng: 1e9 + 1e6 * rng.normal(size=(2, 40)),
    "huge": lambda rng: 1e200 * rng.normal(size=(2, 40)),
    "tiny": lambda rng: 1e-200 * rng.normal(size=(2, 40)),
    "float32": lambda rng: rng.normal(size=(2, 40)).astype(np.float32) * 1e30,
    "two rows": lambda rng: np.array([[1.0, 2.0], [5.0, 3.0]]),
}
LABEL_METRICS = ("accuracy", "f1", "f1_macro", "f1_micro", "matthews")
CORRELATIONS = ("pearson", "spearman")


def value_of(name, targets, predictions):
    value = METRICS[name](np.array(targets), np.array(predictions))
    assert type(value) is float
    return value


def f1_score(targets, predictions, **kwargs):
    return sklearn_metrics.f1_score(
        targets, predictions, zero_division=0.0, **kwargs
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", LABEL_IDS)
def test_metrics_of_label_ids_equal_scikit_learn(case, seed):
    targets, predictions = LABEL_IDS[case](np.random.default_rng(seed))
    expected = {
        "accuracy": sklearn_metrics.accuracy_score(targets, predictions),
        "f1": f1_score(targets == 1, predictions == 1),
        "f1_macro": f1_score(targets, predictions, average="macro"),
        "f1_micro": f1_score(targets, predictions, average="micro"),
        "matthews": sklearn_metrics.matthews_corrcoef(targets, predictions),
    }
    for name, value in expected.items():
        assert value_of(name, targets, predictions) == pytest.approx(value)


@pytest.mark.parametrize("dtype", [int, np.float32, bool])
@pytest.mark.parametrize("num_labels", [2, 4])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_multi_label_metrics_equal_scikit_learn(share, num_labels, dtype):
    rng = np.random.default_rng(0)
    shape = (2, 30, num_labels)
    targets, predictions = (rng.random(shape) < share).astype(dtype)
    # The first row has no label at all, on either side; the second, on one.
    targets[0] = predictions[0] = predictions[1] = 0
    expected = {
        "accuracy": sklearn_metrics.accuracy_score(targets, predictions),
        "f1_macro": f1_score(targets, predictions, average="macro"),
        "f1_micro": f1_score(targets, predictions, average="micro"),
    }
    for name, value in expected.items():
        assert value_of(name, targets, predictions) == pytest.approx(value)


def test_one_column_of_multi_label_counts_its_ones_only():
    targets, predictions = [[1], [1], [0], [0]], [[1], [0], [0], [0]]
    assert value_of("accuracy", targets, predictions) == 0.75
    assert value_of("f1_macro", targets, predictions) == pytest.approx(2 / 3)
    assert value_of("f1_micro", targets, predictions) == pytest.approx(2 / 3)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", SCORES)
def test_correlations_equal_scipy(case, seed):
    scores = SCORES[case](np.random.default_rng(seed))
    targets, predictions = np.asarray(scores, float)
    expected = {
        "pearson": stats.pearsonr(targets, predictions).statistic,
        "spearman": stats.spearmanr(targets, predictions).statistic,
    }
    for name, value in expected.items():
        assert value_of(name, *scores) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("targets", "predictions", "expected"),
    [
        # One class only: scikit-learn calls this 0, and warns of it.
        ([0, 0], [0, 0], dict(accuracy=1, f1=0, f1_macro=1, matthews=0)),
        ([1, 1], [1, 1], dict(accuracy=1, f1=1, f1_macro=1, matthews=0)),
        ([1, 1], [0, 0], dict(accuracy=0, f1=0, f1_macro=0, matthews=0)),
        ([1, 1], [0, 1], dict(accuracy=0.5, f1=2 / 3, matthews=0)),
        ([0, 1], [1, 1], dict(accuracy=0.5, f1=2 / 3, matthews=0)),
        ([0, 1], [1, 0], dict(accuracy=0, f1=0, f1_macro=0, matthews=-1)),
        # Two true positives, one false, one missed, no true negative.
        (
            [1, 1, 1, 0],
            [1, 1, 0, 1],
            dict(
                accuracy=0.5,
                f1=2 * 2 / (2 * 2 + 1 + 1),
                f1_macro=(2 / 3 + 0) / 2,
                f1_micro=0.5,
                matthews=(2 * 0 - 1 * 1) / math.sqrt(3 * 3 * 1 * 1),
            ),
        ),
        # Labels occur [1, 1, 2] times, and are predicted [1, 2, 1] times;
        # Matthews: (3 * 4 - 5) over the root of (16 - 6) * (16 - 6).
        (
            [0, 1, 2, 2],
            [0, 1, 2, 1],
            dict(
                accuracy=0.75,
                f1=2 / 3,
                f1_macro=(1 + 2 / 3 + 2 / 3) / 3,
                f1_micro=0.75,
                matthews=(3 * 4 - 5) / 10,
            ),
        ),
        # Of four rows the first (empty) and the last are right altogether.
        # Labels' F1: 2 / 3, 1, 0 (undefined); pooled: 2 * 2 / (2 * 2 + 1).
        (
            [[0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]],
            [[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 1, 0]],
            dict(accuracy=0.75, f1_macro=(2 / 3 + 1) / 3, f1_micro=0.8),
        ),
        # Around the means: -1, 0, 1 against -2, -1, 3.
        (
            [1.0, 2.0, 3.0],
            [0.0, 1.0, 5.0],
            dict(pearson=5 / math.sqrt(2 * 14), spearman=1),
        ),
        ([1.0, 2.0, 3.0], [3.0, 2.0, 1.0], dict(pearson=-1, spearman=-1)),
        ([0.0, 1.0, 2.0], [0.0, 0.0, 3.0], dict(pearson=3 / math.sqrt(12))),
        # Ranks 1, 2.5, 2.5 against 1, 2, 3.
        ([1.0, 2.0, 2.0], [4.0, 5.0, 6.0], dict(spearman=math.sqrt(3) / 2)),
    ],
)
def test_values_by_hand(targets, predictions, expected):
    values = {name: value_of(name, targets, predictions) for name in expected}
    assert values == pytest.approx(expected)


@pytest.mark.parametrize("name", CORRELATIONS)
@pytest.mark.parametrize(
    ("targets", "predictions"),
    [
        ([1.0, 2.0, 3.0], [2.5, 2.5, 2.5]),
        ([2.5, 2.5, 2.5], [1.0, 2.0, 3.0]),
        ([1.0, 1.0], [3.0, 3.0]),
        ([1.0], [2.0]),
    ],
)
def test_correlations_of_constant_scores_are_nan(name, targets, predictions):
    assert math.isnan(value_of(name, targets, predictions))


@pytest.mark.parametrize("name", CORRELATIONS)
def test_nearly_constant_scores_warn_of_nothing(name):
    almost = np.nextafter(np.full(3, 1e8), [0, 1e8, 2e8])
    assert -1 <= value_of(name, [1.0, 2.0, 3.0], almost) <= 1


@pytest.mark.parametrize("name", METRICS)
def test_bad_inputs_are_errors(name):
    metric = METRICS[name]
    good = np.array([0, 1, 1])
    for bad in (np.nan, np.inf, -np.inf):
        spoiled = np.array([0, bad, 1])
        with pytest.raises(ValueError, match="`targets` must be finite"):
            metric(spoiled, good)
        with pytest.raises(ValueError, match="`predictions` must be finite"):
            metric(good, spoiled)
    with pytest.raises(ValueError, match="rows to score"):
        metric(np.zeros(0), np.zeros(0))
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        metric(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match=r"\(2,\) and \(2, 2\)"):
        metric(np.zeros(2), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="`targets` must be numbers"):
        metric(np.array(["0", "1", "1"]), good)


@pytest.mark.parametrize("name", LABEL_METRICS)
def test_label_metrics_refuse_scores(name):
    with pytest.raises(ValueError, match="whole numbers.*with 0.5"):
        METRICS[name](np.array([0, 1]), np.array([0.5, 1]))


@pytest.mark.parametrize("name", ["f1", "matthews", *CORRELATIONS])
def test_metrics_of_one_label_refuse_several(name):
    with pytest.raises(ValueError, match=r"Received: shape \(2, 2\)"):
        METRICS[name](np.eye(2), np.eye(2))


@pytest.mark.parametrize("name", ["accuracy", "f1_macro", "f1_micro"])
def test_multi_label_metrics_take_only_0_and_1(name):
    with pytest.raises(ValueError, match="`predictions`.* from 0 to 2"):
        METRICS[name](np.eye(2, dtype=int), 2 * np.eye(2, dtype=int))
