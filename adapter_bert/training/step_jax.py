"""Compiled training steps on JAX."""

import contextlib
from collections.abc import Callable, Iterator

import jax
import keras
import numpy as np

from adapter_bert.layers.dropout import dropout_seed
from adapter_bert.problem_types import PROBLEM_TYPES


@contextlib.contextmanager
def make_train_steps(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    batches,
    steps: range,
    seed: int,
) -> Iterator[Callable[[int], np.ndarray]]:
    """Lends a function that takes so many steps.

    Arguments and result are those of its twin in `step_tensorflow.py`.
    """
    step = _compiled_step(model, optimizer, seed)
    variables = (
        model.trainable_variables,
        model.non_trainable_variables,
        optimizer.variables,
    )
    number = steps.start

    def take(num_steps):
        nonlocal number
        state = [[v.value for v in group] for group in variables]
        taken = []
        for _ in range(num_steps):
            batch = batches[number]
            goal = batch.pop("targets"), batch.pop("weights")
            result, state = step(state, batch, goal, np.int32(number))
            taken.append(result)
            number += 1
        for group, values in zip(variables, state, strict=True):
            for variable, value in zip(group, values, strict=True):
                variable.assign(value)
        return np.array(taken, "float32")

    yield take


def _compiled_step(model, optimizer, seed):
    loss = PROBLEM_TYPES[model.problem_type].loss

    def loss_of(trained, frozen, inputs, goal, number):
        targets, weights = goal
        with dropout_seed(jax.numpy.stack([jax.numpy.int32(seed), number])):
            logits, frozen = model.stateless_call(
                trained, frozen, inputs, training=True
            )
        return (weights * loss(targets, logits)).mean(), frozen

    def learning_rate(slots):
        mapping = zip(optimizer.variables, slots, strict=True)
        with keras.StatelessScope(state_mapping=mapping):
            return jax.numpy.asarray(optimizer.learning_rate, "float32")

    @jax.jit
    def step(state, inputs, goal, number):
        trained, frozen, slots = state
        (value, frozen), gradients = jax.value_and_grad(loss_of, has_aux=True)(
            trained, frozen, inputs, goal, number
        )
        rate = learning_rate(slots)
        trained, slots = optimizer.stateless_apply(slots, gradients, trained)
        return jax.numpy.stack([value, rate]), (trained, frozen, slots)

    return step
