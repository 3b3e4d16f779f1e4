"""Loss of each example from its logits."""

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
