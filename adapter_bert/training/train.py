"""Training a classifier on texts, in one call."""

from collections.abc import Generator, Sequence

import keras
import numpy as np

from adapter_bert.data.batches import TrainingBatches
from adapter_bert.data.token_rows import TokenRows
from adapter_bert.evaluation import predict_logits, score
from adapter_bert.prediction import encode_texts
from adapter_bert.problem_types import PROBLEM_TYPES
from adapter_bert.training.class_weights import target_weights
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import Update, make_optimizer, train_steps
from adapter_bert.training.progress import show_progress
from adapter_bert.training.targets import make_targets
from adapter_bert.training.validation import validate

_EVAL_BATCH_SIZE = 32


def train(
    model: keras.Model,
    texts: Sequence[str | tuple[str, str]],
    labels: Sequence[str | int | float | Sequence[str]],
    config: TrainConfig | None = None,
    validation: tuple[Sequence, Sequence] | None = None,
    metric: str | None = None,
) -> list[Update]:
    """Trains what is trainable in `model` on labeled texts.

    Args:
        model: Classifier from `load_classifier`.
        texts: Texts, or pairs of texts.
        labels: A label's name or number for each; in regression a score, of
            several labels at once a list of their names.
        config: How to train. Defaults to the original's rates for adapters.
        validation: Other texts and labels, to evaluate on as `config` says.
        metric: Name in `METRICS` of the score that says which weights are
            best. Defaults to the accuracy, for several labels at once
            `f1_micro`, in regression `spearman`.

    Returns:
        Every update that was taken, with its loss.

    Raises:
        ValueError: If texts and labels do not match, a label is unknown, the
            texts do not fill a batch, or `config` asks for evaluations that
            have no texts.
    """
    config = config or TrainConfig()
    if (config.evaluate_every is None) != (validation is None):
        raise ValueError(
            "`validation` must be given if `config.evaluate_every` is, and "
            "only then. Received: "
            f"evaluate_every={config.evaluate_every!r}, validation="
            f"{'None' if validation is None else 'texts and labels'}"
        )
    rows, targets = _encode(model, texts, labels)
    updates = train_on_rows(model, rows, targets, config)
    if validation is None:
        return list(updates)
    metric = metric or PROBLEM_TYPES[model.problem_type].metric
    evaluate = _evaluation(model, *_encode(model, *validation), metric)
    return validate(model, updates, len(rows), config, metric, evaluate)


def train_on_rows(
    model: keras.Model,
    rows: TokenRows,
    targets: np.ndarray,
    config: TrainConfig,
) -> Generator[Update, None, None]:
    """Trains on token ids with a progress bar, yielding each update.

    Args:
        model: Classifier whose trainable variables train.
        rows: Tokenized examples.
        targets: What the model is to say of each, of the type of its problem.
        config: How to train.
    """
    num_steps = config.num_train_steps(len(rows))
    batch_size = config.train_batch_size
    weights = target_weights(targets, model.labels, config.class_weights)
    batches = TrainingBatches(rows, targets, batch_size, config.seed, weights)
    optimizer = make_optimizer(model, config, num_steps)
    updates = train_steps(
        model,
        optimizer,
        batches,
        config,
        num_steps,
        config.evaluation_steps(len(rows)),
    )
    return show_progress(
        updates, num_steps, steps_per_call=config.steps_per_call
    )


def _encode(model, texts, labels):
    rows, targets = encode_texts(model, texts), make_targets(model, labels)
    if len(rows) != len(targets):
        raise ValueError(
            "`texts` and `labels` must be equally many. "
            f"Received: {len(rows)} texts, {len(targets)} labels"
        )
    return rows, targets


def _evaluation(model, rows, targets, metric):
    def evaluate():
        logits = predict_logits(model, rows, _EVAL_BATCH_SIZE)
        scores = score(model, logits, targets, [metric], _EVAL_BATCH_SIZE)
        return scores[f"eval_{metric}"]

    return evaluate
