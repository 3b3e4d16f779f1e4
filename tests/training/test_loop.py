"""Training loop and its compiled step."""

import contextlib
import dataclasses
import gc
import itertools
import weakref

import keras
import numpy as np
import pytest

from adapter_bert.data.batches import TrainingBatches
from adapter_bert.losses import cross_entropy
from adapter_bert.models.classifier import build_classifier
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import make_optimizer, train_steps
from adapter_bert.training.train import train_on_rows
from tests.checks import spread_weights
from tests.tiny import ADAPTER, ENCODER, make_lengths, make_rows

CONFIG = TrainConfig(
    learning_rate=1e-2,
    num_train_epochs=2.0,
    train_batch_size=4,
    save_checkpoints_steps=4,
)
COUNT = 20
NUM_STEPS = CONFIG.num_train_steps(COUNT)


def make_batches(seed):
    label_ids = np.random.default_rng(3).integers(0, 3, COUNT)
    return TrainingBatches(make_rows(make_lengths(COUNT)), label_ids, 4, seed)


def values_of(model):
    return {v.path: np.asarray(v.value).copy() for v in model.weights}


def run(config=CONFIG, adapter=ADAPTER, encoder=ENCODER):
    """Trains, and returns updates and the values before and after."""
    model = build_classifier(encoder, adapter, num_labels=3, seed=config.seed)
    before = values_of(model)
    optimizer = make_optimizer(model, config, NUM_STEPS)
    batches = make_batches(config.seed)
    updates = list(train_steps(model, optimizer, batches, config, NUM_STEPS))
    assert int(optimizer.iterations) == NUM_STEPS
    return updates, before, values_of(model), model


@pytest.fixture(scope="module")
def trained():
    return run()


def losses(updates):
    return [update.loss for update in updates]


def assert_same(values, others):
    assert values.keys() == others.keys()
    for path, array in values.items():
        np.testing.assert_array_equal(array, others[path], err_msg=path)


def test_updates_are_numbered_and_tell_their_rate(trained):
    updates, *_ = trained
    assert NUM_STEPS == 10
    assert [update.step for update in updates] == list(range(1, 11))
    rates = [1e-2 * (1 - t / 10) for t in range(1, 11)]  # a warm-up of 1
    assert [u.learning_rate for u in updates] == pytest.approx(rates, abs=1e-9)
    assert np.isfinite(losses(updates)).all()


def test_frozen_variables_stay_bit_for_bit(trained):
    _, before, after, model = trained
    assert 0 < len(model.trainable_variables) < len(model.weights)
    for variable in model.weights:
        same = np.array_equal(before[variable.path], after[variable.path])
        assert same != variable.trainable, variable.path


@pytest.mark.parametrize(
    "changes",
    [
        {"train_layer_norms": "none", "placement": "before_dropout"},
        {"layers": (1,), "train_pooler": True},
    ],
    ids=str,
)
def test_any_policy_moves_what_it_trains_and_nothing_else(changes):
    _, before, after, model = run(
        adapter=dataclasses.replace(ADAPTER, **changes)
    )
    for variable in model.weights:
        same = np.array_equal(before[variable.path], after[variable.path])
        assert same != variable.trainable, variable.path


def test_without_adapters_everything_moves():
    _, before, after, _ = run(adapter=None)
    for path, values in after.items():
        assert (values != before[path]).any(), path


def test_one_seed_gives_one_result_bit_for_bit(trained):
    updates, _, after, _ = trained
    keras.utils.set_random_seed(123)  # Keras's own seed plays no part
    again, _, after_again, _ = run()
    assert again == updates
    assert_same(after, after_again)


def test_another_seed_gives_another_result(trained):
    other, *_ = run(dataclasses.replace(CONFIG, seed=2))
    assert losses(other) != losses(trained[0])


