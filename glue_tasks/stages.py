"""The three stages of a run: train, evaluate, predict."""

from collections.abc import Sequence

import keras
import numpy as np
from absl import logging

from adapter_bert.checkpoints import native
from adapter_bert.data.batches import TrainingBatches
from adapter_bert.data.encoding import encode
from adapter_bert.data.token_rows import TokenRows
from adapter_bert.evaluation import predict_logits, score
from adapter_bert.prediction import softmax
from adapter_bert.reports.history import TrainingHistory
from adapter_bert.reports.results import (
    write_eval_results,
    write_test_results,
)
from adapter_bert.trainable import parameter_report
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import make_optimizer, train_steps
from adapter_bert.training.progress import show_progress
from glue_tasks.reporting import RunInfo, clear
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
        info: The run; an earlier one's files in its directory are removed.

    Returns:
        Number of updates taken.
    """
    num_steps = config.num_train_steps(len(examples))
    batches = TrainingBatches(
        encode_examples(model, examples, "training"),
        np.array(info.task.label_ids(examples)),
        config.train_batch_size,
        config.seed,
    )
    logging.info("Parameters:\n%s", parameter_report(model))
    logging.info(
        "Training: %d examples, batch size %d, %d steps.",
        len(examples),
        config.train_batch_size,
        num_steps,
    )
    optimizer = make_optimizer(model, config, num_steps)
    updates = show_progress(
        train_steps(model, optimizer, batches, config, num_steps),
        num_steps,
        steps_per_call=config.steps_per_call,
    )
    clear(info.directory)
    with TrainingHistory(info.directory) as history:
        for update in updates:
            history.add_point(update.step, update.loss, update.learning_rate)
            due = update.step % config.save_checkpoints_steps == 0
            if due or update.step == num_steps:
                details = {**info.to_dict(), "global_step": update.step}
                native.save(model, info.directory, details)
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
    rows = encode_examples(model, examples, "evaluation")
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
        native.add_details(info.directory, {"scores": scores})
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
    rows = encode_examples(model, examples, "prediction")
    logits = predict_logits(model, rows, batch_size, "Predicting")
    write_test_results(info.directory, softmax(logits), info.task.labels)
    logging.info("Predictions of %d examples written.", len(examples))


def encode_examples(
    model: keras.Model, examples: Sequence[Example], purpose: str
) -> TokenRows:
    """Tokenizes `examples`, saying how many of them had to be cut.

    Args:
        model: Classifier with `tokenizer` and `max_seq_length`.
        examples: Rows of a split.
        purpose: What they are for, as the log says it.
    """
    second = [example.text_b for example in examples]
    rows = encode(
        model.tokenizer,
        [example.text_a for example in examples],
        None if all(text is None for text in second) else second,
        model.max_seq_length,
    )
    if rows.num_truncated:
        logging.warning(
            "%d of %d rows for %s are longer than %d tokens and were cut.",
            rows.num_truncated,
            len(rows),
            purpose,
            model.max_seq_length,
        )
    return rows
