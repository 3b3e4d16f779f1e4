"""Compiled training steps on TensorFlow."""

import contextlib
from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf

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

    It returns a float32 array of shape `[steps, 2]`: each step's loss and
    learning rate. Once it is given back, nothing holds the batches.

    Args:
        model: Classifier whose trainable variables train.
        optimizer: Built optimizer; its `iterations` number the steps.
        batches: Maps a step's number to its batch, with `targets` and
            `weights`.
        steps: Numbers of the batches to take, from 0.
        seed: Seed of dropout.
    """
    # TensorFlow keeps the generator as long as the process lives; emptied at
    # the end of the run, it keeps no batches.
    held = [batches]
    iterator = iter(_dataset(held, steps))
    variables = model.trainable_variables
    values = [variable.value for variable in variables]
    loss_of = PROBLEM_TYPES[model.problem_type].loss

    def step(batch):
        targets, weights = batch.pop("targets"), batch.pop("weights")
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            with dropout_seed(tf.stack([seed, optimizer.iterations.value])):
                logits = model(batch, training=True)
            loss = tf.reduce_mean(weights * loss_of(targets, logits))
        rate = tf.cast(optimizer.learning_rate, tf.float32)
        # An embedding table's gradient comes as rows, with repeated ids; their
        # norm is not the gradient's.
        gradients = map(tf.convert_to_tensor, tape.gradient(loss, values))
        optimizer.apply(list(gradients), variables)
        return tf.stack([loss, rate])

    @tf.function
    def take(num_steps):
        taken = tf.TensorArray(tf.float32, size=num_steps, element_shape=[2])
        for i in tf.range(num_steps):
            taken = taken.write(i, step(next(iterator)))
        return taken.stack()

    try:
        yield lambda num_steps: take(tf.constant(num_steps)).numpy()
    finally:
        held.clear()


def _dataset(held, steps):
    def generate():
        for step in steps:
            # Nothing if `held` is emptied while this runs ahead.
            yield from [batches[step] for batches in held]

    signature = {
        name: tf.TensorSpec([None] * array.ndim, array.dtype)
        for name, array in held[0][steps.start].items()
    }
    dataset = tf.data.Dataset.from_generator(
        generate, output_signature=signature
    )
    return dataset.prefetch(2)
