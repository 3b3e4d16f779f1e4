"""How a run trains."""

import dataclasses
import json
import re

import pytest

from adapter_bert.training.config import TrainConfig


@pytest.mark.parametrize(
    ("examples", "batch_size", "epochs", "steps"),
    [
        (3668, 32, 5.0, 573),  # MRPC
        (3668, 32, 3.0, 343),
        (392_702, 32, 5.0, 61_359),  # MNLI
        (64, 32, 1.0, 2),
        (10, 4, 1.0, 2),
        (10, 4, 0.5, 1),
        (4, 4, 2.0, 2),
    ],
)
def test_number_of_updates(examples, batch_size, epochs, steps):
    config = TrainConfig(train_batch_size=batch_size, num_train_epochs=epochs)
    assert config.num_train_steps(examples) == steps


@pytest.mark.parametrize(("examples", "epochs"), [(100, 0.1), (32, 0.5)])
def test_too_few_epochs_for_one_batch(examples, epochs):
    config = TrainConfig(num_train_epochs=epochs)
    with pytest.raises(ValueError, match="do not fill one batch of 32") as info:
        config.num_train_steps(examples)
    assert str(info.value).startswith(f"{examples} training examples")


@pytest.mark.parametrize("examples", [0, 31])
def test_fewer_examples_than_a_batch_are_refused(examples):
    with pytest.raises(ValueError, match=f"=32, {examples} examples. Lower"):
        TrainConfig().num_train_steps(examples)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("num_train_epochs", -1.0),
        ("train_batch_size", 0),
        ("save_checkpoints_steps", 0),
        ("steps_per_call", 0),
        ("warmup_proportion", -0.1),
        ("warmup_proportion", 1.1),
        ("seed", -1),
        ("seed", 2**31),
    ],
)
def test_bad_fields_are_refused(name, value):
    message = f"Received: {name}={value!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        TrainConfig(**{name: value})


def test_to_dict_is_json_and_comes_back():
    config = TrainConfig(seed=3, warmup_proportion=0)
    values = json.loads(json.dumps(config.to_dict()))
    assert TrainConfig(**values) == config
    assert dataclasses.replace(config, seed=4) != config


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("learning_rate", float("inf")),
        ("num_train_epochs", float("inf")),
        ("train_batch_size", 2.5),
        ("steps_per_call", 1.5),
    ],
)
def test_values_of_another_type_are_refused(field, value):
    with pytest.raises(ValueError, match=f"`{field}` must be .* Received"):
        TrainConfig(**{field: value})
