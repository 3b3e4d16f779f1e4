"""Sum of word, position and segment embeddings."""

import keras
from keras import ops

from adapter_bert.config import EncoderConfig
from adapter_bert.layers.dropout import Dropout
from adapter_bert.layers.initializers import bert_initializer


@keras.saving.register_keras_serializable("adapter_bert")
class Embeddings(keras.layers.Layer):
    """Word, segment and position embeddings, LayerNorm, dropout.

    Args:
        config: EncoderConfig. Shape of the encoder.

    Input shape: `input_ids` and `segment_ids`, int32 `[batch, length]`.
    Output shape: `[batch, length, hidden]`.

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805), figure 2.
    """

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config

    def build(self, *_):
        config = self.config
        self.word_embeddings = self._table(config.vocab_size, "word_embeddings")
        self.token_type_embeddings = self._table(
            config.type_vocab_size, "token_type_embeddings"
        )
        self.position_embeddings = self._table(
            config.max_position_embeddings, "position_embeddings"
        )
        self.layer_norm = keras.layers.LayerNormalization(
            epsilon=config.layer_norm_eps,
            dtype=self.dtype_policy,
            name="layer_norm",
        )
        self.layer_norm.build((None, None, config.hidden_size))
        self.dropout = Dropout(
            config.hidden_dropout_prob, dtype=self.dtype_policy, name="dropout"
        )
        self.dropout.build((None, None, config.hidden_size))
        self.built = True

    def call(self, input_ids, segment_ids, training=False):
        length = ops.shape(input_ids)[1]
        x = ops.take(self.word_embeddings, input_ids, axis=0)  # [B, T, hidden]
        x = x + ops.take(self.token_type_embeddings, segment_ids, axis=0)
        x = x + self.position_embeddings[:length]
        return self.dropout(self.layer_norm(x), training=training)

    # Given outright: tracing the slice above with a symbolic length fails on
    # JAX.
    def compute_output_spec(self, input_ids, segment_ids, training=False):
        return keras.KerasTensor(
            (*input_ids.shape, self.config.hidden_size), self.compute_dtype
        )

    def get_config(self):
        return {**super().get_config(), "config": self.config.to_dict()}

    @classmethod
    def from_config(cls, config):
        shape = EncoderConfig(**config.pop("config"))
        return cls(shape, **config)

    def _table(self, rows, name):
        return self.add_weight(
            (rows, self.config.hidden_size),
            initializer=bert_initializer(self.config.initializer_range),
            name=name,
        )
