"""The course of a training: its evaluations, its end, and what it keeps."""

import contextlib
import dataclasses
from collections.abc import Callable, Generator

from absl import logging

from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import Update
from adapter_bert.training.selection import BestEvaluation


@dataclasses.dataclass(frozen=True)
class Course:
    """How a training went.

    Attributes:
        last_step: Updates that were taken.
        kept_step: Updates behind the weights that were kept.
        stopped_early: Whether patience ran out before the last update.
    """

    last_step: int
    kept_step: int
    stopped_early: bool


def run_course(
    updates: Generator[Update, None, None],
    num_examples: int,
    config: TrainConfig,
    metric: str,
    *,
    record: Callable[[Update], None],
    evaluate: Callable[[int], float],
    keep: Callable[[int], None],
    restore: Callable[[], None],
) -> Course:
    """Sees a training to its end, or to where patience runs out.

    Args:
        updates: From `train_on_rows`; closed at the end.
        num_examples: Number of the training rows.
        config: Says when to evaluate, what to keep and when to stop early.
        metric: Name of the score that evaluations return.
        record: Takes each update, before its evaluation.
        evaluate: Takes the number of updates so far and returns the model's
            score; more is better.
        keep: Takes the number of updates so far and keeps the weights, in
            place of those kept before.
        restore: Gives the model the weights that were kept last.
    """
    num_steps = config.num_train_steps(num_examples)
    evaluation_steps = frozenset(config.evaluation_steps(num_examples))
    best = BestEvaluation(config.early_stopping_patience)
    step = 0
    with contextlib.closing(updates):
        for update in updates:
            step = update.step
            record(update)
            is_best = False
            if step in evaluation_steps:
                is_best = best.add(step, evaluate(step))
            if config.keeps_best:
                is_due = is_best
            else:
                is_due = step % config.save_checkpoints_steps == 0
                is_due = is_due or step == num_steps or best.should_stop
            if is_due:
                keep(step)
            if best.should_stop:
                break
    stopped_early = step < num_steps and best.should_stop
    if stopped_early:
        _log_stop(step, num_steps, best, metric)
    kept_step = best.step if config.keeps_best else step
    if kept_step != step:
        restore()
        logging.info(
            "Going back to the weights of step %d, the best.", kept_step
        )
    return Course(step, kept_step, stopped_early)


def _log_stop(step, num_steps, best, metric):
    logging.info(
        "Stopped early, at step %d of %d: no better %s than the %.4f of step "
        "%d for %d evaluations.",
        step,
        num_steps,
        metric,
        best.score,
        best.step,
        best.patience,
    )
