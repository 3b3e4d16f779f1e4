"""Bottleneck adapter layer."""

import keras

from adapter_bert.layers.activations import get_activation


@keras.saving.register_keras_serializable("adapter_bert")
class Adapter(keras.layers.Layer):
    """Residual bottleneck inserted after a Transformer sub-layer.

    Computes `x + up(activation(down(x)))`. Both kernels start near zero, so an
    untrained adapter is close to the identity and the pretrained network is
    recovered at step 0.

    Args:
        size: int. Width of the bottleneck, in units.
        activation: string. Non-linearity between the projections. Defaults to
            the tanh approximation of GELU, as in BERT.
        init_scale: float. Standard deviation of the distribution of both
            kernels. Biases start at zero.
        initializer: string. That distribution: `truncated_normal`, cut at two
            standard deviations, or `normal`.

    Input shape: `[batch, length, hidden]`.
    Output shape: same as the input.

    Raises:
        ValueError: If `size` is not positive.

    Reference:
        [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751), section 2.1.
    """

    def __init__(
        self,
        size=64,
        activation="gelu_new",
        init_scale=1e-3,
        initializer="truncated_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if size <= 0:
            raise ValueError(
                "`size` must be a positive integer. "
                f"Received: size={size} (layer '{self.name}')"
            )
        self.size = size
        self.activation = activation
        self.init_scale = init_scale
        self.initializer = initializer
        self.supports_masking = True

    def build(self, input_shape):
        hidden = input_shape[-1]
        self.activate = get_activation(self.activation)
        self.down = self._projection(self.size, "down")
        self.down.build(input_shape)
        self.up = self._projection(hidden, "up")
        self.up.build((*input_shape[:-1], self.size))
        self.built = True

    def call(self, x):
        y = self.activate(self.down(x))  # [B, T, size]
        return x + self.up(y)  # [B, T, hidden]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "activation": self.activation,
            "init_scale": self.init_scale,
            "initializer": self.initializer,
        }

    def _projection(self, units, name):
        distributions = {
            "truncated_normal": keras.initializers.TruncatedNormal,
            "normal": keras.initializers.RandomNormal,
        }
        return keras.layers.Dense(
            units,
            kernel_initializer=distributions[self.initializer](
                stddev=self.init_scale
            ),
            dtype=self.dtype_policy,
            name=name,
        )
