"""Losses, against the formulas in double precision."""

import numpy as np
import pytest
import tensorflow as tf

from adapter_bert.losses import (
    binary_cross_entropy,
    cross_entropy,
    squared_error,
)

LOGITS = [-1e4, -90, -20, -1, -1e-3, 0, 1e-3, 1, 20, 90, 1e4]


def gradient(loss, targets, logits):
    """Returns the gradient of the summed losses with respect to `logits`."""
    logits = tf.constant(logits, "float32")
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = tf.reduce_sum(loss(targets, logits))
    return tf.convert_to_tensor(tape.gradient(value, logits)).numpy()


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def sigmoid(x):
    return np.exp(-softplus(-x))


@pytest.mark.parametrize("target", [0, 1])
def test_binary_cross_entropy_is_the_formula(target):
    logits = np.array(LOGITS, "float32")[:, None]
    targets = np.full(logits.shape, target, "float32")
    losses = np.asarray(binary_cross_entropy(targets, logits))
    assert losses.dtype == np.float32
    assert losses.shape == logits.shape
    # Minus the logarithm of the target's own probability.
    expected = softplus(logits.astype("float64") * (1 - 2 * target))
    # float32 has nothing between 0 and exp(-104).
    np.testing.assert_allclose(losses, expected, rtol=1e-5, atol=1e-37)


@pytest.mark.parametrize("target", [0, 1])
def test_gradient_of_binary_cross_entropy(target):
    logits = np.array(LOGITS, "float32")[:, None]
    targets = np.full(logits.shape, target, "float32")
    slopes = gradient(binary_cross_entropy, targets, logits)
    expected = sigmoid(logits.astype("float64")) - target
    np.testing.assert_allclose(slopes, expected, rtol=1e-5, atol=1e-7)


def test_labels_count_by_themselves():
    random = np.random.default_rng(0)
    logits = random.normal(size=(4, 3)).astype("float32")
    targets = random.integers(0, 2, (4, 3)).astype("float32")
    whole = binary_cross_entropy(targets, logits)
    for i in range(3):
        column = slice(i, i + 1)
        alone = binary_cross_entropy(targets[:, column], logits[:, column])
        np.testing.assert_allclose(whole[:, column], alone, rtol=1e-6)


def test_squared_error_is_the_formula():
    targets = np.array([0, 2.5, -3, 5, 1e4], "float32")
    logits = np.array([[0], [2], [4], [-1e3], [1e4]], "float32")
    losses = np.asarray(squared_error(targets, logits))
    assert losses.dtype == np.float32
    expected = [0, 0.25, 49, 1005.0**2, 0]
    np.testing.assert_allclose(losses, expected)
    slopes = gradient(squared_error, targets, logits)
    np.testing.assert_allclose(slopes, [[0], [-1], [14], [-2010], [0]])


def test_gradients_of_cross_entropy_are_finite():
    logits = np.array([[1e4, -1e4], [-1e4, 1e4], [0, 0]], "float32")
    slopes = gradient(cross_entropy, np.array([0, 0, 1]), logits)
    np.testing.assert_allclose(slopes, [[0, 0], [-1, 1], [0.5, -0.5]])


@pytest.mark.parametrize(
    ("loss", "targets", "shape"),
    [
        (cross_entropy, np.array([0, 2]), (2, 3)),
        (binary_cross_entropy, np.array([[0, 1], [1, 1]], "float32"), (2, 2)),
        (squared_error, np.array([0.3, 2], "float32"), (2, 1)),
    ],
)
def test_bfloat16_logits_give_float32_losses(loss, targets, shape):
    logits = np.random.default_rng(0).normal(size=shape)
    low = tf.cast(logits, "bfloat16")
    losses = loss(targets, low)
    assert losses.dtype == "float32"
    assert losses.shape == targets.shape
    expected = loss(targets, tf.cast(low, "float32"))
    np.testing.assert_array_equal(losses, expected)
