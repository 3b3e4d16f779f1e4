"""Short proofs that two models stand on the same base."""

import hashlib
from collections.abc import Iterable

import keras
import numpy as np

from adapter_bert.trainable import trained_paths


def encoder_fingerprint(model: keras.Model) -> str:
    """Returns the SHA-256 of what does not train, in hexadecimal.

    What trains follows from the model's adapter config, not from flags that
    somebody may have set. Each variable adds its path, its shape and its
    values as little-endian float32, in the order of the paths, so the result
    does not depend on the format that the weights came from.
    """
    digest = hashlib.sha256()
    trained = trained_paths(model)
    frozen = [v for v in model.weights if v.path not in trained]
    for variable in sorted(frozen, key=lambda variable: variable.path):
        shape = ",".join(map(str, variable.shape))
        digest.update(f"{variable.path}\n{shape}\n".encode())
        values = keras.ops.convert_to_numpy(variable.value)
        digest.update(np.ascontiguousarray(values, "<f4").data)
    return digest.hexdigest()


def vocabulary_fingerprint(vocab: Iterable[str]) -> str:
    """Returns the SHA-256 of the vocabulary's lines, in hexadecimal."""
    text = "".join(f"{token}\n" for token in vocab)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(model: keras.Model) -> dict[str, str | None]:
    """Returns the fingerprints of a classifier's `encoder` and `vocabulary`.

    The second is None for a model without a tokenizer.
    """
    tokenizer = model.tokenizer
    return {
        "encoder": encoder_fingerprint(model),
        "vocabulary": tokenizer and vocabulary_fingerprint(tokenizer.vocab),
    }
