"""Training a classifier on texts, in one call."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np

from adapter_bert.data.batches import TrainingBatches
from adapter_bert.data.token_rows import TokenRows
from adapter_bert.prediction import encode_texts
from adapter_bert.training.config import TrainConfig
from adapter_bert.training.loop import Update, make_optimizer, train_steps
from adapter_bert.training.progress import show_progress


def train(
    model: keras.Model,
    texts: Sequence[str | tuple[str, str]],
    labels: Sequence[str | int],
    config: TrainConfig | None = None,
) -> list[Update]:
    """Trains what is trainable in `model` on labeled texts.

    Args:
        model: Classifier from `load_classifier`.
        texts: Texts, or pairs of texts.
        labels: A label's name or number for each.
        config: How to train. Defaults to the original's rates for adapters.

    Returns:
        Every update that was taken, with its loss.

    Raises:
        ValueError: If texts and labels do not match, a label is unknown, or
            the texts do not fill a batch.
    """
    config = config or TrainConfig()
    rows, label_ids = encode_texts(model, texts), _label_ids(model, labels)
    if len(rows) != len(label_ids):
        raise ValueError(
            "`texts` and `labels` must be equally many. "
            f"Received: {len(rows)} texts, {len(label_ids)} labels"
        )
    return list(train_on_rows(model, rows, label_ids, config))


def train_on_rows(
    model: keras.Model,
    rows: TokenRows,
    label_ids: np.ndarray,
    config: TrainConfig,
) -> Iterator[Update]:
    """Trains on token ids with a progress bar, yielding each update.

    Args:
        model: Classifier whose trainable variables train.
        rows: Tokenized examples.
        label_ids: Label of each, int32 of shape `[examples]`.
        config: How to train.
    """
    num_steps = config.num_train_steps(len(rows))
    batch_size = config.train_batch_size
    batches = TrainingBatches(rows, label_ids, batch_size, config.seed)
    optimizer = make_optimizer(model, config, num_steps)
    updates = train_steps(model, optimizer, batches, config, num_steps)
    return show_progress(
        updates, num_steps, steps_per_call=config.steps_per_call
    )


def _label_ids(model, labels):
    names = model.labels
    ids = []
    for index, label in enumerate(labels):
        if isinstance(label, str) and label in names:
            ids.append(names.index(label))
        elif isinstance(label, int | np.integer) and 0 <= label < len(names):
            ids.append(int(label))
        else:
            raise ValueError(
                f"`labels` must hold names in {list(names)} or numbers below "
                f"{len(names)}. Received: labels[{index}]={label!r}"
            )
    return np.array(ids, "int32")
