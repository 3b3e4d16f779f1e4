"""Thresholds of several labels, against all there are."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from adapter_bert.problem_types import PROBLEM_TYPES
from adapter_bert.thresholds import best_thresholds

DECIDE = PROBLEM_TYPES["multi_label_classification"].decide


def f1(target, probability, threshold):
    """Returns the score of one label, decided as a classifier does."""
    decisions = DECIDE(probability[:, None], (threshold,))[:, 0]
    return f1_score(target, decisions, zero_division=0.0)


def spread(random, count):
    return random.random(count)


def with_ties(random, count):
    return random.integers(0, 5, count) / 4


def saturated(random, count):
    """Neighbors among the float32 numbers just below 1."""
    return 1 - random.integers(0, 4, count) * 2.0**-24


@pytest.mark.parametrize("draw", [spread, with_ties, saturated])
def test_no_threshold_has_a_better_f1(draw):
    random = np.random.default_rng(0)
    for _ in range(60):
        count = random.integers(1, 10)
        target = random.integers(0, 2, count).astype("float32")
        if not target.any():
            continue
        probability = draw(random, count).astype("float32")
        (threshold,) = best_thresholds(target[:, None], probability[:, None])
        best = max(f1(target, probability, each) for each in probability)
        assert f1(target, probability, threshold) == pytest.approx(best), (
            target,
            probability,
        )


def test_each_label_has_its_own():
    targets = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0], [0, 1, 0]], "float32")
    probabilities = np.array(
        [[0.5, 0.5, 0.9], [0.25, 0.5, 0.8], [0.125, 0.5, 0.7], [0, 0.75, 0.6]],
        "float32",
    )
    assert best_thresholds(targets, probabilities) == pytest.approx(
        [0.1875, 0.625, 0.85]
    )


def test_a_label_without_positives_keeps_the_default():
    targets = np.zeros((3, 1), "float32")
    assert best_thresholds(targets, np.full((3, 1), 0.9, "float32")) == (0.5,)


def test_of_equal_scores_the_threshold_nearest_to_one_half_counts():
    # Predicting the first row scores as much as predicting the first four.
    targets = np.array([1, 0, 0, 1, 0, 0], "float32")[:, None]
    probabilities = np.array([0.9, 0.8, 0.5, 0.4, 0.2, 0.1], "float32")
    scores = [f1(targets[:, 0], probabilities, p) for p in probabilities]
    assert scores[0] == pytest.approx(scores[3]) == max(scores)
    threshold = best_thresholds(targets, probabilities[:, None])
    assert threshold == pytest.approx([0.3])


def test_they_are_plain_floats():
    targets = np.array([[1.0], [0.0]], "float32")
    probabilities = np.array([[0.75], [0.25]], "float32")
    (threshold,) = best_thresholds(targets, probabilities)
    assert type(threshold) is float
    assert threshold == 0.5
