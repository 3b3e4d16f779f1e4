"""Which evaluation counts as the best."""

import math

import pytest

from adapter_bert.training.selection import BestEvaluation

NAN = math.nan


def follow(scores, patience=None):
    """Returns the tracker and its answers to scores of steps 10, 20, ..."""
    best = BestEvaluation(patience)
    answers = [best.add(10 * i, score) for i, score in enumerate(scores, 1)]
    return best, answers


@pytest.mark.parametrize(
    ("scores", "answers", "step"),
    [
        ([0.3], [True], 10),
        ([0.1, 0.3, 0.2], [True, True, False], 20),
        ([-0.5, -0.7, -0.4], [True, False, True], 30),
        ([0.0, 0.0], [True, False], 10),
        ([0.3, 0.5, 0.5, 0.4, 0.5], [True, True, False, False, False], 20),
        ([0.2, NAN, 0.3], [True, False, True], 30),
        ([0.2, NAN, 0.1], [True, False, False], 10),
        ([NAN, -0.9], [True, True], 20),
        ([NAN, NAN, NAN], [True, False, False], 10),
        ([NAN, NAN, 0.1, NAN], [True, False, True, False], 30),
    ],
)
def test_the_best_is_the_earliest_of_the_highest(scores, answers, step):
    best, given = follow(scores)
    assert given == answers
    assert best.step == step
    expected = scores[step // 10 - 1]
    assert best.score == pytest.approx(expected, nan_ok=True)


def test_before_the_first_evaluation():
    best = BestEvaluation(1)
    assert best.step == 0
    assert math.isnan(best.score)
    assert not best.should_stop


@pytest.mark.parametrize(
    ("patience", "scores", "stops_after"),
    [
        (1, [0.5, 0.6, 0.6], 3),
        (2, [0.5, 0.4, 0.6, 0.5, 0.6, 0.9], 5),
        (3, [0.5, 0.4, 0.3, 0.6, 0.1, 0.2], None),
        (2, [NAN, NAN, NAN], 3),
        (2, [NAN, NAN, 0.0, 0.0, NAN], 5),
        (None, [0.5] + [0.1] * 50, None),
    ],
)
def test_patience_counts_evaluations_in_a_row(patience, scores, stops_after):
    best = BestEvaluation(patience)
    stops = []
    for step, score in enumerate(scores, 1):
        best.add(step, score)
        stops.append(best.should_stop)
    first = stops.index(True) + 1 if True in stops else None
    assert first == stops_after
