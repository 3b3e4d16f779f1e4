"""Activations by BERT's names."""

import numpy as np
import pytest
from keras import ops
from scipy import special

from adapter_bert.adapter_config import CHOICES
from adapter_bert.layers.activations import ACTIVATIONS, get_activation
from tests.numpy_bert import gelu_new

X = np.linspace(-6, 6, 241).astype("float32")


def test_gelu_is_the_erf_form():
    expected = X * special.ndtr(X.astype("float64"))
    result = ops.convert_to_numpy(get_activation("gelu")(X))
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_gelu_new_is_the_tanh_form():
    result = ops.convert_to_numpy(get_activation("gelu_new")(X))
    expected = gelu_new(X.astype("float64"))
    np.testing.assert_allclose(result, expected, atol=1e-6)
    assert np.abs(expected - X * special.ndtr(X)).max() > 1e-4


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("linear", lambda x: x),
        ("relu", lambda x: np.maximum(x, 0)),
        ("silu", lambda x: x * special.expit(x)),
        ("tanh", np.tanh),
    ],
)
def test_the_others(name, formula):
    result = ops.convert_to_numpy(get_activation(name)(ops.array(X)))
    np.testing.assert_allclose(result, formula(X), atol=1e-6)


def test_configs_offer_what_there_is():
    assert CHOICES["activation"] == tuple(ACTIVATIONS)


def test_unknown_name_lists_the_known():
    with pytest.raises(ValueError, match="gelu_new, .*activation='gelu_fast'"):
        get_activation("gelu_fast")
