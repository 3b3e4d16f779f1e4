"""Embeddings."""

import numpy as np
import pytest

from adapter_bert.config import EncoderConfig
from adapter_bert.layers.embeddings import Embeddings
from tests.checks import check_layer, spread_weights
from tests.numpy_bert import layer_norm

CONFIG = EncoderConfig(
    vocab_size=20,
    hidden_size=8,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=8,
    max_position_embeddings=6,
    type_vocab_size=3,
)


@pytest.fixture
def ids():
    return np.random.default_rng(0).integers(0, 20, (3, 5)).astype("int32")


@pytest.fixture
def segments():
    return np.random.default_rng(1).integers(0, 3, (3, 5)).astype("int32")


def test_embeddings_are_a_good_layer(ids, segments):
    check_layer(Embeddings(CONFIG), ids, segments)


def test_embeddings_are_the_formula(ids, segments):
    layer = Embeddings(CONFIG, name="embeddings")
    layer(ids, segments)
    spread_weights(layer)
    values = {v.path: np.asarray(v.value) for v in layer.weights}
    words, types, positions = (
        values[f"embeddings/{kind}_embeddings"]
        for kind in ("word", "token_type", "position")
    )
    expected = layer_norm(
        words[ids] + types[segments] + positions[:5],
        values["embeddings/layer_norm/gamma"],
        values["embeddings/layer_norm/beta"],
    )
    np.testing.assert_allclose(layer(ids, segments), expected, atol=1e-5)


def test_paths_and_shapes_of_variables(ids, segments):
    layer = Embeddings(CONFIG, name="embeddings")
    layer(ids, segments)
    assert {v.path: v.shape for v in layer.weights} == {
        "embeddings/word_embeddings": (20, 8),
        "embeddings/token_type_embeddings": (3, 8),
        "embeddings/position_embeddings": (6, 8),
        "embeddings/layer_norm/gamma": (8,),
        "embeddings/layer_norm/beta": (8,),
    }


def test_dropout_only_in_training(ids, segments):
    layer = Embeddings(CONFIG)
    assert np.all(np.asarray(layer(ids, segments)) != 0)
    assert np.any(np.asarray(layer(ids, segments, training=True)) == 0)
