"""Initial weights as a function of (seed, path)."""

import re
import zlib

import keras
import numpy as np

from adapter_bert.trainable import ADAPTER_PATHS, HEAD_PATHS

HEAD_STDDEV = 0.02  # the original's, whatever the config says


def initialize(model: keras.Model, seed: int, only: str = r"") -> None:
    """Draws fresh weights for the variables whose path matches `only`.

    Kernels and embedding tables are drawn, biases and betas become 0, gammas
    1. A variable's values depend on the seed and on its own path alone: they
    are the same on every backend, and adding a variable changes no other.

    Args:
        model: Model with `encoder_config` and `adapter_config`.
        seed: Seed of the run, at least 0.
        only: Regex searched in each path. Defaults to all variables.
    """
    for variable in model.weights:
        path = variable.path
        if not re.search(only, path):
            continue
        shape = tuple(variable.shape)
        if path.endswith(("bias", "beta")):
            values = np.zeros(shape, "float32")
        elif path.endswith("gamma"):
            values = np.ones(shape, "float32")
        else:
            random = np.random.default_rng([seed, zlib.crc32(path.encode())])
            draw, stddev = _distribution(model, path)
            values = draw(random, shape) * np.float32(stddev)
        variable.assign(values)


def _distribution(model, path):
    if re.search(ADAPTER_PATHS, path):
        adapter = model.adapter_config
        if adapter.initializer == "normal":
            return _normal, adapter.init_scale
        return _truncated_normal, adapter.init_scale
    if re.search(HEAD_PATHS, path):
        return _truncated_normal, HEAD_STDDEV
    return _truncated_normal, model.encoder_config.initializer_range


def _normal(random, shape):
    return random.standard_normal(shape, "float32")


def _truncated_normal(random, shape):
    """Standard normal values, those beyond 2 drawn again, as TensorFlow's."""
    values = random.standard_normal(shape, "float32")
    while (outside := np.abs(values) > 2).any():
        values[outside] = random.standard_normal(outside.sum(), "float32")
    return values
