"""Logits of many rows, and the scores they earn."""

from collections.abc import Sequence

import keras
import numpy as np

from adapter_bert.data.token_rows import TokenRows
from adapter_bert.metrics import METRICS
from adapter_bert.problem_types import PROBLEM_TYPES
from adapter_bert.progress import progress_bar

# Rows from which on a progress bar is worth its line.
_LONG_WORK = 200


def predict_logits(
    model: keras.Model, rows: TokenRows, batch_size: int, title: str = ""
) -> np.ndarray:
    """Returns the logits of each row, in the rows' order.

    Rows of like length share a batch, so that little is computed on padding.

    Args:
        model: Classifier.
        rows: Tokenized texts.
        batch_size: Rows per call.
        title: What the progress bar says on long work.

    Returns:
        float32 array of shape `[rows, num_labels]`.
    """
    logits = np.zeros((len(rows), model.num_labels), "float32")
    by_length = np.argsort(rows.lengths, kind="stable")[::-1]
    starts = range(0, len(rows), batch_size)
    for start in progress_bar(
        starts, desc=title, unit="batch", disable=len(rows) < _LONG_WORK
    ):
        indices = by_length[start : start + batch_size]
        logits[indices] = model.predict_on_batch(rows.batch(indices))
    return logits


def score(
    model: keras.Model,
    logits: np.ndarray,
    targets: np.ndarray,
    metrics: Sequence[str],
    batch_size: int,
) -> dict[str, float]:
    """Returns `eval_loss`, `loss` and `eval_<metric>` of each metric.

    `eval_loss` is the mean over examples. `loss` is what the original's
    Estimator printed beside it: the mean over batches of each batch's mean,
    in which a short last batch weighs as much as a full one.

    Args:
        model: Classifier; its problem type and thresholds say what the
            logits mean.
        logits: float32 array of shape `[examples, num_labels]`.
        targets: Array of `[examples]`, or `[examples, num_labels]` for
            several labels at once.
        metrics: Names in `METRICS`.
        batch_size: Examples per evaluation batch.
    """
    if not np.isfinite(logits).all():
        raise FloatingPointError(
            "The model's outputs are not finite, so there is nothing to "
            "score. Its weights are damaged, or training went astray."
        )
    problem = PROBLEM_TYPES[model.problem_type]
    losses = keras.ops.convert_to_numpy(problem.loss(targets, logits))
    predictions = problem.predictions(logits, model.thresholds)
    batches = [
        losses[start : start + batch_size].mean()
        for start in range(0, len(losses), batch_size)
    ]
    scores = {
        f"eval_{name}": float(METRICS[name](targets, predictions))
        for name in metrics
    }
    scores["eval_loss"] = float(losses.mean())
    scores["loss"] = float(np.mean(batches))
    return scores
