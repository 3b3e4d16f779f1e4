"""BERT encoder with adapters."""

import dataclasses

import keras
from keras import ops

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.layers.embeddings import Embeddings
from adapter_bert.layers.encoder_block import EncoderBlock
from adapter_bert.layers.initializers import bert_initializer


@keras.saving.register_keras_serializable("adapter_bert")
class BertEncoder(keras.Model):
    """BERT encoder as a functional model.

    Inputs are a dict of int32 `[batch, length]`: `input_ids`, `input_mask` (1
    for tokens, 0 for padding) and `segment_ids`. Outputs are a dict:
    `sequence_output` `[batch, length, hidden]` and `pooled_output`
    `[batch, hidden]`.

    Its weights start at zero: `load_classifier` fills them from a checkpoint,
    `build_classifier` at random.

    Args:
        encoder_config: EncoderConfig. Shape of the encoder.
        adapter_config: AdapterConfig or None. None builds plain BERT.

    Reference:
        - [Devlin et al., 2019](https://arxiv.org/abs/1810.04805)
        - [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751)
    """

    def __init__(self, encoder_config, adapter_config=None, **kwargs):
        # === Layers ===
        # Files or `initialize` fill the encoder, so it draws no values.
        shape = dataclasses.replace(encoder_config, initializer_range=0.0)
        dtype = keras.dtype_policies.get(kwargs.pop("dtype", None))
        adapted = (
            adapter_config.resolve_layers(encoder_config)
            if adapter_config
            else ()
        )
        embeddings = Embeddings(shape, dtype=dtype, name="embeddings")
        blocks = [
            EncoderBlock(
                shape,
                adapter_config if i in adapted else None,
                dtype=dtype,
                name=f"layer_{i}",
            )
            for i in range(encoder_config.num_hidden_layers)
        ]
        pooler = keras.layers.Dense(
            encoder_config.hidden_size,
            activation="tanh",
            kernel_initializer=bert_initializer(shape.initializer_range),
            dtype=dtype,
            name="pooler",
        )

        # === Functional Model ===
        inputs = {
            name: keras.Input((None,), dtype="int32", name=name)
            for name in ("input_ids", "input_mask", "segment_ids")
        }
        x = embeddings(inputs["input_ids"], inputs["segment_ids"])
        bias = attention_bias(inputs["input_mask"], x.dtype)
        for block in blocks:
            x = block(x, bias)  # [B, T, hidden]
        outputs = {
            "sequence_output": x,
            "pooled_output": pooler(x[:, 0]),  # [B, hidden]
        }
        super().__init__(inputs=inputs, outputs=outputs, **kwargs)

        # === Config ===
        self.encoder_config = encoder_config
        self.adapter_config = adapter_config
        self.policy = dtype

    def get_config(self):
        adapter = self.adapter_config
        return {
            "name": self.name,
            "dtype": self.policy.name,
            "encoder_config": self.encoder_config.to_dict(),
            "adapter_config": adapter and adapter.to_dict(),
        }

    @classmethod
    def from_config(cls, config):
        encoder = EncoderConfig(**config.pop("encoder_config"))
        adapter = config.pop("adapter_config")
        adapter = adapter and AdapterConfig.from_dict(adapter)
        return cls(encoder, adapter, **config)


def attention_bias(input_mask, dtype):
    """Returns 0 for tokens and -10000 for padding, `[batch, 1, 1, length]`.

    The finite constant is the original's; it masks keys, never queries.
    """
    bias = (1.0 - ops.cast(input_mask, dtype)) * -10000.0  # [B, T]
    # Indexing with None instead does not convert to LiteRT.
    return ops.expand_dims(ops.expand_dims(bias, 1), 1)
