"""Training, with evaluations on the way and a choice of what to keep."""

from collections.abc import Sequence

import keras
from absl import logging

from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.fitting import assign_artifact
from adapter_bert.reports.history import TrainingHistory
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.course import Course, run_course
from adapter_bert.training.train import train_on_rows
from glue_tasks.stages.evaluation import score_all
from glue_tasks.stages.reporting import (
    RunInfo,
    clear_results,
    describe_parameters,
)
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
    savings = _Savings(model, info, num_steps)
    logging.info("Parameters:\n%s", describe_parameters(info))
    logging.info(
        "Training: %d examples, batch size %d, %d steps.",
        len(rows),
        config.train_batch_size,
        num_steps,
    )
    with TrainingHistory(info.directory) as history:

        def record(update):
            history.add_point(update.step, update.loss, update.learning_rate)

        def evaluate(step):
            scores = score_all(model, info.task, dev_sets, eval_batch_size)
            history.add_scores(step, scores)
            return scores[info.main_metric]

        def restore():
            assign_artifact(model, native.read(info.directory))

        course = run_course(
            train_on_rows(model, rows.rows, rows.targets, config),
            len(rows),
            config,
            info.main_metric,
            record=record,
            evaluate=evaluate,
            keep=savings.save,
            restore=restore,
        )
    savings.end(course)
    return course.kept_step


class _Savings:
    """Writes the adapter; the first one takes an earlier run's place."""

    def __init__(self, model, info, num_steps):
        self._model, self._info = model, info
        self._num_steps = num_steps
        self._is_first = True

    def save(self, step):
        steps = {"global_step": step, "num_train_steps": self._num_steps}
        details = {**self._info.to_dict(), **steps}
        native.save(self._model, self._info.directory, details)
        if self._is_first:
            # An earlier run's results last until there is a new adapter.
            clear_results(self._info)
            self._is_first = False

    def end(self, course: Course):
        directory = self._info.directory
        # Tells a training that came to its end from one that was killed.
        ended = {"last_step": course.last_step}
        ended["stopped_early"] = course.stopped_early
        native.add_details(directory, ended)
        size = (directory / native.WEIGHTS).stat().st_size
        logging.info(
            "What was trained is written to %s: step %d, %.1f MB.",
            directory,
            course.kept_step,
            size / 1e6,
        )
