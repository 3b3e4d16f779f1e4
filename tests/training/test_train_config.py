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


# === Evaluations while training ===


@pytest.mark.parametrize(
    ("examples", "every", "epochs", "steps"),
    [
        (64, "epoch", 3.0, (2, 4, 6)),
        # 2.5 updates an epoch.
        (80, "epoch", 4.0, (2, 5, 7, 10)),
        (80, "epoch", 1.0, (2,)),
        # The last update is evaluated too, and once.
        (64, "epoch", 2.5, (2, 4, 5)),
        (80, "epoch", 2.5, (2, 5, 6)),
        (64, "epoch", 0.5, (1,)),
        # An end after the last whole epoch that adds no whole update.
        (64, "epoch", 2.25, (2, 4)),
        (3668, "epoch", 5.0, (114, 229, 343, 458, 573)),  # MRPC
        (320, 3, 1.0, (3, 6, 9, 10)),
        (320, 5, 1.0, (5, 10)),
        (320, 1, 0.3, (1, 2, 3)),
        (320, 10, 1.0, (10,)),
        (320, 11, 1.0, (10,)),
        (320, 1000, 1.0, (10,)),
        (320, None, 1.0, ()),
    ],
)
def test_evaluation_steps(examples, every, epochs, steps):
    config = TrainConfig(num_train_epochs=epochs, evaluate_every=every)
    assert config.evaluation_steps(examples) == steps
    if every is not None:
        assert steps[-1] == config.num_train_steps(examples)


def test_evaluation_steps_ask_for_a_whole_batch_too():
    config = TrainConfig(evaluate_every="epoch")
    with pytest.raises(ValueError, match="=32, 31 examples. Lower it"):
        config.evaluation_steps(31)


@pytest.mark.parametrize(
    ("every", "keep", "keeps_best"),
    [
        (None, None, False),
        (None, "last", False),
        ("epoch", None, True),
        (10, None, True),
        (10, "best", True),
        (10, "last", False),
    ],
)
def test_the_best_weights_are_kept_if_there_are_evaluations(
    every, keep, keeps_best
):
    config = TrainConfig(evaluate_every=every, keep_checkpoint=keep)
    assert config.keeps_best is keeps_best


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"evaluate_every": 0}, "`evaluate_every` must be a positive integer"),
        ({"evaluate_every": "epochs"}, "evaluate_every='epochs'"),
        ({"evaluate_every": 2.0}, "evaluate_every=2.0"),
        ({"keep_checkpoint": "first"}, "one of None, best, last"),
        (
            {"evaluate_every": 1, "early_stopping_patience": 0},
            "`early_stopping_patience` must be a positive integer",
        ),
        (
            {"early_stopping_patience": 3},
            "`evaluate_every` must be given .*early_stopping_patience=3",
        ),
        (
            {"keep_checkpoint": "best"},
            "`evaluate_every` must be given .*keep_checkpoint='best'",
        ),
    ],
)
def test_evaluations_that_make_no_sense_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(**fields)


@pytest.mark.parametrize(
    ("class_weights", "message"),
    [
        ("balance", "`class_weights` must be one of None, balanced"),
        (["yes", 2.0], "`class_weights` must be one of"),
        ({"yes": 0}, r"`class_weights\['yes'\]` must be a positive"),
        ({"no": 1, "yes": float("nan")}, r"class_weights\['yes'\]=nan"),
        ({"yes": "2"}, r"class_weights\['yes'\]='2'"),
    ],
)
def test_class_weights_are_positive_numbers_by_label(class_weights, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(class_weights=class_weights)


@pytest.mark.parametrize("class_weights", ["balanced", {"yes": 2, "no": 0.5}])
def test_class_weights_come_back_from_json(class_weights):
    config = TrainConfig(class_weights=class_weights)
    values = json.loads(json.dumps(config.to_dict()))
    assert TrainConfig(**values) == config
