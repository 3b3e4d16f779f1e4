"""Classifier: parameter counts, what trains, saving."""

import dataclasses
import math
import re

import keras
import numpy as np
import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.config import EncoderConfig
from adapter_bert.models.classifier import BertClassifier, build_classifier
from adapter_bert.trainable import parameter_report
from adapter_bert.tune_config import TuneConfig
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


def build_without_values(encoder, size=None, **options):
    """Builds a classifier of which only the shapes exist."""
    adapter = size and AdapterConfig(size=size)
    with keras.StatelessScope(initialize_variables=False):
        return BertClassifier(encoder, adapter, **options)


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


@pytest.mark.parametrize(
    ("tune", "trained"),
    [
        (TuneConfig("full"), 109_483_778),
        (TuneConfig("top_k", 1), 7_087_872 + 590_592 + 1_538),
        (TuneConfig("top_k", 12), 12 * 7_087_872 + 590_592 + 1_538),
        (TuneConfig("layer_norm"), 38_400 + 1_538),
        (TuneConfig("layer_norm", train_pooler=True), 38_400 + 592_130),
        (TuneConfig("head"), 1_538),
        (TuneConfig("head", train_pooler=True), 592_130),
    ],
    ids=str,
)
def test_trained_parameters_of_the_baselines(tune, trained):
    model = build_without_values(BASE, tune=tune)
    assert count(model.trainable_variables) == trained
    report = parameter_report(model)
    assert report.trained == trained
    assert report.plain_encoder == 109_482_240


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


@pytest.mark.parametrize(
    ("adapter", "tune"),
    [
        *((ADAPTER, TuneConfig(method)) for method in ("full", "head")),
        (ADAPTER, TuneConfig("layer_norm")),
        (ADAPTER, TuneConfig("top_k", 1)),
        (None, TuneConfig("adapters")),
    ],
    ids=str,
)
def test_adapters_go_with_their_own_method_alone(adapter, tune):
    message = re.escape(f"Received: tune={tune}, adapter_config={adapter}")
    with pytest.raises(ValueError, match=message):
        BertClassifier(ENCODER, adapter, tune=tune)


def test_what_trains_follows_from_the_adapters_unless_given():
    assert BertClassifier(ENCODER, ADAPTER).tune == TuneConfig("adapters")
    assert BertClassifier(ENCODER, None).tune == TuneConfig("full")


def test_more_blocks_than_the_encoder_has_are_refused():
    BertClassifier(ENCODER, tune=TuneConfig("top_k", 2))
    message = "must not exceed 2, .* Received: top_k=3"
    with pytest.raises(ValueError, match=message):
        BertClassifier(ENCODER, tune=TuneConfig("top_k", 3))


def test_a_regression_has_one_output():
    options = {"problem_type": "regression"}
    model = BertClassifier(ENCODER, ADAPTER, ["score"], **options)
    assert model.output_shape == (None, 1)
    message = r"one name for a regression.*labels=\('a', 'b'\)"
    with pytest.raises(ValueError, match=message):
        BertClassifier(ENCODER, ADAPTER, ["a", "b"], **options)


def test_problem_types_that_do_not_exist_are_refused():
    message = "`problem_type` must be one of single.*='ranking'"
    with pytest.raises(ValueError, match=message):
        BertClassifier(ENCODER, ADAPTER, problem_type="ranking")


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


@pytest.mark.parametrize(
    ("tune", "problem_type", "labels"),
    [
        (TuneConfig("top_k", 1), "regression", ["score"]),
        (TuneConfig("layer_norm"), "multi_label_classification", ["a", "b"]),
        (
            TuneConfig("head", train_pooler=True),
            "single_label_classification",
            ["no", "yes", "maybe"],
        ),
    ],
    ids=str,
)
def test_keras_file_keeps_method_and_problem_type(
    tune, problem_type, labels, tmp_path
):
    model = BertClassifier(
        ENCODER, labels=labels, tune=tune, problem_type=problem_type
    )
    model.thresholds = tuple(0.25 + 0.125 * i for i in range(len(labels)))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.tune == tune
    assert loaded.problem_type == problem_type
    assert loaded.labels == tuple(labels)
    assert loaded.thresholds == model.thresholds
    trained = {v.path for v in loaded.trainable_variables}
    assert trained == {v.path for v in model.trainable_variables}
    assert len(trained) < len(loaded.weights)
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
