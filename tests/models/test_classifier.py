"""Classifier: parameter counts, what trains, saving."""

import dataclasses
import math

import keras
import numpy as np
import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.config import EncoderConfig
from adapter_bert.models.classifier import BertClassifier, build_classifier
from adapter_bert.trainable import parameter_report
from tests.checks import spread_weights
from tests.tiny import ADAPTER, ENCODER, make_rows

BASE = EncoderConfig(vocab_size=30522)
LARGE = EncoderConfig(
    vocab_size=30522,
    hidden_size=1024,
    num_hidden_layers=24,
    num_attention_heads=16,
    intermediate_size=4096,
)
ROWS = make_rows([5, 8, 7, 3])

TRAINED_BASE = {
    1: 95_258,
    2: 132_146,
    4: 205_922,
    8: 353_474,
    16: 648_578,
    32: 1_238_786,
    64: 2_419_202,
    128: 4_780_034,
    256: 9_501_698,
    512: 18_945_026,
}
TRAINED_LARGE = {8: 938_370, 64: 6_446_082, 256: 25_329_666}


def build_without_values(encoder, size):
    """Builds a classifier of which only the shapes exist."""
    with keras.StatelessScope(initialize_variables=False):
        return BertClassifier(encoder, AdapterConfig(size=size))


def count(variables):
    return sum(math.prod(v.shape) for v in variables)


@pytest.mark.parametrize(("size", "trained"), TRAINED_BASE.items())
def test_trained_parameters_of_bert_base(size, trained):
    model = build_without_values(BASE, size)
    assert count(model.trainable_variables) == trained


@pytest.mark.parametrize(("size", "trained"), TRAINED_LARGE.items())
def test_trained_parameters_of_bert_large(size, trained):
    model = build_without_values(LARGE, size)
    assert count(model.trainable_variables) == trained
    adapters = 48 * (2 * 1024 * size + size + 1024)
    assert count(model.weights) == 335_141_888 + 2_050 + adapters


def test_bert_large_with_adapters_of_64():
    model = build_without_values(LARGE, 64)
    assert count(model.weights) == 341_487_618
    assert len(model.weights) == 585
    assert len(model.trainable_variables) == 292


def test_report_of_a_whole_bert_base():
    model = BertClassifier(BASE, AdapterConfig())
    assert len(model.weights) == 297
    assert len(model.trainable_variables) == 148
    report = parameter_report(model)
    assert report.total == 111_863_042
    assert report.trained == 2_419_202
    assert report.plain_encoder == 109_482_240
    groups = {group.name: group for group in report.groups}
    for name, number in (
        ("adapters", 2_379_264),
        ("LayerNorms", 38_400),
        ("head", 1_538),
    ):
        assert groups[name].total == groups[name].trained == number
    assert "2,419,202 of 111,863,042 parameters = 2.1626%" in str(report)
    assert "109,482,240: 2.2097%" in str(report)


def test_adapters_layer_norms_and_head_train():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    trained = {v.path for v in model.trainable_variables}
    assert trained == {
        v.path
        for v in model.weights
        if any(
            part in v.path
            for part in ("_adapter/", "layer_norm/", "classifier/")
        )
    }
    assert 0 < len(trained) < len(model.weights)


def test_everything_trains_without_adapters():
    model = build_classifier(ENCODER, None, num_labels=3)
    assert all(v.trainable for v in model.weights)


def test_head():
    model = BertClassifier(ENCODER, ADAPTER, labels="abc")
    assert model.labels == ("a", "b", "c")
    paths = {v.path: tuple(v.shape) for v in model.weights}
    assert paths["classifier/kernel"] == (16, 3)
    assert paths["classifier/bias"] == (3,)
    batch = ROWS.batch(range(4))
    pooled = model.get_layer("encoder")(batch)["pooled_output"]
    kernel, bias = model.get_layer("classifier").get_weights()
    expected = np.asarray(pooled) @ kernel + bias
    np.testing.assert_allclose(model(batch), expected, atol=1e-6)
    assert model.get_layer("classifier_dropout").rate == 0.1


def test_padding_does_not_change_logits():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    spread_weights(model)
    short = np.asarray(model(ROWS.batch(range(4), length=8)))
    long = np.asarray(model(ROWS.batch(range(4), length=16)))
    np.testing.assert_allclose(long, short, atol=1e-5)
    alone = [np.asarray(model(ROWS.batch([i], length=32))) for i in range(4)]
    np.testing.assert_allclose(np.concatenate(alone), short, atol=1e-5)
    assert np.ptp(short, axis=0).min() > 0.1


@pytest.mark.parametrize(
    "adapter",
    [
        None,
        ADAPTER,
        dataclasses.replace(ADAPTER, layers=(1,), activation="silu"),
        dataclasses.replace(
            ADAPTER, train_layer_norms="none", train_pooler=True
        ),
        AdapterConfig(size=None, reduction_factor=4),
    ],
    ids=["plain", "default", "block 1", "pooler", "reduction factor"],
)
def test_keras_file_keeps_outputs_and_what_trains(adapter, tmp_path):
    model = build_classifier(ENCODER, adapter, num_labels=3)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded) is BertClassifier
    assert loaded.get_config() == model.get_config()
    assert loaded.adapter_config == adapter
    assert [v.path for v in loaded.trainable_variables] == [
        v.path for v in model.trainable_variables
    ]
    batch = ROWS.batch(range(4))
    np.testing.assert_array_equal(loaded(batch), model(batch))


def test_training_changes_what_trains_alone_in_fit():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    before = {v.path: np.asarray(v.value).copy() for v in model.weights}
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.fit(ROWS.batch(range(4)), np.array([0, 1, 2, 1]), verbose=0)
    for variable in model.weights:
        same = np.array_equal(variable.value, before[variable.path])
        assert same != variable.trainable, variable.path


def test_keras_save_keeps_labels_length_and_dtype(tmp_path):
    model = BertClassifier(
        ENCODER, ADAPTER, ("no", "yes"), 17, dtype="mixed_bfloat16"
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.labels == ("no", "yes")
    assert loaded.max_seq_length == 17
    dtypes = {layer.compute_dtype for layer in loaded.layers[-2:]}
    assert dtypes == {"bfloat16"}
    assert loaded.tokenizer is None


def test_adapter_of_a_bfloat16_model_can_be_read_again(tmp_path):
    model = BertClassifier(ENCODER, ADAPTER, dtype="bfloat16")
    native.save(model, tmp_path)
    tensors = native.read(tmp_path).tensors
    assert {values.dtype for values in tensors.values()} == {np.dtype("f4")}
