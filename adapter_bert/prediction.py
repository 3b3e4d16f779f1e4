"""Labels and probabilities, or scores, of texts."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import keras
import numpy as np

from adapter_bert.data.token_rows import TokenRows
from adapter_bert.evaluation import predict_logits
from adapter_bert.problem_types import PROBLEM_TYPES


@dataclasses.dataclass(frozen=True)
class Predictions:
    """What a classifier says of some texts.

    Attributes:
        labels: The likeliest label of each text; of several at once a tuple
            of those that reach their threshold. None in regression.
        probabilities: float32 array of shape `[texts, num_labels]`, columns in
            the order of the model's labels. None in regression.
        scores: float32 array of shape `[texts]` in regression, else None.
    """

    labels: list[str] | list[tuple[str, ...]] | None
    probabilities: np.ndarray | None
    scores: np.ndarray | None = None

    @property
    def values(self) -> list[str] | list[tuple[str, ...]] | list[float]:
        """What is predicted for each text, whatever its kind."""
        return self.scores.tolist() if self.labels is None else self.labels


def predict(
    model: keras.Model,
    texts: Sequence[str | tuple[str, str]],
    batch_size: int = 32,
) -> Predictions:
    """Classifies or scores texts, or pairs of texts.

    Args:
        model: Classifier from `load_classifier` or `load_adapter`.
        texts: Texts, or pairs of texts.
        batch_size: Texts per call of the model.

    Raises:
        ValueError: If an element is neither a text nor a pair of texts.
    """
    rows = encode_texts(model, texts)
    return interpret(model, predict_logits(model, rows, batch_size))


def interpret(model: keras.Model, logits: np.ndarray) -> Predictions:
    """Returns what logits `[texts, num_labels]` of `model` say."""
    problem = PROBLEM_TYPES[model.problem_type]
    decisions = problem.predictions(logits, model.thresholds)
    if problem.probabilities is None:
        return Predictions(None, None, decisions)
    if decisions.ndim == 1:
        labels = [model.labels[i] for i in decisions]
    else:
        labels = [
            tuple(np.array(model.labels)[row == 1].tolist())
            for row in decisions
        ]
    return Predictions(labels, problem.probabilities(logits))


def encode_texts(
    model: keras.Model, texts: Sequence[str | tuple[str, str]]
) -> TokenRows:
    """Turns texts, or pairs of texts, into the model's token ids.

    Raises:
        ValueError: If an element is neither a text nor a pair of texts, or
            the model has no tokenizer.
    """
    if model.tokenizer is None:
        raise ValueError(
            "This model has no tokenizer: it was not made by `load_classifier`,"
            " or TensorFlow Text is not installed. Load it so, or call it on "
            "token ids."
        )
    from adapter_bert.data.encoding import encode

    pairs = [_pair(i, text) for i, text in enumerate(_checked(texts))]
    first = [pair[0] for pair in pairs]
    second = [pair[1] for pair in pairs]
    return encode(
        model.tokenizer,
        first,
        second if any(text is not None for text in second) else None,
        model.max_seq_length,
    )


def _checked(texts):
    if isinstance(texts, str | Mapping) or not isinstance(texts, Iterable):
        raise ValueError(
            "`texts` must be a list of texts; put a single one in a list. "
            f"Received: texts={texts!r}"
        )
    return texts


def _pair(index, text):
    if isinstance(text, str):
        return text, None
    if (
        isinstance(text, tuple | list)
        and len(text) == 2
        and all(isinstance(part, str) for part in text)
    ):
        return tuple(text)
    raise ValueError(
        "`texts` must hold strings or pairs of strings. "
        f"Received: texts[{index}]={text!r}"
    )
