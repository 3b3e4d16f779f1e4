"""BERT's WordPiece tokenizer in the graph, for training and serving alike.

Equal to the original `FullTokenizer`, id for id. In particular nothing in a
text is special: "[SEP]" there is three words.
"""

import os
import re
from collections.abc import Mapping, Sequence

import tensorflow as tf
import tensorflow_text as tf_text

from adapter_bert.tokenization.vocabulary import read_vocab
from adapter_bert.tokenization.words import split_words

_MAX_WORD_SIZE = 200  # characters
_LONG_WORD = rf"^.{{{_MAX_WORD_SIZE + 1},}}$"
_SURROGATE = re.compile("[\ud800-\udfff]")
# UTF-8 can hold this code point, and no vocabulary does.
_STAND_IN = "\U0010ffff"


class WordPieceTokenizer:
    """Turns texts into WordPiece ids, eagerly or inside a `tf.function`.

    Args:
        vocab_file: UTF-8 file with one token a line. A token's id is its line
            number, counted from 0; of equal lines the last one counts.
        do_lower_case: Whether texts are lowercased and lose their accents.

    Attributes:
        vocab: The lines of the file, without surrounding whitespace.
        cls_id: Id of "[CLS]".
        sep_id: Id of "[SEP]".
        pad_id: Id of padding: 0, whatever the vocabulary has there.

    Raises:
        FileNotFoundError: If `vocab_file` is not there.
        ValueError: If it is not a vocabulary for BERT.
    """

    pad_id = 0

    def __init__(
        self, vocab_file: str | os.PathLike, do_lower_case: bool = True
    ):
        self.do_lower_case = do_lower_case
        self.vocab = read_vocab(vocab_file)
        ids = {token: index for index, token in enumerate(self.vocab)}
        self.cls_id = ids["[CLS]"]
        self.sep_id = ids["[SEP]"]
        # Strings live on the CPU, and so must the 1 MB table they meet there.
        with tf.device("CPU:0"):
            self._wordpiece = tf_text.FastWordpieceTokenizer(
                _reachable(self.vocab, ids),
                max_bytes_per_word=4 * _MAX_WORD_SIZE,
                token_out_type=tf.int32,
                unknown_token="[UNK]",
                no_pretokenization=True,
            )

    def tokenize(self, texts: Sequence[str] | tf.Tensor) -> tf.RaggedTensor:
        """Returns the ids of every text, without [CLS] and [SEP].

        A word that the vocabulary cannot spell becomes one [UNK], and so does
        a word of more than 200 characters or with a lone surrogate in it.

        Args:
            texts: Strings `[texts]`.

        Returns:
            int32 `[texts, pieces]`.
        """
        texts = _as_tensor(texts)
        words = split_words(texts, self.do_lower_case)
        words = words.with_flat_values(
            tf.strings.regex_replace(words.flat_values, _LONG_WORD, "[UNK]")
        )
        return self._wordpiece.tokenize(words).merge_dims(1, 2)

    def get_config(self) -> dict[str, str | bool]:
        """Returns what a task's artifact says about its tokenizer."""
        return {"type": "wordpiece", "do_lower_case": self.do_lower_case}


def _as_tensor(texts):
    if isinstance(texts, str):
        raise ValueError(
            f"`texts` must be a list of strings. Received: texts={texts!r}"
        )
    if not tf.is_tensor(texts):
        texts = [_SURROGATE.sub(_STAND_IN, text) for text in texts]
        return tf.constant(texts, tf.string)
    if texts.shape.rank != 1:
        raise ValueError(
            "`texts` must have one dimension. "
            f"Received: texts of shape {texts.shape}"
        )
    return texts


def _reachable(vocab: Sequence[str], ids: Mapping[str, int]) -> list[str]:
    # tf-text wants each token once. Lines that no word can reach give way to
    # control characters, of which a clean text has none.
    return [
        token if token and ids[token] == index else f"\x01{index}"
        for index, token in enumerate(vocab)
    ]
