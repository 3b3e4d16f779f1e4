"""What a training calls on its way, and how it ends."""

import math

import pytest

from adapter_bert.training.config import TrainConfig
from adapter_bert.training.course import Course, run_course
from adapter_bert.training.loop import Update

NUM_STEPS = 6


def follow(scores, **options):
    """Returns the course of a run of six updates, and what it called."""
    calls, remaining = [], iter(scores)
    config = TrainConfig(num_train_epochs=1, train_batch_size=1, **options)

    def updates():
        try:
            for step in range(1, NUM_STEPS + 1):
                yield Update(step, 0.0, 0.0)
        finally:
            calls.append("close")

    def evaluate(step):
        calls.append(f"evaluate {step}")
        return next(remaining)

    # As one that others hold: it is closed all the same.
    held = updates()
    course = run_course(
        held,
        NUM_STEPS,
        config,
        "eval_accuracy",
        record=lambda update: calls.append(update.step),
        evaluate=evaluate,
        keep=lambda step: calls.append(f"keep {step}"),
        restore=lambda: calls.append("restore"),
    )
    return course, calls


def test_without_evaluations_the_last_weights_are_kept():
    course, calls = follow([], save_checkpoints_steps=4)
    assert course == Course(6, 6, False)
    assert calls == [1, 2, 3, 4, "keep 4", 5, 6, "keep 6", "close"]


def test_the_best_weights_come_back():
    course, calls = follow([0.1, 0.7, 0.7], evaluate_every=2)
    assert course == Course(6, 4, False)
    assert calls == [
        *(1, 2, "evaluate 2", "keep 2", 3, 4, "evaluate 4", "keep 4"),
        *(5, 6, "evaluate 6", "close", "restore"),
    ]


def test_weights_that_end_as_the_best_stay():
    course, calls = follow([math.nan, 0.7, 0.8], evaluate_every=2)
    assert course == Course(6, 6, False)
    assert calls[-2:] == ["keep 6", "close"]


@pytest.mark.parametrize(
    ("keep", "kept", "end"),
    [
        ("best", 1, ["evaluate 3", "close", "restore"]),
        ("last", 3, ["evaluate 3", "keep 3", "close"]),
    ],
)
def test_patience_ends_the_run(keep, kept, end):
    course, calls = follow(
        [0.5, 0.4, 0.5],
        evaluate_every=1,
        early_stopping_patience=2,
        keep_checkpoint=keep,
    )
    assert course == Course(3, kept, True)
    assert calls[-len(end) :] == end


def test_a_run_whose_patience_ends_with_it_did_not_stop_early():
    course, _ = follow([0.5, 0.4], evaluate_every=3, early_stopping_patience=1)
    assert course == Course(6, 3, False)
