"""Multi-head self-attention with one kernel per checkpoint tensor.

Shapes: B batch, T length, N heads, D units per head, hidden = N * D.
"""

import math

import keras
from keras import ops

from adapter_bert.layers.dropout import Dropout
from adapter_bert.layers.initializers import bert_initializer


@keras.saving.register_keras_serializable("adapter_bert")
class SelfAttention(keras.layers.Layer):
    """Scaled dot-product attention of a sequence to itself.

    Query, key, value and output are four `[hidden, hidden]` kernels, as in
    every BERT checkpoint.

    Args:
        num_heads: int. Number of heads; must divide the hidden size.
        dropout: float. Dropout of the attention probabilities.
        initializer_range: float. Standard deviation of the kernels.

    Input shape: `[batch, length, hidden]` and an additive bias
        `[batch, 1, 1, length]`, 0 where a key may be attended to.
    Output shape: `[batch, length, hidden]`.

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762), section 3.2.
    """

    def __init__(
        self, num_heads, dropout=0.1, initializer_range=0.02, **kwargs
    ):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.dropout = dropout
        self.initializer_range = initializer_range

    def build(self, input_shape):
        self.head_size = input_shape[-1] // self.num_heads
        self.query_dense = self._projection("query", input_shape)
        self.key_dense = self._projection("key", input_shape)
        self.value_dense = self._projection("value", input_shape)
        self.output_dense = self._projection("output", input_shape)
        self.probs_dropout = Dropout(
            self.dropout, dtype=self.dtype_policy, name="probs_dropout"
        )
        self.probs_dropout.build((None, self.num_heads, None, None))
        self.built = True

    def call(self, x, attention_bias, training=False):
        query = self._split_heads(self.query_dense(x))  # [B, N, T, D]
        key = self._split_heads(self.key_dense(x))  # [B, N, T, D]
        value = self._split_heads(self.value_dense(x))  # [B, N, T, D]
        scores = ops.matmul(query, ops.swapaxes(key, -1, -2))  # [B, N, T, T]
        scores = scores * (1.0 / math.sqrt(self.head_size)) + attention_bias
        probs = self.probs_dropout(ops.softmax(scores), training=training)
        context = ops.matmul(probs, value)  # [B, N, T, D]
        context = ops.transpose(context, (0, 2, 1, 3))  # [B, T, N, D]
        return self.output_dense(ops.reshape(context, ops.shape(x)))

    def compute_output_shape(self, input_shape, *_):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "dropout": self.dropout,
            "initializer_range": self.initializer_range,
        }

    def _split_heads(self, x):
        batch, length = ops.shape(x)[:2]
        x = ops.reshape(x, (batch, length, self.num_heads, self.head_size))
        return ops.transpose(x, (0, 2, 1, 3))

    def _projection(self, name, input_shape):
        dense = keras.layers.Dense(
            input_shape[-1],
            kernel_initializer=bert_initializer(self.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )
        dense.build(input_shape)
        return dense
