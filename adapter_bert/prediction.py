"""Labels and probabilities of texts."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import keras
import numpy as np

from adapter_bert.data.token_rows import TokenRows
from adapter_bert.evaluation import predict_logits


@dataclasses.dataclass(frozen=True)
class Predictions:
    """What a classifier says of some texts.

    Attributes:
        labels: The likeliest label of each text.
        probabilities: float32 array of shape `[texts, num_labels]`, columns in
            the order of the model's labels.
    """

    labels: list[str]
    probabilities: np.ndarray


def predict(
    model: keras.Model,
    texts: Sequence[str | tuple[str, str]],
    batch_size: int = 32,
) -> Predictions:
    """Classifies texts, or pairs of texts.

    Args:
        model: Classifier from `load_classifier` or `load_adapter`.
        texts: Texts, or pairs of texts.
        batch_size: Texts per call of the model.

    Raises:
        ValueError: If an element is neither a text nor a pair of texts.
    """
    rows = encode_texts(model, texts)
    probabilities = softmax(predict_logits(model, rows, batch_size))
    labels = [model.labels[i] for i in probabilities.argmax(axis=-1)]
    return Predictions(labels, probabilities)


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


def softmax(logits: np.ndarray) -> np.ndarray:
    """Returns the probabilities of float32 logits `[rows, num_labels]`."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


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
