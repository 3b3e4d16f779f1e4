"""Optimizer, against NumPy on given gradients of real variables."""

import keras
import numpy as np
import pytest

from adapter_bert.models.classifier import build_classifier
from adapter_bert.training.optimizer import AdamWeightDecay
from adapter_bert.training.schedule import LinearWarmupDecay
from adapter_bert.training.step_tensorflow import make_train_steps
from tests.tiny import ADAPTER, ENCODER, make_rows

NUM_STEPS = 20


def numpy_updates(values, gradients, rates):
    """The original's formula on dicts by path, in double precision."""
    theta = {path: value.astype("float64") for path, value in values.items()}
    m = {path: np.zeros_like(value) for path, value in theta.items()}
    v = {path: np.zeros_like(value) for path, value in theta.items()}
    for step, rate in enumerate(rates):
        g = {p: gradients[step][p].astype("float64") for p in theta}
        norm = np.sqrt(sum(np.square(values).sum() for values in g.values()))
        for path in theta:
            clipped = g[path] * min(1, 1 / norm)
            m[path] = 0.9 * m[path] + 0.1 * clipped
            v[path] = 0.999 * v[path] + 0.001 * clipped**2
            update = m[path] / (np.sqrt(v[path]) + 1e-6)
            if path.endswith("kernel"):
                update = update + 0.01 * theta[path]
            theta[path] = theta[path] - rate * update
    return theta, m, v


def make_gradients(model, norm):
    """Returns gradients of so large a global norm by path, for each step."""
    random = np.random.default_rng(0)
    count = sum(v.shape.num_elements() for v in model.trainable_variables)
    return [
        {
            v.path: (random.normal(size=v.shape) * norm / count**0.5).astype(
                "float32"
            )
            for v in model.trainable_variables
        }
        for _ in range(NUM_STEPS)
    ]


@pytest.fixture
def model():
    # Large kernels, so that a wrong decay would show.
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    for variable in model.trainable_variables:
        if variable.path.endswith("kernel"):
            variable.assign(variable.value * 50)
    return model


def values_of(variables):
    return {v.path: np.asarray(v.value).copy() for v in variables}


@pytest.mark.parametrize("norm", [30.0, 0.3], ids=["clipped", "not clipped"])
@pytest.mark.parametrize("schedule", ["constant", "warmup"])
def test_20_steps_equal_numpy(model, norm, schedule):
    variables = model.trainable_variables
    before = values_of(variables)
    gradients = make_gradients(model, norm)
    if schedule == "constant":
        optimizer = AdamWeightDecay(1e-3)
        rates = [1e-3] * NUM_STEPS
    else:
        optimizer = AdamWeightDecay(LinearWarmupDecay(2e-3, NUM_STEPS, 5))
        rates = [2e-3 * t / 5 for t in range(1, 5)]
        rates += [2e-3 * (1 - t / 20) for t in range(5, 21)]
    optimizer.build(variables)
    for step in range(NUM_STEPS):
        optimizer.apply([gradients[step][v.path] for v in variables], variables)
    expected, m, v = numpy_updates(before, gradients, rates)
    assert int(optimizer.iterations) == NUM_STEPS
    for i, variable in enumerate(variables):
        path = variable.path
        np.testing.assert_allclose(
            variable.value, expected[path], atol=1e-6, err_msg=path
        )
        np.testing.assert_allclose(
            optimizer.adam_m[i].value, m[path], atol=1e-6, err_msg=path
        )
        np.testing.assert_allclose(
            optimizer.adam_v[i].value, v[path], atol=1e-6, err_msg=path
        )


def test_the_two_norms_make_a_difference():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    for norm in (30.0, 0.3):
        for gradients in make_gradients(model, norm):
            squares = sum(np.square(g).sum() for g in gradients.values())
            assert np.sqrt(squares) == pytest.approx(norm, rel=0.2)


@pytest.mark.parametrize("adapter", [ADAPTER, None], ids=["adapters", "all"])
def test_only_kernels_and_tables_decay(adapter):
    model = build_classifier(ENCODER, adapter, num_labels=3)
    variables = model.trainable_variables
    for variable in variables:
        variable.assign(np.ones(variable.shape))
    optimizer = AdamWeightDecay(learning_rate=0.5, weight_decay=0.01)
    optimizer.build(variables)
    optimizer.apply([np.zeros(v.shape, "float32") for v in variables])
    decayed = set()
    for path, values in values_of(variables).items():
        if path.endswith(("kernel", "embeddings")):
            decayed.add(path)
            np.testing.assert_allclose(values, 1 - 0.5 * 0.01, rtol=1e-6)
        else:
            assert path.endswith(("bias", "gamma", "beta"))
            np.testing.assert_array_equal(values, 1)
    assert len(decayed) == (9 if adapter else 17)


def test_there_is_no_bias_correction():
    variable = keras.Variable(np.zeros(1), name="bias")
    optimizer = AdamWeightDecay(learning_rate=1.0)
    optimizer.build([variable])
    optimizer.apply([np.array([0.1], "float32")])
    # Adam with correction would take a step of 1.
    expected = -0.1 * 0.1 / (np.sqrt(0.001 * 0.1**2) + 1e-6)
    np.testing.assert_allclose(variable.value, [expected], rtol=1e-5)


def test_frozen_variables_have_no_slots(model):
    optimizer = AdamWeightDecay()
    optimizer.build(model.trainable_variables)
    slots = len(optimizer.adam_m) + len(optimizer.adam_v)
    assert slots == 2 * len(model.trainable_variables)
    # Iterations and the learning rate are the other two.
    assert len(optimizer.variables) == slots + 2


def test_config_round_trip():
    optimizer = AdamWeightDecay(
        LinearWarmupDecay(1e-3, 10, 1), weight_decay=0.1, epsilon=1e-3
    )
    values = keras.saving.serialize_keras_object(optimizer)
    copy = keras.saving.deserialize_keras_object(values)
    assert type(copy) is AdamWeightDecay
    assert copy.get_config() == optimizer.get_config()
    assert copy.get_config()["global_clipnorm"] == 1.0


def test_clipping_sees_the_dense_norm_of_embeddings():
    # TensorFlow gives a table's gradient as rows with repeated ids, whose norm
    # is another than the gradient's.
    model = build_classifier(ENCODER, None, num_labels=2)
    before = [np.asarray(v).copy() for v in model.trainable_variables]
    optimizer = AdamWeightDecay(0.0, global_clipnorm=1e-3)
    optimizer.build(model.trainable_variables)
    rows = make_rows([8, 8])
    batch = {
        **rows.batch([0, 0, 0, 1]),
        "targets": np.array([0, 0, 0, 1], "int32"),
        "weights": np.ones(4, "float32"),
    }
    with make_train_steps(model, optimizer, {0: batch}, range(1), 1) as take:
        take(1)
    clipped = np.concatenate([np.ravel(m) for m in optimizer.adam_m]) / 0.1
    np.testing.assert_allclose(np.linalg.norm(clipped), 1e-3, rtol=1e-4)
    for variable, value in zip(model.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(variable, value)
