"""What logits mean, by the kind of problem."""

import numpy as np
import pytest

from adapter_bert.metrics import METRICS
from adapter_bert.problem_types import (
    DEFAULT,
    PROBLEM_TYPES,
    sigmoid,
    softmax,
)

SINGLE = PROBLEM_TYPES["single_label_classification"]
MULTI = PROBLEM_TYPES["multi_label_classification"]
REGRESSION = PROBLEM_TYPES["regression"]


def test_names_are_those_of_hugging_face():
    assert sorted(PROBLEM_TYPES) == [
        "multi_label_classification",
        "regression",
        "single_label_classification",
    ]
    assert PROBLEM_TYPES[DEFAULT] is SINGLE


def test_sigmoid_is_the_formula_at_any_logit():
    logits = np.array(
        [[-3e38, -100, -20, -1, 0], [1, 20, 100, 1e4, 3e38]], "float32"
    )
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        probabilities = sigmoid(logits)
    assert probabilities.dtype == np.float32
    expected = np.exp(-np.logaddexp(0, -logits.astype("float64")))
    np.testing.assert_allclose(probabilities, expected, rtol=1e-5, atol=1e-37)


def test_softmax_is_the_formula_at_any_logit():
    logits = np.array([[1e38, 0, -1e38], [0, 0, 0], [-1e4, 1, 2]], "float32")
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        probabilities = softmax(logits)
    assert probabilities.dtype == np.float32
    third, odds = 1 / 3, np.exp(1.0)
    expected = [
        [1, 0, 0],
        [third, third, third],
        [0, 1 / (1 + odds), odds / (1 + odds)],
    ]
    np.testing.assert_allclose(probabilities, expected, rtol=1e-6)


def test_the_likeliest_label_is_predicted_at_any_threshold():
    logits = np.array([[1, 3, 2], [-5, -9, -4]], "float32")
    for thresholds in ((0.5,) * 3, (0, 1, 1)):
        predictions = SINGLE.predictions(logits, thresholds)
        np.testing.assert_array_equal(predictions, [1, 2])


def test_each_of_several_labels_has_its_threshold():
    # Probabilities 0.27, 0.5, 0.73.
    logits = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], "float32")
    predictions = MULTI.predictions(logits, (0.2, 0.5, 0.8))
    np.testing.assert_array_equal(
        predictions, [[1, 0, 0], [1, 1, 0], [1, 1, 0]]
    )
    assert predictions.dtype == MULTI.target_dtype


def test_a_probability_reaches_the_threshold_that_equals_it():
    # In float32 0.7 is less than in double precision.
    probabilities = np.array([[0.7], [np.nextafter(np.float32(0.7), 0)]], "f4")
    decisions = MULTI.decide(probabilities, (0.7,))
    np.testing.assert_array_equal(decisions, [[1], [0]])


def test_the_only_logit_is_the_score():
    logits = np.array([[-2.5], [1e6]], "float32")
    predictions = REGRESSION.predictions(logits, (0.5,))
    np.testing.assert_array_equal(predictions, [-2.5, 1e6])
    assert predictions.dtype == REGRESSION.target_dtype


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_predictions_of_no_rows(name):
    logits = np.zeros((0, 1), "float32")
    assert len(PROBLEM_TYPES[name].predictions(logits, (0.5,))) == 0


@pytest.mark.parametrize(
    ("name", "targets", "logits"),
    [
        ("single_label_classification", [0, 1, 1], [[2, 1], [0, 3], [-2, 1]]),
        (
            "multi_label_classification",
            [[0, 1], [1, 1], [0, 0]],
            [[-1, 1], [1, 1], [-1, -1]],
        ),
        ("regression", [0.5, -1, 4], [[0.5], [-1], [4]]),
    ],
)
def test_right_predictions_earn_the_full_score(name, targets, logits):
    problem = PROBLEM_TYPES[name]
    targets = np.array(targets, problem.target_dtype)
    logits = np.array(logits, "float32")
    predictions = problem.predictions(logits, (0.5, 0.5))
    np.testing.assert_array_equal(predictions, targets)
    assert METRICS[problem.metric](targets, predictions) == pytest.approx(1)
