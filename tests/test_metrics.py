import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from adapter_bert.metrics import METRICS


def logits_of(predicted, num_labels=2):
    return np.eye(num_labels, dtype=np.float32)[predicted] * 3 - 1


@pytest.mark.parametrize("seed", range(3))
def test_metrics_equal_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    true, predicted = rng.integers(0, 2, (2, 50))
    logits = logits_of(predicted)
    accuracy = METRICS["accuracy"](true, logits)
    f1 = METRICS["f1"](true, logits)
    assert type(accuracy) is type(f1) is float
    assert accuracy == sklearn_metrics.accuracy_score(true, predicted)
    assert f1 == pytest.approx(sklearn_metrics.f1_score(true, predicted))


def test_f1_is_that_of_label_1():
    true, logits = np.array([1, 1, 1, 0]), logits_of([1, 1, 0, 1])
    assert METRICS["f1"](true, logits) == pytest.approx(2 * 2 / (3 + 3))
    assert METRICS["accuracy"](true, logits) == 0.5


def test_f1_of_three_labels_is_label_1_against_the_rest():
    true, logits = np.array([0, 1, 2, 1]), logits_of([2, 1, 0, 2], 3)
    assert METRICS["f1"](true, logits) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("true", "predicted", "f1"),
    [([0, 0], [0, 0], 0.0), ([1, 1], [0, 0], 0.0), ([1, 1], [1, 1], 1.0)],
)
def test_one_class_only_warns_of_nothing(true, predicted, f1):
    assert METRICS["f1"](np.array(true), logits_of(predicted)) == f1


@pytest.mark.parametrize("name", METRICS)
def test_bad_inputs_are_errors(name):
    metric = METRICS[name]
    with pytest.raises(ValueError, match="NaN"):
        metric(np.array([0]), np.array([[np.nan, 1.0]]))
    with pytest.raises(ValueError, match="rows to score"):
        metric(np.zeros(0, int), np.zeros((0, 2)))
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(3, 2\)"):
        metric(np.zeros(2, int), np.zeros((3, 2)))
