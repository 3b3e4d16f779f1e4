"""BERT's formulas in plain NumPy, to hold the layers against.

Shapes: B batch, T length, N heads, D units per head. Kernels are [in, out].
"""

import math

import numpy as np
from scipy import special


def gelu(x):
    return x * 0.5 * (1 + special.erf(x / math.sqrt(2)))


def gelu_new(x):
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + np.tanh(inner))


def layer_norm(x, gamma, beta, epsilon=1e-12):
    mean = x.mean(-1, keepdims=True)
    variance = np.square(x - mean).mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


def softmax(x):
    exponentials = np.exp(x - x.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def self_attention(x, mask, weights, num_heads):
    """Attends from every row of `x` to the keys where `mask` is 1.

    `weights` maps `query`, `key`, `value` and `output` to (kernel, bias).
    """
    batch, length, hidden = x.shape
    size = hidden // num_heads

    def heads(name):
        kernel, bias = weights[name]
        y = (x @ kernel + bias).reshape(batch, length, num_heads, size)
        return y.transpose(0, 2, 1, 3)  # [B, N, T, D]

    query, key, value = heads("query"), heads("key"), heads("value")
    scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(size)
    scores = scores + (1 - mask[:, None, None, :]) * -10000.0
    context = softmax(scores) @ value  # [B, N, T, D]
    context = context.transpose(0, 2, 1, 3).reshape(batch, length, hidden)
    kernel, bias = weights["output"]
    return context @ kernel + bias
