"""Logits of many rows, and the scores they earn."""

from collections.abc import Sequence

import keras
import numpy as np

from adapter_bert.data.token_rows import TokenRows
from adapter_bert.losses import cross_entropy
from adapter_bert.metrics import METRICS
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
    logits: np.ndarray,
    label_ids: np.ndarray,
    metrics: Sequence[str],
    batch_size: int,
) -> dict[str, float]:
    """Returns `eval_loss`, `loss` and `eval_<metric>` of each metric.

    `eval_loss` is the mean over examples. `loss` is what the original's
    Estimator printed beside it: the mean over batches of each batch's mean,
    in which a short last batch weighs as much as a full one.

    Args:
        logits: float32 array of shape `[examples, num_labels]`.
        label_ids: Integer array of shape `[examples]`.
        metrics: Names in `METRICS`.
        batch_size: Examples per evaluation batch.
    """
    losses = keras.ops.convert_to_numpy(cross_entropy(label_ids, logits))
    batches = [
        losses[start : start + batch_size].mean()
        for start in range(0, len(losses), batch_size)
    ]
    scores = {
        f"eval_{name}": float(METRICS[name](label_ids, logits))
        for name in metrics
    }
    scores["eval_loss"] = float(losses.mean())
    scores["loss"] = float(np.mean(batches))
    return scores
