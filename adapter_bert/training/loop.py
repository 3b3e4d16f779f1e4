"""The training loop: one batch after another around a compiled step."""

import bisect
import dataclasses
import importlib
import math
from collections.abc import Iterator, Sequence

import keras

from adapter_bert.training.config import TrainConfig
from adapter_bert.training.optimizer import AdamWeightDecay
from adapter_bert.training.schedule import LinearWarmupDecay

_STEPS = {
    "tensorflow": "adapter_bert.training.step_tensorflow",
    "jax": "adapter_bert.training.step_jax",
}


@dataclasses.dataclass(frozen=True)
class Update:
    """One update that has been taken.

    Attributes:
        step: Its number, from 1.
        loss: Mean loss of its batch before the update: nats, in regression
            the squared error.
        learning_rate: The rate it used.
    """

    step: int
    loss: float
    learning_rate: float


def make_optimizer(
    model: keras.Model, config: TrainConfig, num_steps: int
) -> AdamWeightDecay:
    """Builds the optimizer and schedule of a run over `num_steps` updates."""
    warmup_steps = int(num_steps * config.warmup_proportion)
    schedule = LinearWarmupDecay(config.learning_rate, num_steps, warmup_steps)
    optimizer = AdamWeightDecay(schedule)
    optimizer.build(model.trainable_variables)
    return optimizer


def train_steps(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    batches,
    config: TrainConfig,
    num_steps: int,
    evaluation_steps: Sequence[int] = (),
) -> Iterator[Update]:
    """Trains `model`, yielding each update once it has been taken.

    Several updates may be taken in one call; none passes a multiple of
    `save_checkpoints_steps` or one of `evaluation_steps`, so whoever saves or
    evaluates there has the weights of that very step.

    Args:
        model: Classifier whose trainable variables train.
        optimizer: From `make_optimizer`; its `iterations` tell where to start.
        batches: Maps a step's number, from 0, to its batch.
        config: How to train.
        num_steps: Number of the last update.
        evaluation_steps: Updates after which a call ends, ascending.

    Raises:
        FloatingPointError: If the loss is not finite.
        ValueError: If the Keras backend has no training step here.
    """
    backend = keras.backend.backend()
    if backend not in _STEPS:
        raise ValueError(
            f"Training runs on the Keras backends {', '.join(_STEPS)}. "
            f"Received: KERAS_BACKEND={backend}"
        )
    step = int(optimizer.iterations)
    make_train_steps = importlib.import_module(_STEPS[backend]).make_train_steps
    steps = range(step, num_steps)
    with make_train_steps(
        model, optimizer, batches, steps, config.seed
    ) as take:
        while step < num_steps:
            period = config.save_checkpoints_steps
            later = bisect.bisect_right(evaluation_steps, step)
            ends = [num_steps, step + config.steps_per_call]
            ends += [step - step % period + period]
            ends += evaluation_steps[later : later + 1]
            for loss, rate in take(min(ends) - step).tolist():
                step += 1
                if not math.isfinite(loss):
                    raise FloatingPointError(
                        f"The loss is {loss} at step {step} (learning rate "
                        f"{rate:.3g}). Lower `learning_rate` or check the data."
                    )
                yield Update(step, loss, rate)
