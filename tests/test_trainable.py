"""What trains, what decays, and the report about it."""

import dataclasses
import re

import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.models.classifier import build_classifier
from adapter_bert.trainable import decays, parameter_report, trained_paths
from adapter_bert.tune_config import TuneConfig
from tests.tiny import ADAPTER, ENCODER

NORMS = ("attention_layer_norm", "output_layer_norm")


def trained_layers(model):
    """Returns the paths that train, without adapters and their variables."""
    return {
        v.path.rpartition("/")[0]
        for v in model.trainable_variables
        if "_adapter/" not in v.path
    }


def norms_of(*blocks):
    return {f"layer_{i}/{norm}" for i in blocks for norm in NORMS}


@pytest.mark.parametrize(
    ("policy", "layers", "expected"),
    [
        ("all", None, {"embeddings/layer_norm"} | norms_of(0, 1)),
        ("all", (1,), {"embeddings/layer_norm"} | norms_of(0, 1)),
        ("adapted", None, norms_of(0, 1)),
        ("adapted", (1,), norms_of(1)),
        ("none", None, set()),
        ("none", (1,), set()),
        ("auto", None, {"embeddings/layer_norm"} | norms_of(0, 1)),
        ("auto", (0, 1), {"embeddings/layer_norm"} | norms_of(0, 1)),
        ("auto", (1,), norms_of(1)),
    ],
)
def test_layer_norms_train_by_policy(policy, layers, expected):
    adapter = dataclasses.replace(
        ADAPTER, train_layer_norms=policy, layers=layers
    )
    model = build_classifier(ENCODER, adapter, num_labels=2)
    assert trained_layers(model) == {"classifier"} | expected
    adapters = {
        v.path.split("_adapter/")[0]
        for v in model.trainable_variables
        if "_adapter/" in v.path
    }
    assert adapters == {
        f"layer_{i}/{site}"
        for i in layers or (0, 1)
        for site in ("attention", "output")
    }


def test_adapters_in_some_layers_train_layer_norms_there_alone():
    """Neither other blocks' LayerNorms train, nor the embeddings'."""
    deep = dataclasses.replace(ENCODER, num_hidden_layers=5)
    adapter = dataclasses.replace(ADAPTER, layers=(1, 4))
    model = build_classifier(deep, adapter, num_labels=2)
    assert trained_layers(model) == {"classifier"} | norms_of(1, 4)
    overridden = {
        "all": {"embeddings/layer_norm"} | norms_of(0, 1, 2, 3, 4),
        "adapted": norms_of(1, 4),
        "none": set(),
    }
    for policy, expected in overridden.items():
        forced = dataclasses.replace(adapter, train_layer_norms=policy)
        model = build_classifier(deep, forced, num_labels=2)
        assert trained_layers(model) == {"classifier"} | expected


EVERYTHING = r"."
HEAD = r"^classifier/(kernel|bias)$"
POOLER = r"^pooler/(kernel|bias)$"
NORM = r"layer_norm/(gamma|beta)$"


@pytest.mark.parametrize(
    ("tune", "patterns", "number"),
    [
        (TuneConfig("full"), [EVERYTHING], 5 + 3 * 16 + 4),
        (TuneConfig("top_k", 1), [r"^layer_2/", HEAD, POOLER], 16 + 4),
        (TuneConfig("top_k", 2), [r"^layer_[12]/", HEAD, POOLER], 32 + 4),
        (TuneConfig("top_k", 3), [r"^layer_", HEAD, POOLER], 48 + 4),
        (TuneConfig("layer_norm"), [NORM, HEAD], 2 * (1 + 3 * 2) + 2),
        (
            TuneConfig("layer_norm", train_pooler=True),
            [NORM, HEAD, POOLER],
            2 * (1 + 3 * 2) + 4,
        ),
        (TuneConfig("head"), [HEAD], 2),
        (TuneConfig("head", train_pooler=True), [HEAD, POOLER], 4),
    ],
    ids=str,
)
def test_what_trains_without_adapters(tune, patterns, number):
    deep = dataclasses.replace(ENCODER, num_hidden_layers=3)
    model = build_classifier(deep, None, num_labels=2, tune=tune)
    trained = {v.path for v in model.trainable_variables}
    assert trained == {
        v.path
        for v in model.weights
        if any(re.search(pattern, v.path) for pattern in patterns)
    }
    assert len(trained) == number
    assert trained == trained_paths(model)


def test_pooler_trains_if_asked_to():
    adapter = dataclasses.replace(ADAPTER, train_pooler=True)
    model = build_classifier(ENCODER, adapter, num_labels=2)
    before = build_classifier(ENCODER, ADAPTER, num_labels=2)
    assert trained_layers(model) - trained_layers(before) == {"pooler"}


def test_blocks_that_do_not_exist_are_refused():
    adapter = AdapterConfig(layers=(1, 2))
    with pytest.raises(ValueError, match="between 0 and 1.*Received: 2"):
        build_classifier(ENCODER, adapter, num_labels=2)


@pytest.mark.parametrize(
    "path",
    [
        "layer_0/attention_adapter/down/kernel",
        "layer_11/output_adapter/up/kernel",
        "layer_0/attention/query/kernel",
        "classifier/kernel",
        "pooler/kernel",
        "embeddings/word_embeddings",
    ],
)
def test_kernels_and_tables_decay(path):
    assert decays(path)


@pytest.mark.parametrize(
    "path",
    [
        "layer_0/attention_adapter/down/bias",
        "layer_3/attention/query/bias",
        "classifier/bias",
        "layer_0/attention_layer_norm/gamma",
        "layer_0/output_layer_norm/beta",
        "embeddings/layer_norm/gamma",
    ],
)
def test_biases_and_layer_norms_do_not_decay(path):
    assert not decays(path)


def test_report_counts_by_group():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    report = parameter_report(model)
    assert {g.name: (g.total, g.trained) for g in report.groups} == {
        "adapters": (4 * (2 * 16 * 4 + 4 + 16), 592),
        "LayerNorms": (5 * 2 * 16, 160),
        "head": (16 * 3 + 3, 51),
        "pooler": (16 * 16 + 16, 0),
        "embeddings": ((50 + 2 + 32) * 16, 0),
        "blocks": (2 * (4 * 272 + 16 * 24 + 24 + 24 * 16 + 16), 0),
    }
    assert report.total == model.count_params() == 6_211
    assert report.trained == 592 + 160 + 51
    assert report.plain_encoder == 6_211 - 592 - 51


def test_report_as_text():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    assert str(parameter_report(model)).splitlines() == [
        "  group          parameters      trained",
        "  adapters              592          592",
        "  LayerNorms            160          160",
        "  head                   51           51",
        "  pooler                272            0",
        "  embeddings          1,344            0",
        "  blocks              3,792            0",
        "  all                 6,211          803",
        "Trained: 803 of 6,211 parameters = 12.9287%; of the plain encoder's "
        "5,568: 14.4217%",
    ]


def test_report_of_full_fine_tuning():
    report = parameter_report(build_classifier(ENCODER, None, num_labels=3))
    assert report.trained == report.total == report.plain_encoder + 51


def test_report_of_top_k():
    tune = TuneConfig("top_k", 1)
    model = build_classifier(ENCODER, None, num_labels=3, tune=tune)
    report = parameter_report(model)
    assert {g.name: (g.total, g.trained) for g in report.groups} == {
        "adapters": (0, 0),
        "LayerNorms": (5 * 2 * 16, 2 * 2 * 16),
        "head": (51, 51),
        "pooler": (272, 272),
        "embeddings": (1344, 0),
        "blocks": (3792, 3792 // 2),
    }
