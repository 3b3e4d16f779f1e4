import math

import numpy as np
import pytest

from adapter_bert.choices import best_choices, grouped_accuracy

# Three questions of two choices; the model is wrong about the last.
TARGETS = np.array([0, 1, 1, 0, 0, 1])
VALUES = np.array([0.1, 0.2, 0.9, 0.8, 0.4, 0.3])


def test_the_surest_choice_is_the_answer():
    assert best_choices(VALUES, 2).tolist() == [1, 0, 0]
    assert best_choices(VALUES, 3).tolist() == [2, 0]


def test_the_first_of_equals_is_the_answer():
    assert best_choices(np.array([0, 1, 1, 0.5, 0.5, 0.5]), 3).tolist() == [
        1,
        0,
    ]


def test_questions_count_not_rows():
    # At 0.5, both choices of the first and the last would pass for wrong.
    assert grouped_accuracy(TARGETS, VALUES, 2) == pytest.approx(2 / 3)
    assert grouped_accuracy(TARGETS, 1 - VALUES, 2) == pytest.approx(1 / 3)
    assert grouped_accuracy(TARGETS, TARGETS, 2) == 1


def test_logits_serve_as_probabilities_do():
    logits = np.log(VALUES / (1 - VALUES)).astype("float32")
    assert grouped_accuracy(TARGETS, logits, 2) == pytest.approx(2 / 3)


def test_chance_is_one_in_five():
    rng = np.random.default_rng(0)
    targets = np.eye(5)[rng.integers(5, size=20_000)].ravel()
    values = rng.normal(size=100_000)
    assert grouped_accuracy(targets, values, 5) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("size", [0, 3])
def test_rows_must_be_whole_questions(size):
    with pytest.raises(ValueError, match=rf"2 rows for each .*\({size},\)"):
        best_choices(np.zeros(size), 2)
    with pytest.raises(ValueError, match="`targets` must be of shape"):
        grouped_accuracy(np.zeros(size), VALUES, 2)


def test_logits_of_both_labels_are_refused():
    with pytest.raises(ValueError, match=r"of shape \(6, 2\)"):
        best_choices(np.zeros((6, 2)), 2)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one length. Received: 6 and 4"):
        grouped_accuracy(TARGETS, VALUES[:4], 2)


@pytest.mark.parametrize("targets", [[0, 0], [1, 1], [2, -1], [0.5, 0.5]])
def test_one_choice_must_be_right(targets):
    with pytest.raises(ValueError, match="must be one 1 and else 0"):
        grouped_accuracy(np.array(targets), np.zeros(2), 2)


def test_nan_is_no_answer():
    with pytest.raises(ValueError, match="`values` must be numbers"):
        best_choices(np.array([0, math.nan]), 2)