@pytest.mark.parametrize("steps_per_call", [4, 100])
def test_several_steps_a_call_are_the_same_steps(trained, steps_per_call):
    updates, _, after, _ = trained
    config = dataclasses.replace(CONFIG, steps_per_call=steps_per_call)
    again, _, after_again, _ = run(config)
    np.testing.assert_allclose(losses(again), losses(updates), atol=1e-6)
    for path, values in after.items():
        np.testing.assert_allclose(after_again[path], values, atol=1e-5)


def test_a_run_that_stops_early_lets_go_of_its_batches():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, CONFIG, NUM_STEPS)
    batches = make_batches(1)
    held = weakref.ref(batches)
    updates = train_steps(model, optimizer, batches, CONFIG, NUM_STEPS)
    assert next(updates).step == 1
    updates.close()
    del batches
    gc.collect()
    assert held() is None


def test_dropout_differs_from_step_to_step():
    config = dataclasses.replace(CONFIG, learning_rate=1e-30)
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, config, 5)
    same_batch = [dict(make_batches(1)[0]) for _ in range(10)]
    updates = train_steps(model, optimizer, same_batch, config, 5)
    assert len(set(losses(updates))) == 5


def test_a_run_resumes_from_its_number_alone(trained):
    """Values and slots after 4 updates lead to the same updates 5 to 10."""
    updates, _, after, _ = trained
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, CONFIG, NUM_STEPS)
    first = train_steps(model, optimizer, make_batches(1), CONFIG, NUM_STEPS)
    assert list(itertools.islice(first, 4)) == updates[:4]

    resumed = build_classifier(ENCODER, ADAPTER, num_labels=3, seed=99)
    for there, here in zip(model.weights, resumed.weights, strict=True):
        here.assign(there.value)
    second = make_optimizer(resumed, CONFIG, NUM_STEPS)
    for there, here in zip(optimizer.variables, second.variables, strict=True):
        here.assign(there.value)
    rest = train_steps(resumed, second, make_batches(1), CONFIG, NUM_STEPS)
    assert list(rest) == updates[4:]
    assert_same(values_of(resumed), after)


class _Counting:
    """Stands in for a compiled step; remembers how many steps it was asked."""

    def __init__(self, losses=None):
        self.losses = losses
        self.counts = []
        self.first_step = None

    def make(self, model, optimizer, batches, steps, seed):
        self.first_step = self.taken = steps.start
        return contextlib.nullcontext(self)

    def __call__(self, count):
        self.counts.append(int(count))
        numbers = np.arange(self.taken, self.taken + count)
        self.taken += count
        values = np.ones(count) if self.losses is None else self.losses[numbers]
        return np.stack([values, np.full(count, 0.25)], 1).astype("float32")


@pytest.fixture
def counting(monkeypatch):
    def start(losses=None):
        counting = _Counting(losses)
        monkeypatch.setattr(
            "adapter_bert.training.step_tensorflow.make_train_steps",
            counting.make,
        )
        return counting

    return start


@pytest.mark.parametrize(
    ("steps_per_call", "to_save", "first", "counts"),
    [
        (1, 4, 0, [1] * 10),
        (3, 4, 0, [3, 1, 3, 1, 2]),
        (4, 4, 0, [4, 4, 2]),
        (100, 4, 0, [4, 4, 2]),
        (100, 1000, 0, [10]),
        (3, 5, 2, [3, 3, 2]),
        (3, 1000, 10, []),
    ],
)
def test_no_call_passes_a_multiple_of_save_checkpoints_steps(
    counting, steps_per_call, to_save, first, counts
):
    step = counting()
    config = dataclasses.replace(
        CONFIG, steps_per_call=steps_per_call, save_checkpoints_steps=to_save
    )
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, config, 10)
    optimizer.iterations.assign(first)
    updates = list(train_steps(model, optimizer, None, config, 10))
    assert step.counts == counts
    assert step.first_step == first
    assert [u.step for u in updates] == list(range(first + 1, 11))


