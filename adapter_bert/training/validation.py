"""Evaluations while a classifier trains, and the best weights kept."""

from collections.abc import Callable, Generator

import keras
from absl import logging

from adapter_bert.training.config import TrainConfig
from adapter_bert.training.course import run_course
from adapter_bert.training.loop import Update


def validate(
    model: keras.Model,
    updates: Generator[Update, None, None],
    num_examples: int,
    config: TrainConfig,
    metric: str,
    evaluate: Callable[[], float],
) -> list[Update]:
    """Trains `model`, evaluating it after some of the updates.

    In the end the model has the best weights, if these are to be kept, which
    are held in memory until then.

    Args:
        model: Classifier that the updates train.
        updates: From `train_on_rows`.
        num_examples: Number of the training rows.
        config: Says when to evaluate, what is kept and when to stop early.
        metric: Name of the score.
        evaluate: Returns the model's score; more is better.

    Returns:
        The updates that were taken.
    """
    taken, kept = [], {}

    def evaluate_at(step):
        score = evaluate()
        logging.info("Step %d: %s %.4f", step, metric, score)
        return score

    def keep(step):
        # The last weights are in the model as it is.
        if config.keeps_best:
            for variable in model.trainable_variables:
                kept[variable.path] = keras.ops.copy(variable.value)

    def restore():
        for variable in model.trainable_variables:
            variable.assign(kept[variable.path])

    run_course(
        updates,
        num_examples,
        config,
        metric,
        record=taken.append,
        evaluate=evaluate_at,
        keep=keep,
        restore=restore,
    )
    return taken
