"""Training, with evaluations on the way and a choice of what to keep."""

from collections.abc import Sequence

import keras
from absl import logging

from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.fitting import assign_artifact
from adapter_bert.reports.history import TrainingHistory
from adapter_bert.trainable import parameter_report
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.selection import BestEvaluation
from adapter_bert.training.train import train_on_rows
from glue_tasks.stages.evaluation import score_all
from glue_tasks.stages.reporting import RunInfo, clear_results
from glue_tasks.stages.splits import LabeledRows


def train(
    model: keras.Model,
    rows: LabeledRows,
    dev_sets: Sequence[LabeledRows],
    eval_batch_size: int,
    config: TrainConfig,
    info: RunInfo,
) -> int:
    """Trains on `rows` and writes the adapter and the training's course.

    Args:
        model: Classifier from `load_classifier`; it ends with the weights
            that were kept.
        rows: The training set.
        dev_sets: What evaluations during training score, the main one first.
        eval_batch_size: Examples per call in these evaluations.
        config: How to train.
        info: The run; an earlier one's results in its directory are replaced.

    Returns:
        Number of updates behind the weights that were kept.
    """
    num_steps = config.num_train_steps(len(rows))
    evaluation_steps = set(config.evaluation_steps(len(rows)))
    best = BestEvaluation(config.early_stopping_patience)
    savings = _Savings(model, info, num_steps)
    logging.info("Parameters:\n%s", parameter_report(model))
    logging.info(
        "Training: %d examples, batch size %d, %d steps.",
        len(rows),
        config.train_batch_size,
        num_steps,
    )
    with TrainingHistory(info.directory) as history:
        for update in train_on_rows(model, rows.rows, rows.targets, config):
            step = update.step
            history.add_point(step, update.loss, update.learning_rate)
            is_best = False
            if step in evaluation_steps:
                scores = score_all(model, info.task, dev_sets, eval_batch_size)
                history.add_scores(step, scores)
                is_best = best.add(step, scores[info.main_metric])
            stops = best.should_stop
            if config.keeps_best:
                due = is_best
            else:
                due = step % config.save_checkpoints_steps == 0
                due = due or stops or step == num_steps
            if due:
                savings.save(step)
            if stops:
                _log_stop(step, num_steps, best, info.main_metric)
                break
    kept = best.step if config.keeps_best else step
    if kept != step:
        assign_artifact(model, native.read(info.directory))
        logging.info("Going back to the weights of step %d, the best.", kept)
    savings.log(kept)
    return kept


class _Savings:
    """Writes the adapter; the first one takes an earlier run's place."""

    def __init__(self, model, info, num_steps):
        self._model, self._info = model, info
        self._num_steps = num_steps
        self._replaces = native.is_artifact(info.directory)

    def save(self, step):
        steps = {"global_step": step, "num_train_steps": self._num_steps}
        details = {**self._info.to_dict(), **steps}
        native.save(self._model, self._info.directory, details)
        if self._replaces:
            # Its results lasted until there was a new adapter.
            clear_results(self._info)
            self._replaces = False

    def log(self, step):
        directory = self._info.directory
        size = (directory / native.WEIGHTS).stat().st_size
        logging.info(
            "What was trained is written to %s: step %d, %.1f MB.",
            directory,
            step,
            size / 1e6,
        )


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
