"""Dropout whose mask is a function of (seed, step, layer)."""

import contextlib
import contextvars
import zlib
from collections.abc import Iterator

import keras
from keras import ops

_seed = contextvars.ContextVar("dropout_seed", default=None)


@contextlib.contextmanager
def dropout_seed(seed) -> Iterator[None]:
    """Draws every mask inside the block from `seed` and the layer's path.

    No state is read or written, so a training step can be repeated exactly
    from its number alone. Outside such a block (in `Model.fit`, say) each
    layer counts its own calls, as Keras's Dropout does.

    Args:
        seed: Integer tensor of shape `[2]`: the run's seed and the step.
    """
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


@keras.saving.register_keras_serializable("adapter_bert")
class Dropout(keras.layers.Layer):
    """Sets a share of the inputs to zero in training and scales up the rest.

    Args:
        rate: float. Share of inputs to drop, in [0, 1).

    Input shape: any.
    Output shape: same as the input.
    """

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.supports_masking = True

    def build(self, input_shape):
        self.seed_generator = _PathSeed(zlib.crc32(self.path.encode()) >> 1)
        self.built = True

    def call(self, x, training=False):
        if not training or self.rate == 0:
            return x
        return keras.random.dropout(x, self.rate, seed=self.seed_generator)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


class _PathSeed(keras.random.SeedGenerator):
    """Seeds from the surrounding `dropout_seed`, told apart by `stream`."""

    def __init__(self, stream):
        super().__init__(seed=stream, name="seed_generator")
        self.stream = stream

    def next(self, ordered=True):
        seed = _seed.get()
        if seed is None:
            return super().next(ordered)
        stream = ops.convert_to_tensor([self.stream, 0], self.state.dtype)
        return ops.bitwise_xor(ops.cast(seed, self.state.dtype), stream)
