"""Losses from logits, one value for each target.

Each takes targets and the logits `[batch, num_labels]`, computes in float32
and returns a tensor of the targets' shape, unreduced.
"""

import keras
from keras import ops


def cross_entropy(label_ids, logits):
    """Softmax cross-entropy in nats.

    Args:
        label_ids: Integer tensor of shape `[batch]`.
        logits: Tensor of shape `[batch, num_labels]`.

    Returns:
        Tensor of shape `[batch]`, float32.
    """
    return keras.losses.sparse_categorical_crossentropy(
        label_ids, ops.cast(logits, "float32"), from_logits=True
    )


def binary_cross_entropy(targets, logits):
    """Sigmoid cross-entropy of every label by itself, in nats.

    Args:
        targets: Tensor of 0 and 1, of shape `[batch, num_labels]`.
        logits: Tensor of the same shape.

    Returns:
        Tensor of shape `[batch, num_labels]`, float32.
    """
    # -log(sigmoid(x)) of a 1 is softplus(-x), -log(1 - sigmoid(x)) of a 0 is
    # softplus(x).
    return ops.softplus((1.0 - 2.0 * targets) * ops.cast(logits, "float32"))


def squared_error(targets, logits):
    """Squared difference of a score and the only logit.

    Args:
        targets: Float tensor of shape `[batch]`.
        logits: Tensor of shape `[batch, 1]`.

    Returns:
        Tensor of shape `[batch]`, float32.
    """
    return ops.square(ops.cast(logits, "float32")[:, 0] - targets)
