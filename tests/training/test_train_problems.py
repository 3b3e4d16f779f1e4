"""Regression and several labels at once, through the public functions."""

import keras
import numpy as np
import pytest

from adapter_bert import (
    AdapterConfig,
    TrainConfig,
    load_classifier,
    predict,
    train,
)
from tests.tiny_files import MAX_SEQ_LENGTH, write_huggingface

TEXTS = ["aaa!", "bb?", ("a", "aa!"), ("b", "b?"), "a?", "b!", "aa aa", "b"]
CONFIG = TrainConfig(
    learning_rate=3e-3, num_train_epochs=200, train_batch_size=8, seed=5
)
# Which of "a" and "?" a text has.
NAMES = [
    ["letter"],
    ["asking"],
    ("letter",),
    ["asking"],
    {"letter", "asking"},
    [],
    ["letter"],
    [],
]
SCORES = [4, 1, 4, 1, 3, 2, 4.5, np.float32(1.5)]


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    folder = write_huggingface(tmp_path_factory.mktemp("base"))

    def load(problem_type, labels=None):
        return load_classifier(
            folder,
            adapter=AdapterConfig(size=8, init_scale=0.5),
            labels=labels,
            problem_type=problem_type,
            max_seq_length=MAX_SEQ_LENGTH,
        )

    return load


def check_learned(updates):
    losses = [update.loss for update in updates]
    assert len(losses) == 200
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) / 3


def test_a_regression_learns_its_scores(load):
    model = load("regression")
    check_learned(train(model, TEXTS, SCORES, CONFIG))
    result = predict(model, TEXTS)
    assert result.labels is None
    assert result.probabilities is None
    np.testing.assert_allclose(result.scores, SCORES, atol=0.7)
    assert np.corrcoef(result.scores, SCORES)[0, 1] > 0.95


def test_several_labels_at_once_are_learned(load):
    model = load("multi_label_classification", ["letter", "asking"])
    check_learned(train(model, TEXTS, NAMES, CONFIG))
    result = predict(model, TEXTS)
    assert [set(row) for row in result.labels] == [set(row) for row in NAMES]
    assert result.scores is None
    # Each label has a probability of its own.
    assert result.probabilities.sum(axis=1).min() < 0.7
    assert result.probabilities.sum(axis=1).max() > 1.3


@pytest.mark.parametrize(
    ("problem_type", "labels", "message"),
    [
        ("regression", [*SCORES[:3], None], r"labels\[3\]=None"),
        (
            "multi_label_classification",
            [*NAMES[:2], ["?"]],
            r"labels\[2\]='\?'",
        ),
        ("multi_label_classification", NAMES[:7], "8 texts, 7 labels"),
        ("regression", SCORES[:7], "8 texts, 7 labels"),
    ],
)
def test_wrong_labels_are_refused(load, problem_type, labels, message):
    names = ["letter", "asking"] if problem_type != "regression" else None
    model = load(problem_type, names)
    before = [keras.ops.convert_to_numpy(v).copy() for v in model.weights]
    with pytest.raises(ValueError, match=message):
        train(model, TEXTS, labels, CONFIG)
    for variable, value in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(variable, value)


def test_class_weights_are_not_for_scores(load):
    config = TrainConfig(train_batch_size=8, class_weights="balanced")
    with pytest.raises(ValueError, match="Class weights are for labels"):
        train(load("regression"), TEXTS, SCORES, config)
