"""Adapter layer."""

import keras
import numpy as np
import pytest

from adapter_bert.layers.adapter import Adapter
from tests.checks import check_layer, spread_weights
from tests.numpy_bert import gelu_new


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(3, 7, 16)).astype("float32")


def test_adapter_is_a_good_layer(x):
    adapter = Adapter(4, "silu", init_scale=0.2, initializer="normal")
    check_layer(adapter, x)


@pytest.mark.parametrize("initializer", ["truncated_normal", "normal"])
@pytest.mark.parametrize("size", [1, 64])
def test_untrained_adapter_is_near_the_identity(x, initializer, size):
    y = keras.ops.convert_to_numpy(Adapter(size, initializer=initializer)(x))
    assert 0 < np.abs(y - x).max() < 1e-3


def test_adapter_is_the_formula(x):
    adapter = Adapter(4)
    adapter.build(x.shape)
    spread_weights(adapter)
    w1, b1, w2, b2 = adapter.get_weights()
    expected = x + gelu_new(x @ w1 + b1) @ w2 + b2
    np.testing.assert_allclose(adapter(x), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("hidden", "size", "count"),
    [(768, 64, 99_136), (1024, 64, 132_160), (8, 1, 25)],
)
def test_parameter_count(hidden, size, count):
    adapter = Adapter(size)
    adapter.build((None, None, hidden))
    assert adapter.count_params() == 2 * hidden * size + size + hidden == count


def test_paths_and_shapes_of_variables(x):
    adapter = Adapter(4, name="attention_adapter")
    adapter(x)
    assert {v.path: v.shape for v in adapter.weights} == {
        "attention_adapter/down/kernel": (16, 4),
        "attention_adapter/down/bias": (4,),
        "attention_adapter/up/kernel": (4, 16),
        "attention_adapter/up/bias": (16,),
    }


def test_initial_weights():
    adapter = Adapter(64, init_scale=1e-3)
    adapter.build((None, None, 512))
    for kernel in (adapter.down.kernel, adapter.up.kernel):
        values = keras.ops.convert_to_numpy(kernel)
        assert 8.6e-4 < values.std() < 9.0e-4
        assert 1.9e-3 < np.abs(values).max() <= 2e-3
    for bias in (adapter.down.bias, adapter.up.bias):
        assert not keras.ops.convert_to_numpy(bias).any()


@pytest.mark.parametrize("size", [0, -64])
def test_bad_size_names_the_value_and_the_layer(size):
    with pytest.raises(ValueError, match=rf"size={size} \(layer 'narrow'\)"):
        Adapter(size, name="narrow")


def test_unknown_activation_lists_the_known(x):
    with pytest.raises(ValueError, match="gelu_new.*activation='swish'"):
        Adapter(4, activation="swish")(x)
