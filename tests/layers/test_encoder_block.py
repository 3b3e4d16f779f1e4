"""Encoder block."""

import dataclasses

import numpy as np
import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.layers.dropout import dropout_seed
from adapter_bert.layers.encoder_block import EncoderBlock
from tests.checks import check_layer, spread_weights
from tests.numpy_bert import gelu, gelu_new, layer_norm, self_attention

CONFIG = EncoderConfig(
    vocab_size=20,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    hidden_act="gelu",
)
NO_DROPOUT = dataclasses.replace(
    CONFIG, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
)
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], "float32")
BIAS = (1 - MASK[:, None, None, :]) * -10000


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(2, 5, 8)).astype("float32")


def build(config, adapter, x):
    block = EncoderBlock(config, adapter, name="layer_0")
    block(x, BIAS)
    spread_weights(block)
    return block


def values_of(block):
    return {
        v.path.removeprefix("layer_0/"): np.asarray(v.value)
        for v in block.weights
    }


def by_formula(block, x, num_heads=2):
    """The block in NumPy, adapters where it has them."""
    w = values_of(block)

    def dense(name, y):
        return y @ w[f"{name}/kernel"] + w[f"{name}/bias"]

    def close(site, y, residual):
        if f"{site}_adapter/down/kernel" in w:
            down = gelu_new(dense(f"{site}_adapter/down", y))
            y = y + dense(f"{site}_adapter/up", down)
        gamma, beta = (
            w[f"{site}_layer_norm/{part}"] for part in ("gamma", "beta")
        )
        return layer_norm(y + residual, gamma, beta)

    attention = {
        name: (w[f"attention/{name}/kernel"], w[f"attention/{name}/bias"])
        for name in ("query", "key", "value", "output")
    }
    y = self_attention(x, MASK, attention, num_heads)
    x = close("attention", y, x)
    y = dense("output", gelu(dense("intermediate", x)))
    return close("output", y, x)


@pytest.mark.parametrize(
    "adapter",
    [
        None,
        AdapterConfig(size=3),
        AdapterConfig(size=3, placement="before_dropout"),
    ],
    ids=["plain", "after_dropout", "before_dropout"],
)
class TestEncoderBlock:
    def test_is_a_good_layer(self, adapter, x):
        check_layer(EncoderBlock(CONFIG, adapter), x, BIAS)

    def test_equals_numpy_without_dropout(self, adapter, x):
        block = build(NO_DROPOUT, adapter, x)
        expected = by_formula(block, x)
        for training in (False, True):
            np.testing.assert_allclose(
                block(x, BIAS, training=training), expected, atol=1e-5
            )

    def test_paths(self, adapter, x):
        names = [
            f"{layer}/{part}"
            for layer in (
                "attention/query",
                "attention/key",
                "attention/value",
                "attention/output",
                "intermediate",
                "output",
            )
            for part in ("kernel", "bias")
        ]
        for site in ("attention", "output"):
            names += [f"{site}_layer_norm/gamma", f"{site}_layer_norm/beta"]
            if adapter is not None:
                names += [
                    f"{site}_adapter/{way}/{part}"
                    for way in ("down", "up")
                    for part in ("kernel", "bias")
                ]
        block = build(CONFIG, adapter, x)
        assert sorted(values_of(block)) == sorted(names)


def test_adapters_follow_their_config(x):
    config = AdapterConfig(
        size=3, activation="silu", initializer="normal", init_scale=0.5
    )
    block = build(CONFIG, config, x)
    for adapter in (block.attention_adapter, block.output_adapter):
        for name in ("size", "activation", "initializer", "init_scale"):
            assert getattr(adapter, name) == getattr(config, name)


def test_untrained_adapters_hardly_change_the_block(x):
    plain = build(NO_DROPOUT, None, x)
    adapted = EncoderBlock(NO_DROPOUT, AdapterConfig(), name="layer_0")
    adapted(x, BIAS)
    values = values_of(plain)
    for variable in adapted.weights:
        if "_adapter/" not in variable.path:
            variable.assign(values[variable.path.removeprefix("layer_0/")])
    difference = np.asarray(adapted(x, BIAS)) - np.asarray(plain(x, BIAS))
    assert 0 < np.abs(difference).max() < 1e-3


def test_placement_decides_what_dropout_reaches(x):
    """What a unit holds if its sub-layer's output is dropped.

    After the dropout, the adapter's bias is added to a 0; before it, that
    is dropped too and the residual passes alone.
    """
    config = dataclasses.replace(
        CONFIG, hidden_dropout_prob=0.999999, attention_probs_dropout_prob=0.0
    )
    outputs = {}
    for placement in ("after_dropout", "before_dropout"):
        adapter = AdapterConfig(size=3, placement=placement)
        block = build(config, adapter, x)
        block.output_adapter.up.kernel.assign(np.zeros((3, 8)))
        block.attention_adapter.up.kernel.assign(np.zeros((3, 8)))
        with dropout_seed(np.array([1, 0], "int32")):
            result = block(x, BIAS, training=True)
        outputs[placement] = np.asarray(result), values_of(block)
    for placement, (result, w) in outputs.items():
        expected = x
        for site in ("attention", "output"):
            added = w[f"{site}_adapter/up/bias"]
            if placement == "before_dropout":
                added = np.zeros_like(added)
            expected = layer_norm(
                expected + added,
                w[f"{site}_layer_norm/gamma"],
                w[f"{site}_layer_norm/beta"],
            )
        np.testing.assert_allclose(result, expected, atol=1e-5)
