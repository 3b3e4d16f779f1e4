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
        config, hidden = self.encoder, tuple(input_shape)
        self.attention = SelfAttention(
            config.num_attention_heads,
            dropout=config.attention_probs_dropout_prob,
            initializer_range=config.initializer_range,
            dtype=self.dtype_policy,
            name="attention",
        )
        self.attention.build(hidden)
        self.activate = get_activation(config.hidden_act)
        self.intermediate = self._dense(
            config.intermediate_size, "intermediate"
        )
        self.intermediate.build(hidden)
        self.output_dense = self._dense(config.hidden_size, "output")
        self.output_dense.build((*hidden[:-1], config.intermediate_size))
        for site in ("attention", "output"):
            self._build_site(site, hidden)
        self.built = True

    def call(self, x, attention_bias, training=False):
        y = self.attention(x, attention_bias, training=training)
        x = self._close("attention", y, x, training)  # [B, T, hidden]
        y = self.activate(self.intermediate(x))  # [B, T, intermediate]
        return self._close("output", self.output_dense(y), x, training)

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

    def _build_site(self, site, shape):
        layers = {
            "dropout": Dropout(
                self.encoder.hidden_dropout_prob,
                dtype=self.dtype_policy,
                name=f"{site}_dropout",
            ),
            "layer_norm": keras.layers.LayerNormalization(
                epsilon=self.encoder.layer_norm_eps,
                dtype=self.dtype_policy,
                name=f"{site}_layer_norm",
            ),
        }
        if self.adapter is not None:
            layers["adapter"] = Adapter(
                self.adapter.resolve_size(self.encoder),
                activation=self.adapter.activation,
                init_scale=self.adapter.init_scale,
                initializer=self.adapter.initializer,
                dtype=self.dtype_policy,
                name=f"{site}_adapter",
            )
        for name, layer in layers.items():
            layer.build(shape)
            setattr(self, f"{site}_{name}", layer)

    def _close(self, site, y, residual, training):
        dropout = getattr(self, f"{site}_dropout")
        layer_norm = getattr(self, f"{site}_layer_norm")
        if self.adapter is None:
            y = dropout(y, training=training)
        elif self.adapter.placement == "after_dropout":
            y = getattr(self, f"{site}_adapter")(dropout(y, training=training))
        else:
            y = dropout(getattr(self, f"{site}_adapter")(y), training=training)
        return layer_norm(y + residual)

    def _dense(self, units, name):
        return keras.layers.Dense(
            units,
            kernel_initializer=bert_initializer(self.encoder.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )
