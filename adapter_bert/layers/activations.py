"""Non-linearities by the names that BERT configs use."""

import math
from collections.abc import Callable

import keras
from keras import ops


def gelu(x):
    """GELU by the error function, as in PyTorch and Hugging Face BERT.

    Written out because TensorFlow's own form lowers to `Erfc`, for which ONNX
    converters have no rule.
    """
    return 0.5 * x * (1.0 + ops.erf(x * (1.0 / math.sqrt(2.0))))


def gelu_new(x):
    """GELU by the tanh approximation, as in the original BERT code."""
    return keras.activations.gelu(x, approximate=True)


ACTIVATIONS = {
    "gelu": gelu,
    "gelu_new": gelu_new,
    "linear": keras.activations.linear,
    "relu": keras.activations.relu,
    "silu": keras.activations.silu,
    "tanh": keras.activations.tanh,
}


def get_activation(name: str) -> Callable:
    """Returns the non-linearity called `name`.

    Raises:
        ValueError: If there is none.
    """
    if name not in ACTIVATIONS:
        raise ValueError(
            f"`activation` must be one of {', '.join(ACTIVATIONS)}. "
            f"Received: activation={name!r}"
        )
    return ACTIVATIONS[name]
