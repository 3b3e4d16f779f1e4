"""Evaluations while a model trains through the Python API."""

import math

import keras
import numpy as np
import pytest

from adapter_bert import AdapterConfig, TrainConfig, load_classifier, train
from adapter_bert.models.classifier import build_classifier
from adapter_bert.training.loop import Update
from adapter_bert.training.validation import validate
from tests.tiny import ADAPTER, ENCODER
from tests.tiny_files import MAX_SEQ_LENGTH, write_huggingface

TEXTS = ["aaa!", "bb?", ("a", "aa!"), ("b", "b?")] * 2
LABELS = ["calm", "asking"] * 4


def drive(scores, **options):
    """Returns the bias's value after updates that set it to their number."""
    model = build_classifier(ENCODER, ADAPTER, num_labels=2)
    bias = next(v for v in model.weights if v.path == "classifier/bias")

    def updates():
        for step in range(1, len(scores) + 1):
            bias.assign([step, step])
            yield Update(step, 0.0, 0.0)

    remaining = iter(scores)
    config = TrainConfig(
        evaluate_every=1, num_train_epochs=1, train_batch_size=1, **options
    )
    taken = validate(
        *(model, updates(), len(scores), config),
        *("accuracy", lambda: next(remaining)),
    )
    taken = [update.step for update in taken]
    return taken, keras.ops.convert_to_numpy(bias)[0]


def test_the_best_weights_are_put_back():
    assert drive([0.1, 0.7, 0.7, 0.2]) == ([1, 2, 3, 4], 2)
    assert drive([math.nan, 0.1]) == ([1, 2], 2)


def test_the_last_weights_stay_if_asked_for():
    assert drive([0.7, 0.1], keep_checkpoint="last") == ([1, 2], 2)


def test_training_stops_when_patience_runs_out():
    scores = [0.5, 0.4, 0.6, 0.6, 0.1, 0.9]
    assert drive(scores, early_stopping_patience=2) == ([1, 2, 3, 4, 5], 3)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load_classifier(
        write_huggingface(tmp_path_factory.mktemp("base")),
        adapter=AdapterConfig(size=8, init_scale=0.5),
        labels=["calm", "asking"],
        max_seq_length=MAX_SEQ_LENGTH,
    )


def test_train_stops_on_a_hopeless_validation_set(model):
    config = TrainConfig(
        num_train_epochs=50,
        train_batch_size=8,
        evaluate_every="epoch",
        early_stopping_patience=3,
    )
    # One text with both labels: the accuracy is 0.5 for ever.
    hopeless = (["x", "x"], ["calm", "asking"])
    assert len(train(model, TEXTS, LABELS, config, hopeless)) == 4


@pytest.mark.parametrize(
    ("every", "validation"), [("epoch", None), (None, (TEXTS, LABELS))]
)
def test_evaluations_and_texts_belong_together(model, every, validation):
    config = TrainConfig(evaluate_every=every)
    before = [np.asarray(v.value) for v in model.trainable_variables]
    with pytest.raises(ValueError, match="`validation` must be given if"):
        train(model, TEXTS, LABELS, config, validation)
    for variable, value in zip(model.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(variable.value, value)
