"""Self-attention."""

import numpy as np
import pytest

from adapter_bert.layers.attention import SelfAttention
from tests.checks import check_layer, spread_weights
from tests.numpy_bert import self_attention

BATCH, LENGTH, HIDDEN, HEADS = 3, 6, 8, 2


@pytest.fixture
def x():
    shape = (BATCH, LENGTH, HIDDEN)
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.fixture
def mask():
    mask = np.ones((BATCH, LENGTH), "float32")
    mask[1, 4:] = 0
    mask[2, 1:] = 0
    return mask


@pytest.fixture
def layer(x):
    layer = SelfAttention(HEADS, name="attention")
    layer.build(x.shape)
    spread_weights(layer)
    return layer


def as_bias(mask):
    return (1 - mask[:, None, None, :]) * -10000


def test_attention_is_a_good_layer(x, mask):
    layer = SelfAttention(HEADS, dropout=0.5, initializer_range=0.3)
    check_layer(layer, x, as_bias(mask))


def test_attention_equals_plain_numpy(layer, x, mask):
    names = ("query", "key", "value", "output")
    values = layer.get_weights()
    weights = {n: values[2 * i : 2 * i + 2] for i, n in enumerate(names)}
    expected = self_attention(x, mask, weights, HEADS)
    np.testing.assert_allclose(layer(x, as_bias(mask)), expected, atol=1e-5)


def test_masked_keys_change_nothing(layer, x, mask):
    other = np.where(mask[..., None] == 1, x, 100 * x + 7)
    before = np.asarray(layer(x, as_bias(mask)))
    after = np.asarray(layer(other, as_bias(mask)))
    seen = mask == 1
    np.testing.assert_allclose(after[seen], before[seen], atol=1e-6)
    # Padding is a query like any other, so its own output does change.
    assert np.abs(after[~seen] - before[~seen]).max() > 0.01


def test_paths_and_shapes_of_variables(layer):
    expected = {}
    for name in ("query", "key", "value", "output"):
        expected[f"attention/{name}/kernel"] = (HIDDEN, HIDDEN)
        expected[f"attention/{name}/bias"] = (HIDDEN,)
    assert {v.path: v.shape for v in layer.weights} == expected


def test_dropout_is_of_probabilities_and_only_in_training(x, mask):
    layer = SelfAttention(HEADS, dropout=0.5)
    outputs = [
        np.asarray(layer(x, as_bias(mask), training=training))
        for training in (False, False, True, True)
    ]
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert np.abs(outputs[2] - outputs[3]).max() > 1e-6
    # Row 2 sees one key, so each head keeps its value, doubled, or nothing.
    layer.output_dense.kernel.assign(np.eye(HIDDEN))
    whole, dropped = (
        np.asarray(layer(x, as_bias(mask), training=training))[2]
        for training in (False, True)
    )
    share = (dropped / whole).reshape(LENGTH, HEADS, -1)
    np.testing.assert_allclose(share, np.round(share), atol=1e-4)
    assert set(np.round(share).ravel()) == {0, 2}
    assert (np.ptp(np.round(share), axis=-1) == 0).all()
