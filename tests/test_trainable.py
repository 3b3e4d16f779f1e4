"""What trains, what decays, and the report about it."""

import dataclasses

import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.models.classifier import build_classifier
from adapter_bert.trainable import decays, parameter_report
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
