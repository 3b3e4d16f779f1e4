"""One Transformer block of BERT with its two adapters."""

import keras

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.layers.activations import get_activation
from adapter_bert.layers.adapter import Adapter
from adapter_bert.layers.attention import SelfAttention
from adapter_bert.layers.dropout import Dropout
from adapter_bert.layers.initializers import bert_initializer


@keras.saving.register_keras_serializable("adapter_bert")
class EncoderBlock(keras.layers.Layer):
    """Self-attention and feed-forward sub-layers, each closed by an adapter.

    Each sub-layer's output goes through dropout and an adapter before the
    residual sum and LayerNorm: `LN(adapter(dropout(f(x))) + x)`.

    Args:
        encoder: EncoderConfig. Shape of the encoder.
        adapter: AdapterConfig or None. None builds a plain BERT block.

    Input shape: `[batch, length, hidden]` and an additive attention bias
        `[batch, 1, 1, length]`.
    Output shape: `[batch, length, hidden]`.

    Reference:
        [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751), figure 2.
    """

    def __init__(self, encoder, adapter=None, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.adapter = adapter

    def build(self, input_shape, *_):
        config, shape = self.encoder, tuple(input_shape)
        attention = SelfAttention(
            config.num_attention_heads,
            dropout=config.attention_probs_dropout_prob,
            initializer_range=config.initializer_range,
            dtype=self.dtype_policy,
            name="attention",
        )
        self.attention = _built(attention, shape)
        self.attention_dropout = self._dropout("attention_dropout", shape)
        self.attention_adapter = self._adapter("attention_adapter", shape)
        self.attention_layer_norm = self._layer_norm(
            "attention_layer_norm", shape
        )
        self.intermediate = self._dense(
            config.intermediate_size, "intermediate", shape
        )
        self.activate = get_activation(config.hidden_act)
        self.output_dense = self._dense(
            config.hidden_size,
            "output",
            (*shape[:-1], config.intermediate_size),
        )
        self.output_dropout = self._dropout("output_dropout", shape)
        self.output_adapter = self._adapter("output_adapter", shape)
        self.output_layer_norm = self._layer_norm("output_layer_norm", shape)
        self.built = True

    def call(self, x, attention_bias, training=False):
        y = self.attention(x, attention_bias, training=training)
        y = self._adapt(
            y, self.attention_dropout, self.attention_adapter, training
        )
        x = self.attention_layer_norm(y + x)  # [B, T, hidden]
        y = self.activate(self.intermediate(x))  # [B, T, intermediate]
        y = self.output_dense(y)  # [B, T, hidden]
        y = self._adapt(y, self.output_dropout, self.output_adapter, training)
        return self.output_layer_norm(y + x)

    def compute_output_shape(self, input_shape, *_):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "encoder": self.encoder.to_dict(),
            "adapter": self.adapter and self.adapter.to_dict(),
        }

    @classmethod
    def from_config(cls, config):
        encoder = EncoderConfig(**config.pop("encoder"))
        adapter = config.pop("adapter")
        adapter = adapter and AdapterConfig.from_dict(adapter)
        return cls(encoder, adapter, **config)

    def _adapt(self, y, dropout, adapter, training):
        if adapter is None:
            return dropout(y, training=training)
        if self.adapter.placement == "before_dropout":
            return dropout(adapter(y), training=training)
        return adapter(dropout(y, training=training))

    def _adapter(self, name, shape):
        if self.adapter is None:
            return None
        adapter = Adapter(
            self.adapter.resolve_size(self.encoder),
            activation=self.adapter.activation,
            init_scale=self.adapter.init_scale,
            initializer=self.adapter.initializer,
            dtype=self.dtype_policy,
            name=name,
        )
        return _built(adapter, shape)

    def _dense(self, units, name, shape):
        dense = keras.layers.Dense(
            units,
            kernel_initializer=bert_initializer(self.encoder.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )
        return _built(dense, shape)

    def _dropout(self, name, shape):
        rate = self.encoder.hidden_dropout_prob
        return _built(Dropout(rate, dtype=self.dtype_policy, name=name), shape)

    def _layer_norm(self, name, shape):
        layer_norm = keras.layers.LayerNormalization(
            epsilon=self.encoder.layer_norm_eps,
            dtype=self.dtype_policy,
            name=name,
        )
        return _built(layer_norm, shape)


def _built(layer, shape):
    layer.build(shape)
    return layer
