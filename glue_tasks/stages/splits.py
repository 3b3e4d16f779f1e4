"""A task's rows as a model takes them."""

import dataclasses
from collections.abc import Sequence

import keras
import numpy as np
from absl import logging

from adapter_bert.data.token_rows import TokenRows
from adapter_bert.prediction import encode_texts
from glue_tasks.task import Example, Task


@dataclasses.dataclass(frozen=True, eq=False)
class LabeledRows:
    """Tokenized rows of one split, with what a model is to say of each.

    Attributes:
        split: Name of the split.
        rows: Token ids.
        targets: int32 or float32 array, `[rows]` or `[rows, labels]`.
    """

    split: str
    rows: TokenRows
    targets: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def encode_labeled(
    model: keras.Model, task: Task, split: str, examples: Sequence[Example]
) -> LabeledRows:
    """Tokenizes labeled examples for `model`.

    Raises:
        ValueError: If an example is unlabeled or has a foreign label.
    """
    targets = task.targets(examples)
    return LabeledRows(split, encode_examples(model, examples), targets)


def encode_examples(
    model: keras.Model, examples: Sequence[Example]
) -> TokenRows:
    """Tokenizes the texts of examples for `model`; tells of empty ones."""
    num_empty = sum(not row.text_a.strip() for row in examples)
    if num_empty:
        logging.warning(
            "%d of %d rows have an empty text.", num_empty, len(examples)
        )
    return encode_texts(
        model,
        [
            row.text_a if row.text_b is None else (row.text_a, row.text_b)
            for row in examples
        ],
    )
