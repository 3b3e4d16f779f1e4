"""The three stages of a run: train, evaluate, predict."""

from collections.abc import Sequence

import keras
import numpy as np
from absl import logging

from adapter_bert.checkpoints import native
from adapter_bert.evaluation import predict_logits, score
from adapter_bert.prediction import encode_texts, softmax
from adapter_bert.reports.history import (
    FILE_NAME,
    TrainingHistory,
    read_history,
)
from adapter_bert.reports.results import (
    write_eval_results,
    write_test_results,
)
from adapter_bert.trainable import parameter_report
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.train import train_on_rows
from glue_tasks.reporting import RunInfo, clear_results
from glue_tasks.task import Example


def train(
    model: keras.Model,
    examples: Sequence[Example],
    config: TrainConfig,
    info: RunInfo,
) -> int:
    """Trains on `examples` and writes the adapter and the training's course.

    Args:
        model: Classifier from `load_classifier`.
        examples: Rows of the training split.
        config: How to train.
        info: The run; an earlier one's results in its directory are replaced.

    Returns:
        Number of updates taken.
    """
    num_steps = config.num_train_steps(len(examples))
    rows = encode_texts(model, _texts(examples))
    label_ids = np.array(info.task.label_ids(examples))
    logging.info("Parameters:\n%s", parameter_report(model))
    logging.info(
        "Training: %d examples, batch size %d, %d steps.",
        len(examples),
        config.train_batch_size,
        num_steps,
    )
    updates = train_on_rows(model, rows, label_ids, config)
    earlier = native.is_artifact(info.directory)
    with TrainingHistory(info.directory) as history:
        for update in updates:
            history.add_point(update.step, update.loss, update.learning_rate)
            due = update.step % config.save_checkpoints_steps == 0
            if not due and update.step != num_steps:
                continue
            steps = {"global_step": update.step, "num_train_steps": num_steps}
            native.save(model, info.directory, {**info.to_dict(), **steps})
            if earlier:
                # Its results lasted until there was a new adapter.
                clear_results(info.directory)
                earlier = False
    logging.info("Adapter written to %s.", info.directory)
    return num_steps


def evaluate(
    model: keras.Model,
    examples: Sequence[Example],
    batch_size: int,
    step: int,
    info: RunInfo,
) -> dict[str, float]:
    """Writes and returns the scores on `examples`, by the original's names.

    Args:
        model: Trained classifier.
        examples: Rows of a labeled split.
        batch_size: Examples per call.
        step: Updates that the model was trained for.
        info: The run.
    """
    rows = encode_texts(model, _texts(examples))
    logits = predict_logits(model, rows, batch_size, "Evaluating")
    label_ids = np.array(info.task.label_ids(examples))
    scores = score(logits, label_ids, info.task.metrics, batch_size)
    logging.info(
        "Evaluation on %d examples: %s",
        len(examples),
        ", ".join(f"{k} {v:.4f}" for k, v in scores.items() if k != "loss"),
    )
    scores["global_step"] = step
    write_eval_results(info.directory, scores, info.to_dict())
    if native.is_artifact(info.directory):
        _record_scores(info.directory, step, scores)
        evaluation = {"data": info.data, "warnings": list(info.warnings)}
        evaluation["scores"] = scores
        native.add_details(info.directory, {"evaluation": evaluation})
    predicted = np.unique(logits.argmax(axis=-1))
    if len(predicted) == 1 and len(examples) > 1:
        logging.warning(
            "Every prediction is %r: the model has learned no more than the "
            "most frequent label. Train longer or with another learning rate.",
            info.task.labels[predicted[0]],
        )
    return scores


def predict(
    model: keras.Model,
    examples: Sequence[Example],
    batch_size: int,
    info: RunInfo,
) -> None:
    """Writes probabilities and labels of `examples`, in their order.

    Args:
        model: Trained classifier.
        examples: Rows of the test split.
        batch_size: Examples per call.
        info: The run.
    """
    rows = encode_texts(model, _texts(examples))
    logits = predict_logits(model, rows, batch_size, "Predicting")
    write_test_results(info.directory, softmax(logits), info.task.labels)
    logging.info(
        "Predictions of %d examples written to %s.",
        len(examples),
        info.directory / "predictions.tsv",
    )


def _texts(examples):
    return [
        row.text_a if row.text_b is None else (row.text_a, row.text_b)
        for row in examples
    ]


def _record_scores(directory, step, scores):
    """Adds an evaluation to the course of training, once for each step."""
    path = directory / FILE_NAME
    if not step or not path.is_file():
        return
    if any(earlier["step"] == step for earlier in read_history(path).scores):
        return
    with TrainingHistory(directory, start_step=step) as history:
        history.add_scores(step, scores)
