"""The tokenizer of Japanese BERT encoders, such as those of cl-tohoku.

Texts become words, by MeCab or at whitespace and punctuation, and words become
pieces or characters. Ids are those of transformers' `BertJapaneseTokenizer`,
which the encoders were trained with. So, unlike in an English text, "[MASK]"
and the other special tokens keep their meaning inside a text.
"""

import itertools
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from adapter_bert.tokenization.basic_words import BasicWords
from adapter_bert.tokenization.japanese_options import JapaneseOptions
from adapter_bert.tokenization.mecab import MecabWords
from adapter_bert.tokenization.processes import map_chunks
from adapter_bert.tokenization.subwords import Characters, Pieces, WordIds
from adapter_bert.tokenization.vocabulary import read_vocab

if TYPE_CHECKING:
    import tensorflow as tf

_SPECIAL = ("[CLS]", "[MASK]", "[PAD]", "[SEP]", "[UNK]")
_SPELLERS = {"character": Characters, "wordpiece": Pieces}


class JapaneseTokenizer:
    """Turns Japanese texts into ids, eagerly.

    Args:
        vocab_file: UTF-8 file with one token a line. A token's id is its line
            number, counted from 0; of equal lines the last one counts.
        options: How texts are split.

    Attributes:
        vocab: The lines of the file, without surrounding whitespace.
        cls_id: Id of "[CLS]".
        sep_id: Id of "[SEP]".
        pad_id: Id of padding: 0, whatever the vocabulary has there.

    Raises:
        FileNotFoundError: If `vocab_file` or a dictionary's file is missing.
        ImportError: If fugashi or the dictionary is not installed.
        ValueError: If `vocab_file` is not a vocabulary for BERT, or MeCab
            does not start.
    """

    pad_id = 0

    def __init__(
        self,
        vocab_file: str | os.PathLike,
        options: JapaneseOptions | None = None,
    ):
        self.__setstate__((read_vocab(vocab_file), options))

    # Other processes work with a copy, and MeCab cannot be copied.
    def __getstate__(self):
        return self.vocab, self.options

    def __setstate__(self, state):
        self.vocab, options = state
        self.options = options or JapaneseOptions()
        ids = {token: index for index, token in enumerate(self.vocab)}
        self.cls_id = ids["[CLS]"]
        self.sep_id = ids["[SEP]"]
        special = {token: (ids[token],) for token in _SPECIAL if token in ids}
        self._special = special
        self._at_special = re.compile(f"({'|'.join(map(re.escape, special))})")
        self._words = _word_splitter(self.options)
        speller = _SPELLERS[self.options.subword_tokenizer_type]
        self._word_ids = WordIds(speller(ids))

    def tokenize(self, texts: "Sequence[str] | tf.Tensor") -> "tf.RaggedTensor":
        """Returns the ids of every text, without [CLS] and [SEP].

        Args:
            texts: Strings `[texts]`.

        Returns:
            int32 `[texts, pieces]`.
        """
        import tensorflow as tf

        if tf.is_tensor(texts):
            texts = _strings(texts)
        ids, row_splits = self.tokenize_to_arrays(texts)
        with tf.device("CPU:0"):
            return tf.RaggedTensor.from_row_splits(
                ids, row_splits, validate=False
            )

    def tokenize_to_arrays(
        self, texts: Sequence[str], num_processes: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Returns the ids of every text, and needs no TensorFlow.

        Args:
            texts: Strings.
            num_processes: How many processes share the work. Defaults to the
                available cores for 50,000 texts and more, else to 1, which
                is this process itself.

        Returns:
            ids: int32 `[tokens]`, of all texts, one after the other.
            row_splits: int64 `[texts + 1]`, where each text's ids start.
        """
        _check_texts(texts)
        parts = map_chunks(self._tokenize_chunk, texts, num_processes)
        # Without texts there are no parts, and arrays all the same.
        parts.append((np.empty(0, np.int32), np.empty(0, np.int64)))
        ids, lengths = map(np.concatenate, zip(*parts, strict=True))
        row_splits = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=row_splits[1:])
        return ids, row_splits

    def get_config(self) -> dict[str, Any]:
        """Returns what a task's artifact says about its tokenizer."""
        config = {"type": "japanese", **self.options.get_config()}
        if self.options.word_tokenizer_type == "mecab":
            config["dictionary_package"] = self._words.package
            config["dictionary_version"] = self._words.version
        return config

    def _tokenize_chunk(self, texts):
        """Returns ids, int32 `[tokens]`, and their number in each text."""
        ids, ends = [], []
        for text in texts:
            if "[" in text:
                for part in self._at_special.split(text):
                    ids.extend(self._special.get(part) or self._ids(part))
            else:
                ids.extend(self._ids(text))
            ends.append(len(ids))
        return np.array(ids, np.int32), np.diff(ends, prepend=0)

    def _ids(self, text):
        words = map(self._word_ids.__getitem__, self._words.split(text))
        return itertools.chain.from_iterable(words)


def _word_splitter(options):
    if options.word_tokenizer_type == "basic":
        never_split = (*options.never_split, *_SPECIAL)
        return BasicWords(options.do_lower_case, never_split)
    return MecabWords(
        options.mecab_dic,
        options.mecab_option,
        options.normalize_text,
        options.do_lower_case,
        (*options.never_split, *_SPECIAL),
    )


def _strings(texts):
    if texts.shape.rank != 1 or not hasattr(texts, "numpy"):
        raise ValueError(
            "`texts` must have one dimension and be there already: MeCab does "
            f"not run inside a `tf.function`. Received: texts={texts}"
        )
    return [text.decode("utf-8", "ignore") for text in texts.numpy()]


def _check_texts(texts):
    if isinstance(texts, str):
        raise ValueError(
            f"`texts` must be a list of strings. Received: texts={texts!r}"
        )
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(
                "`texts` must be a list of strings. "
                f"Received: texts[{i}]={text!r}"
            )
