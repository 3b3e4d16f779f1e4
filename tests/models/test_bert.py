"""Encoder with adapters."""

import dataclasses

import keras
import numpy as np
import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.models.bert import BertEncoder, attention_bias
from adapter_bert.models.initialization import initialize
from tests.tiny import ADAPTER, ENCODER, make_rows

V, H, F = 50, 16, 24
INPUTS = make_rows([5, 12, 9]).batch([0, 1, 2])


def expected_shapes(num_layers, adapted):
    """Paths and shapes of all variables, written out from their list."""
    norm = {"gamma": (H,), "beta": (H,)}
    shapes = {
        "embeddings/word_embeddings": (V, H),
        "embeddings/token_type_embeddings": (2, H),
        "embeddings/position_embeddings": (32, H),
        **{f"embeddings/layer_norm/{k}": v for k, v in norm.items()},
        "pooler/kernel": (H, H),
        "pooler/bias": (H,),
    }
    dense = {
        "attention/query": (H, H),
        "attention/key": (H, H),
        "attention/value": (H, H),
        "attention/output": (H, H),
        "intermediate": (H, F),
        "output": (F, H),
    }
    adapters = {
        f"{site}_adapter/{way}": shape
        for site in ("attention", "output")
        for way, shape in (("down", (H, 4)), ("up", (4, H)))
    }
    for i in range(num_layers):
        for name, shape in (dense | (adapters if i in adapted else {})).items():
            shapes[f"layer_{i}/{name}/kernel"] = shape
            shapes[f"layer_{i}/{name}/bias"] = shape[1:]
        for site in ("attention", "output"):
            for part, shape in norm.items():
                shapes[f"layer_{i}/{site}_layer_norm/{part}"] = shape
    return shapes


@pytest.mark.parametrize(
    ("adapter", "adapted"),
    [
        (None, ()),
        (ADAPTER, (0, 1)),
        (dataclasses.replace(ADAPTER, layers=(1,)), (1,)),
    ],
    ids=["none", "every block", "block 1"],
)
def test_paths_and_shapes_of_variables(adapter, adapted):
    model = BertEncoder(ENCODER, adapter)
    shapes = {v.path: tuple(v.shape) for v in model.weights}
    assert shapes == expected_shapes(2, adapted)
    assert len(shapes) == len(model.weights)


def test_paths_stay_the_same_for_a_second_model_and_inside_another():
    first = BertEncoder(ENCODER, ADAPTER)
    second = BertEncoder(ENCODER, ADAPTER, name="another")
    nested = keras.Model(second.input, second(second.input)["pooled_output"])
    paths = [v.path for v in first.weights]
    assert [v.path for v in second.weights] == paths
    assert [v.path for v in nested.weights] == paths


def test_outputs():
    outputs = BertEncoder(ENCODER, ADAPTER)(INPUTS)
    assert sorted(outputs) == ["pooled_output", "sequence_output"]
    assert outputs["sequence_output"].shape == (3, 16, H)
    assert outputs["pooled_output"].shape == (3, H)


def test_pooled_output_is_of_the_first_token():
    model = BertEncoder(ENCODER)
    outputs = model(INPUTS)
    kernel, bias = model.get_layer("pooler").get_weights()
    first = np.asarray(outputs["sequence_output"])[:, 0]
    np.testing.assert_allclose(
        outputs["pooled_output"], np.tanh(first @ kernel + bias), atol=1e-6
    )


def test_attention_bias_is_finite_and_masks_padding():
    bias = attention_bias(np.array([[1, 1, 0]]), "float32")
    assert bias.shape == (1, 1, 1, 3)
    assert np.asarray(bias).ravel().tolist() == [0, 0, -10000]


def test_untrained_adapters_leave_the_encoder_nearly_as_it_was():
    plain, adapted = BertEncoder(ENCODER), BertEncoder(ENCODER, AdapterConfig())
    for model in (plain, adapted):
        initialize_like(model)
    before, after = plain(INPUTS), adapted(INPUTS)
    for name, values in before.items():
        difference = np.abs(np.asarray(after[name]) - np.asarray(values)).max()
        assert 0 < difference < 1e-3


def initialize_like(model):
    # A variable's initial values do not depend on the others there are.
    initialize(model, seed=1)


@pytest.mark.parametrize("adapter", [None, ADAPTER])
def test_config_round_trip(adapter):
    model = BertEncoder(ENCODER, adapter, name="some_name")
    copy = BertEncoder.from_config(model.get_config())
    assert copy.get_config() == model.get_config()
    assert copy.encoder_config == ENCODER
    assert copy.adapter_config == adapter
    assert [v.path for v in copy.weights] == [v.path for v in model.weights]
