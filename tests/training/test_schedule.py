"""Learning rate by the update's number."""

import keras
import numpy as np
import pytest

from adapter_bert.models.classifier import build_classifier
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import make_optimizer
from adapter_bert.training.schedule import LinearWarmupDecay
from tests.tiny import ADAPTER, ENCODER


def rate(schedule, update):
    """Returns the rate of an update counted from 1; Keras counts from 0."""
    return float(schedule(np.int32(update - 1)))


def formula(peak, num_steps, warmup_steps, t):
    if t < warmup_steps:
        return peak * t / warmup_steps
    return peak * (1 - min(t, num_steps) / num_steps)


@pytest.mark.parametrize(
    ("num_steps", "warmup_steps"),
    [(573, 57), (20, 2), (10, 0), (10, 1), (10, 10), (1, 0), (7, 6)],
)
def test_every_rate_is_the_originals(num_steps, warmup_steps):
    schedule = LinearWarmupDecay(3e-4, num_steps, warmup_steps)
    for t in range(1, num_steps + 3):
        expected = formula(3e-4, num_steps, warmup_steps, t)
        assert rate(schedule, t) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (1, 1e-4),
        (5, 5e-4),
        (9, 9e-4),
        (10, 9e-4),  # not 1e-3: the decay counts from the first update
        (11, 8.9e-4),
        (55, 4.5e-4),
        (99, 1e-5),
        (100, 0.0),
        (101, 0.0),
    ],
)
def test_table_with_the_jump_after_the_warm_up(update, expected):
    schedule = LinearWarmupDecay(1e-3, num_steps=100, warmup_steps=10)
    assert rate(schedule, update) == pytest.approx(expected, abs=1e-9)


def test_no_warm_up_starts_one_step_below_the_peak():
    schedule = LinearWarmupDecay(1.0, num_steps=4, warmup_steps=0)
    rates = [rate(schedule, t) for t in range(1, 5)]
    assert rates == pytest.approx([0.75, 0.5, 0.25, 0.0])


def test_all_warm_up_ends_at_0():
    schedule = LinearWarmupDecay(1.0, num_steps=4, warmup_steps=4)
    rates = [rate(schedule, t) for t in range(1, 5)]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 0.0])


@pytest.mark.parametrize(
    ("proportion", "num_steps", "warmup_steps"),
    [(0.1, 573, 57), (0.1, 9, 0), (0.0, 100, 0), (1.0, 100, 100)],
)
def test_warm_up_is_a_share_of_all_updates(proportion, num_steps, warmup_steps):
    model = build_classifier(ENCODER, ADAPTER, num_labels=2)
    config = TrainConfig(learning_rate=0.5, warmup_proportion=proportion)
    optimizer = make_optimizer(model, config, num_steps)
    expected = formula(0.5, num_steps, warmup_steps, 1)
    assert float(optimizer.learning_rate) == pytest.approx(expected)
    optimizer.iterations.assign(num_steps - 1)
    assert float(optimizer.learning_rate) == 0.0


def test_config_round_trip():
    schedule = LinearWarmupDecay(3e-4, 573, 57)
    values = keras.saving.serialize_keras_object(schedule)
    copy = keras.saving.deserialize_keras_object(values)
    assert copy.get_config() == schedule.get_config()
    assert rate(copy, 30) == rate(schedule, 30)
