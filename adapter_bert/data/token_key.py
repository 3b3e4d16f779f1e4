"""What token rows depend on, as one number."""

import functools
import hashlib
import json
import pathlib
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

import adapter_bert
from adapter_bert.fingerprint import vocabulary_fingerprint

if TYPE_CHECKING:
    from adapter_bert.tokenization.japanese import JapaneseTokenizer
    from adapter_bert.tokenization.wordpiece import WordPieceTokenizer

# To be raised when rows are packed, or written to a file, otherwise.
_FORMAT = 1
_CHUNK_SIZE = 10_000  # texts


def token_key(
    tokenizer: "WordPieceTokenizer | JapaneseTokenizer",
    first: Sequence[str],
    second: Sequence[str | None] | None,
    max_seq_length: int,
) -> str:
    """Returns the SHA-256 of texts and their tokenizer, in hexadecimal.

    Args:
        tokenizer: Anything with `vocab` and `get_config`.
        first: First text of every row.
        second: Second text of every row or None; or None if no row has one.
        max_seq_length: Longest row, in tokens, with [CLS] and [SEP].
    """
    kind = type(tokenizer)
    parts = {
        "format": _FORMAT,
        "code": [adapter_bert.__version__, _code_fingerprint()],
        "unicode": unicodedata.unidata_version,
        "tokenizer": [kind.__module__, kind.__qualname__],
        "config": tokenizer.get_config(),
        "vocabulary": vocabulary_fingerprint(tokenizer.vocab),
        "max_seq_length": int(max_seq_length),
        "rows": len(first),
    }
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for texts in (first, second or ()):
        for start in range(0, len(texts), _CHUNK_SIZE):
            _add_texts(digest, texts[start : start + _CHUNK_SIZE])
    return digest.hexdigest()


def _add_texts(digest, texts):
    lengths = [-1 if text is None else len(text) for text in texts]
    digest.update(np.array(lengths, "<i8"))
    text = "".join([text or "" for text in texts])
    digest.update(text.encode("utf-8", "surrogatepass"))


@functools.cache
def _code_fingerprint():
    # Rows must not outlive a tokenizer that was mended since.
    folder = pathlib.Path(__file__).parents[1] / "tokenization"
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