@pytest.mark.parametrize(
    ("steps_per_call", "to_save", "evaluations", "first", "counts"),
    [
        (1, 1000, (5, 10), 0, [1] * 10),
        (3, 1000, (5, 10), 0, [3, 2, 3, 2]),
        (100, 1000, (5, 10), 0, [5, 5]),
        (100, 1000, (2, 3, 7, 10), 0, [2, 1, 4, 3]),
        (100, 4, (5, 10), 0, [4, 1, 3, 2]),
        (100, 4, (4, 8, 10), 0, [4, 4, 2]),
        (100, 1000, (10,), 0, [10]),
        # Resumed on an evaluation, and between two.
        (100, 1000, (5, 10), 5, [5]),
        (100, 1000, (2, 5, 10), 3, [2, 5]),
    ],
)
def test_no_call_passes_an_evaluation(
    counting, steps_per_call, to_save, evaluations, first, counts
):
    step = counting()
    config = dataclasses.replace(
        CONFIG, steps_per_call=steps_per_call, save_checkpoints_steps=to_save
    )
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, config, 10)
    optimizer.iterations.assign(first)
    updates = train_steps(model, optimizer, None, config, 10, evaluations)
    ends = [update.step for update in updates if update.step in evaluations]
    assert step.counts == counts
    assert ends == [end for end in evaluations if end > first]
    taken = np.cumsum([first, *counts])
    assert set(evaluations) - set(range(first + 1)) <= set(taken.tolist())


def test_a_batchs_loss_is_the_mean_of_weighted_losses():
    encoder = dataclasses.replace(
        ENCODER, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    model = build_classifier(encoder, ADAPTER, num_labels=3)
    model.get_layer("classifier_dropout").rate = 0
    spread_weights(model)
    batches = make_batches(1)
    batches.weights = np.linspace(0.1, 3, COUNT, dtype="float32")
    batch = batches[0]
    targets, weights = batch.pop("targets"), batch.pop("weights")
    losses = np.asarray(cross_entropy(targets, model(batch)))
    expected = (weights * losses).mean()
    assert expected != pytest.approx(losses.mean(), rel=0.05)

    optimizer = make_optimizer(model, CONFIG, 1)
    (update,) = train_steps(model, optimizer, batches, CONFIG, 1)
    assert update.loss == pytest.approx(expected, rel=1e-5)


def test_equal_class_weights_change_no_bit(trained):
    updates, _, after, _ = trained
    config = dataclasses.replace(
        CONFIG, class_weights={"0": 3.0, "1": 3.0, "2": 3.0}
    )
    model = build_classifier(ENCODER, ADAPTER, num_labels=3, seed=config.seed)
    batches = make_batches(config.seed)
    again = train_on_rows(model, batches.rows, batches.targets, config)
    assert list(again) == updates
    assert_same(values_of(model), after)


@pytest.mark.parametrize("steps_per_call", [1, 8])
@pytest.mark.parametrize("loss", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_stops_the_run(
    counting, loss, steps_per_call
):
    values = np.ones(10)
    values[6:] = loss
    counting(values)
    config = dataclasses.replace(
        CONFIG, steps_per_call=steps_per_call, save_checkpoints_steps=1000
    )
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, config, 10)
    updates = train_steps(model, optimizer, None, config, 10)
    taken = []
    message = rf"{loss} at step 7 \(learning rate 0.25\)"
    with pytest.raises(FloatingPointError, match=message):
        taken.extend(update.step for update in updates)
    assert taken == [1, 2, 3, 4, 5, 6]


def test_a_real_explosion_stops_the_run():
    config = dataclasses.replace(CONFIG, learning_rate=1e30)
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    optimizer = make_optimizer(model, config, NUM_STEPS)
    updates = train_steps(model, optimizer, make_batches(1), config, NUM_STEPS)
    with pytest.raises(FloatingPointError, match=r"at step \d \(learning rate"):
        list(updates)


def test_other_backends_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(ValueError, match="tensorflow, jax. .*=torch"):
        next(train_steps(None, None, None, CONFIG, 1))
