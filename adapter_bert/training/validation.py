"""Evaluations while a classifier trains, and the best weights kept."""

from collections.abc import Callable, Collection, Iterable, Iterator

import keras
from absl import logging

from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import Update
from adapter_bert.training.selection import BestEvaluation


def validate(
    model: keras.Model,
    updates: Iterable[Update],
    evaluate: Callable[[], float],
    evaluation_steps: Collection[int],
    config: TrainConfig,
) -> Iterator[Update]:
    """Passes `updates` on, evaluating `model` after some of them.

    After the last one the model has the best weights, if these are to be
    kept, which are held in memory until then.

    Args:
        model: Classifier that the updates train.
        updates: From `train_on_rows`.
        evaluate: Returns the model's score; more is better.
        evaluation_steps: Updates after which to evaluate.
        config: Says what is kept and when to stop early.
    """
    best, kept = BestEvaluation(config.early_stopping_patience), {}
    for update in updates:
        yield update
        if update.step not in evaluation_steps:
            continue
        score = evaluate()
        logging.info("Step %d: score %.4f", update.step, score)
        if best.add(update.step, score) and config.keeps_best:
            kept = {
                v.path: keras.ops.copy(v.value)
                for v in model.trainable_variables
            }
        if best.should_stop:
            logging.info("Stopped early; best: step %d.", best.step)
            break
    for variable in model.trainable_variables:
        if variable.path in kept:
            variable.assign(kept[variable.path])
