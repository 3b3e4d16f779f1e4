"""What every layer must do, in one call."""

import inspect
import json

import keras
import numpy as np
import tensorflow as tf

# Adding one number to all scores of a query changes no softmax, so the true
# gradient of a key's bias is 0.
_NO_GRADIENT = ("key/bias",)


def check_layer(layer, *inputs):
    """Checks that a layer is a good citizen of Keras.

    Its config goes through JSON and back to an equal layer, its outputs have
    the shape it announces, at any batch size and length, in float32 and
    mixed_bfloat16, and a gradient reaches each of its trainable weights.

    Args:
        layer: Layer that has not been built yet, in float32.
        inputs: Arrays to call it on: `[batch, length, ...]`, or, of rank 4,
            an attention bias `[batch, 1, 1, length]`.
    """
    output = keras.ops.convert_to_numpy(layer(*inputs))
    assert output.dtype == np.float32
    assert np.isfinite(output).all()
    spread_weights(layer)
    output = keras.ops.convert_to_numpy(layer(*inputs))
    _check_serialization(layer, inputs, output)
    _check_shapes(layer, inputs, output)
    _check_mixed_precision(layer, inputs, output)
    _check_gradients(layer, inputs, output)


def spread_weights(layer):
    """Gives each weight values at which every term shows, by its path."""
    random = np.random.default_rng(0)
    for variable in sorted(layer.weights, key=lambda v: v.path):
        values = random.normal(size=variable.shape) * 0.3
        variable.assign(values + (variable.name == "gamma"))


def _check_serialization(layer, inputs, output):
    values = keras.saving.serialize_keras_object(layer)
    values = json.loads(json.dumps(values))
    copy = keras.saving.deserialize_keras_object(values)
    assert type(copy) is type(layer)
    for name in _arguments(layer):
        assert getattr(copy, name) == getattr(layer, name), name
    copy(*inputs)
    assert [v.path for v in copy.weights] == [v.path for v in layer.weights]
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy(*inputs), output)


def _arguments(layer):
    """Returns what its constructor takes beside Keras's own arguments."""
    names = inspect.signature(type(layer)).parameters
    return [name for name in names if name != "kwargs"]


def _check_shapes(layer, inputs, output):
    def spec(arrays, num_free=0):
        # The first `num_free` of batch and length stay open.
        specs = [
            keras.KerasTensor(_shape_with_free(x.shape, num_free), x.dtype)
            for x in arrays
        ]
        return layer.compute_output_spec(*specs)

    assert spec(inputs).shape == output.shape
    assert spec(inputs).dtype == "float32"
    assert spec(inputs, 2).shape == (None, None, *output.shape[2:])
    length = output.shape[1] - 1
    shorter = [_cut(x, length) for x in inputs]
    expected = (1, length, *output.shape[2:])
    assert layer(*shorter).shape == expected == spec(shorter).shape


def _shape_with_free(shape, num_free):
    if not num_free:
        return shape
    if len(shape) == 4:
        return (None, 1, 1, None)
    return (None, None, *shape[2:])


def _cut(array, length):
    """Returns the first row of `array`, cut to `length`."""
    if array.ndim == 4:
        return array[:1, ..., :length]
    return array[:1, :length]


def _check_mixed_precision(layer, inputs, output):
    config = {**layer.get_config(), "dtype": "mixed_bfloat16"}
    mixed = type(layer).from_config(config)
    mixed(*inputs)
    assert {v.dtype for v in mixed.weights} <= {"float32"}
    mixed.set_weights(layer.get_weights())
    result = mixed(*inputs)
    assert result.dtype == "bfloat16"
    # bfloat16 has 8 significant bits.
    np.testing.assert_allclose(
        tf.cast(result, "float32"), output, atol=0.05 * np.abs(output).max()
    )


def _check_gradients(layer, inputs, output):
    # A plain sum would not do: that of a LayerNorm's output is constant.
    weights = np.random.default_rng(1).normal(size=output.shape)
    values = [variable.value for variable in layer.trainable_weights]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(*inputs) * weights.astype("float32"))
    gradients = tape.gradient(loss, values)
    for variable, gradient in zip(
        layer.trainable_weights, gradients, strict=True
    ):
        assert gradient is not None, variable.path
        gradient = tf.convert_to_tensor(gradient).numpy()
        assert np.isfinite(gradient).all(), variable.path
        if not variable.path.endswith(_NO_GRADIENT):
            assert gradient.any(), variable.path
