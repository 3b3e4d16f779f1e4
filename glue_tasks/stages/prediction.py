"""Predictions for a task's test sets, and for the rows of a file."""

from collections.abc import Sequence

import keras
import numpy as np
from absl import logging

from adapter_bert.choices import best_choices
from adapter_bert.evaluation import predict_logits
from adapter_bert.prediction import encode_texts, interpret
from adapter_bert.reports.results import write_test_results
from glue_tasks.stages.reporting import RunInfo
from glue_tasks.stages.splits import encode_examples
from glue_tasks.submission import write_submission
from glue_tasks.tabular.predict_file import PredictFile
from glue_tasks.task import Example

_TITLE = "Predicting"


def predict_split(
    model: keras.Model,
    split: str,
    examples: Sequence[Example],
    num_left_out: int,
    batch_size: int,
    info: RunInfo,
) -> None:
    """Writes probabilities and labels of a test set, in its order.

    Args:
        model: Trained classifier.
        split: Name of the test set; `test_mismatched` has files of its own.
        examples: Its rows.
        num_left_out: Rows of its file that could not be read.
        batch_size: Examples per call.
        info: The run.
    """
    rows = encode_examples(model, examples)
    logits = predict_logits(model, rows, batch_size, _TITLE)
    predictions = interpret(model, logits)
    kind = split.removeprefix("test")
    columns = predictions.probabilities
    if columns is None:
        columns = logits
    values = predictions.values
    if info.task.num_choices:
        # One line a question: the place of its likeliest choice.
        evidence = logits[:, 1] - logits[:, 0]
        best = best_choices(evidence, info.task.num_choices)
        values = [str(place) for place in best]
        columns = columns[:, 1].reshape(-1, info.task.num_choices)
    write_test_results(info.directory, columns, values, kind)
    written = _write_for_leaderboard(info, split, values, num_left_out)
    logging.info(
        "Predictions of %d examples of %s written to %s%s.",
        len(values),
        split,
        info.directory / f"predictions{kind}.tsv",
        f", for the leaderboard to {written.name}" if written else "",
    )


def _write_for_leaderboard(info, split, values, num_left_out):
    """Writes the leaderboard's file, unless it would be of use to nobody."""
    if num_left_out:
        logging.warning(
            "Rows of %s were left out (%d); the column index of predictions "
            "counts those that were read.",
            split,
            num_left_out,
        )
    if not (num_left_out or info.is_ablation):
        return write_submission(info.directory, info.task, split, values)
    name = info.task.submission.get(split)
    if name is not None:
        (info.directory / name).unlink(missing_ok=True)
    if name is not None and num_left_out:
        file = info.task.splits[split].file
        logging.warning(
            "%s is not written: the leaderboard wants every row of %s.",
            name,
            file,
        )
    return None


def predict_file(
    model: keras.Model,
    rows: PredictFile,
    batch_size: int,
    info: RunInfo,
) -> None:
    """Writes the rows of a file again, with predictions beside them.

    Args:
        model: Trained classifier.
        rows: The file's rows.
        batch_size: Rows per call.
        info: The run; its settings say what stands between several labels of
            a row.
    """
    encoded = encode_texts(model, rows.texts)
    logits = predict_logits(model, encoded, batch_size, _TITLE)
    predictions = interpret(model, logits)
    path = rows.write(
        info.directory,
        predictions.values,
        predictions.probabilities,
        () if predictions.probabilities is None else model.labels,
        info.settings["data"]["tabular"].get("label_separator", ","),
    )
    logging.info("Predictions of %d rows written to %s.", len(rows.texts), path)
    _log_counts(predictions.values)


def _log_counts(values):
    if not values or not isinstance(values[0], str):
        return
    names, counts = np.unique(values, return_counts=True)
    pairs = sorted(zip(counts.tolist(), names.tolist(), strict=True))[::-1]
    logging.info("Predicted: %s", ", ".join(f"{n} {c}" for c, n in pairs[:20]))
