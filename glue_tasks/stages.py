"""The three stages of a run: train, evaluate, predict."""

import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

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
from adapter_bert.reports.results import write_test_results
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import make_optimizer, train_steps
from adapter_bert.training.progress import show_progress
from glue_tasks.task import Example, Task


def train(
    model: keras.Model,
    task: Task,
    examples: Sequence[Example],
    config: TrainConfig,
    directory: pathlib.Path,
    details: Mapping[str, Any],
) -> int:
    """Trains on `examples` and writes the adapter and the training's course.

    Args:
        model: Classifier from `load_classifier`.
        task: What the examples mean.
        examples: Rows of the training split.
        config: How to train.
        directory: Where the adapter and the history go.
        details: More fields for `adapter.json`.

    Returns:
        Number of updates taken.
    """
    num_steps = config.num_train_steps(len(examples))
    batches = TrainingBatches(
        encode_examples(model, examples, "training"),
        np.array(task.label_ids(examples)),
        config.train_batch_size,
        config.seed,
    )
    logging.info(
        "Training: %d examples, batch size %d, %d steps.",
        len(examples),
        config.train_batch_size,
        num_steps,
    )
    optimizer = make_optimizer(model, config, num_steps)
    updates = train_steps(model, optimizer, batches, config, num_steps)
    with TrainingHistory(directory) as history:
        for update in show_progress(updates, num_steps):
            history.add_point(update.step, update.loss, update.learning_rate)
            due = update.step % config.save_checkpoints_steps == 0
            if due or update.step == num_steps:
                saved = {**details, "global_step": update.step}
                native.save(model, directory, saved)
    logging.info("Adapter written to %s.", directory)
    return num_steps


def evaluate(
    model: keras.Model,
    task: Task,
    examples: Sequence[Example],
    batch_size: int,
) -> dict[str, float]:
    """Returns the scores on `examples`, by the original's names.

    Args:
        model: Trained classifier.
        task: What the examples mean.
        examples: Rows of a labeled split.
        batch_size: Examples per call.
    """
    rows = encode_examples(model, examples, "evaluation")
    logits = predict_logits(model, rows, batch_size, "Evaluating")
    label_ids = np.array(task.label_ids(examples))
    scores = score(logits, label_ids, task.metrics, batch_size)
    logging.info(
        "Evaluation on %d examples: %s",
        len(examples),
        ", ".join(f"{k} {v:.4f}" for k, v in scores.items() if k != "loss"),
    )
    return scores


def predict(
    model: keras.Model,
    task: Task,
    examples: Sequence[Example],
    batch_size: int,
    directory: pathlib.Path,
) -> None:
    """Writes probabilities and labels of `examples`, in their order.

    Args:
        model: Trained classifier.
        task: What the examples mean.
        examples: Rows of the test split.
        batch_size: Examples per call.
        directory: Where `test_results.tsv` and `predictions.tsv` go.
    """
    rows = encode_examples(model, examples, "prediction")
    logits = predict_logits(model, rows, batch_size, "Predicting")
    write_test_results(directory, softmax(logits), task.labels)
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
