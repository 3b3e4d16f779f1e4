"""Taking trained adapters out again, without training anew."""

import re
from collections.abc import Iterable

import keras
from keras import ops

from adapter_bert.trainable import ADAPTER_PATHS, BLOCK_PATHS


def ablate_adapters(model: keras.Model, layers: Iterable[int]) -> None:
    """Makes the adapters of some blocks pass their input on unchanged.

    Their second projection becomes 0, so that the skip connection is all that
    is left of them. LayerNorms, head and other adapters stay as trained.

    Args:
        model: Classifier with adapters; it changes.
        layers: Block numbers, from 0.

    Raises:
        ValueError: If a block has no adapters.

    Reference:
        [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751), section 3.6.
    """
    layers = set(layers)
    adapter = model.adapter_config
    adapted = adapter.resolve_layers(model.encoder_config) if adapter else ()
    if strange := sorted(layers - set(adapted)):
        raise ValueError(
            "Only adapters that are there can be ablated. Received: "
            f"{_listed(strange)}; blocks with adapters: {_listed(adapted)}"
        )
    for variable in model.weights:
        block = re.search(BLOCK_PATHS, variable.path)
        if (
            block is not None
            and int(block[1]) in layers
            and re.search(rf"{ADAPTER_PATHS}up/", variable.path)
        ):
            variable.assign(ops.zeros_like(variable.value))


def _listed(numbers):
    return ", ".join(map(str, numbers)) or "none"
