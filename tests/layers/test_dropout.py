"""Dropout whose masks follow from (seed, step, layer)."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from adapter_bert.layers.dropout import Dropout, dropout_seed
from tests.checks import check_layer

ONES = np.ones((100, 200), "float32")


def mask(layer, seed, step, x=ONES):
    with dropout_seed(np.array([seed, step], "int32")):
        return keras.ops.convert_to_numpy(layer(x, training=True))


@pytest.fixture
def layer():
    return Dropout(0.3, name="some_dropout")


def test_dropout_is_a_good_layer():
    check_layer(Dropout(0.3), ONES[:2, :3, None])


def test_same_seed_step_and_path_give_the_same_mask(layer):
    first = mask(layer, 1, 5)
    mask(layer, 1, 6)
    layer(ONES, training=True)
    np.testing.assert_array_equal(mask(layer, 1, 5), first)
    same_path = Dropout(0.3, name="some_dropout")
    np.testing.assert_array_equal(mask(same_path, 1, 5), first)


def test_same_mask_in_a_compiled_function(layer):
    @tf.function
    def compiled(step):
        with dropout_seed(tf.stack([1, step])):
            return layer(ONES, training=True)

    for step in (5, 6):
        np.testing.assert_array_equal(
            compiled(tf.constant(step)), mask(layer, 1, step)
        )


@pytest.mark.parametrize(
    ("name", "seed", "step"),
    [
        ("some_dropout", 1, 6),
        ("some_dropout", 2, 5),
        ("some_dropout", 5, 1),
        ("other_dropout", 1, 5),
    ],
)
def test_another_step_seed_or_layer_gives_an_unrelated_mask(
    layer, name, seed, step
):
    kept = mask(layer, 1, 5) != 0
    kept_there = mask(Dropout(0.3, name=name), seed, step) != 0
    # Independent masks agree in 0.3^2 + 0.7^2 of 20,000 places, +- 0.0035.
    assert (kept == kept_there).mean() == pytest.approx(0.58, abs=0.0175)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_rate_is_kept_and_the_rest_scaled_up(rate):
    values = mask(Dropout(rate, name="d"), 3, 4)
    assert (values == 0).mean() == pytest.approx(rate, abs=0.018)
    np.testing.assert_allclose(values[values != 0], 1 / (1 - rate), rtol=1e-6)


@pytest.mark.parametrize(
    ("rate", "training"), [(0.3, False), (0.0, True), (0.0, False)]
)
def test_nothing_drops_in_inference_or_at_rate_0(rate, training):
    layer = Dropout(rate)
    np.testing.assert_array_equal(layer(ONES, training=training), ONES)
    with dropout_seed(np.array([1, 2], "int32")):
        np.testing.assert_array_equal(layer(ONES, training=training), ONES)


def test_outside_the_block_each_call_draws_anew(layer):
    first = np.asarray(layer(ONES, training=True))
    second = np.asarray(layer(ONES, training=True))
    assert (first != second).any()
    with pytest.raises(RuntimeError, match="inside"), dropout_seed([1, 2]):
        raise RuntimeError("inside")
    third = np.asarray(layer(ONES, training=True))
    assert (third != second).any()


def test_masks_vary_from_batch_to_batch_in_fit():
    inputs = keras.Input((200,))
    outputs = keras.layers.Dense(1, kernel_initializer="ones")(
        Dropout(0.3, name="fit_dropout")(inputs)
    )
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mae")
    losses = model.fit(ONES[:4], np.zeros((4, 1)), epochs=4, verbose=0).history[
        "loss"
    ]
    assert len(set(losses)) == 4


def test_inner_block_wins_and_the_outer_one_returns(layer):
    expected = mask(layer, 1, 5)
    with dropout_seed(np.array([1, 5], "int32")):
        inner = mask(layer, 9, 9)
        outer = np.asarray(layer(ONES, training=True))
    assert (inner != expected).any()
    np.testing.assert_array_equal(outer, expected)


def test_masks_take_no_state(layer):
    mask(layer, 1, 5)
    state = layer.seed_generator.state
    before = np.asarray(state.value).tolist()
    mask(layer, 1, 6)
    assert np.asarray(state.value).tolist() == before
