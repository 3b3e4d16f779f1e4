"""A Japanese tokenizer from the `tokenizer_config.json` of its encoder."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from absl import logging

from adapter_bert.names import did_you_mean
from adapter_bert.tokenization.japanese import JapaneseTokenizer
from adapter_bert.tokenization.japanese_options import JapaneseOptions
from adapter_bert.tokenization.vocabulary import read_vocab
from adapter_bert.validation import field_error

_CLASS = "BertJapaneseTokenizer"
_OWN_KEYS = ("word_tokenizer_type", "subword_tokenizer_type", "mecab_kwargs")
_PLAIN = {"word_tokenizer_type": "basic", "subword_tokenizer_type": "wordpiece"}
_MECAB_KEYS = ("mecab_dic", "mecab_option", "normalize_text")
_SPECIAL_TOKENS = {
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
    "pad_token": "[PAD]",
    "sep_token": "[SEP]",
    "unk_token": "[UNK]",
}
_MUST_BE_EMPTY = ("additional_special_tokens", "extra_special_tokens")
_MUST_BE_TRUE = ("do_word_tokenize", "do_subword_tokenize")
# The first encoders of cl-tohoku, with pieces and with characters. Their
# configs are from the time when ipadic was what a config without a name meant.
_FIRST_GENERATION = {"wordpiece": 32_000, "character": 4_000}


def is_japanese(values: Mapping[str, Any]) -> bool:
    """Returns whether a `tokenizer_config.json` is a Japanese tokenizer's.

    The oldest ones do not name a class. Another class than the Japanese one
    counts only where it splits words and pieces as plain BERT does.
    """
    name = str(values.get("tokenizer_class") or "")
    if name.startswith(_CLASS):
        return True
    plain = _PLAIN if name else {}
    given = [key for key in _OWN_KEYS if values.get(key) is not None]
    return any(values[key] != plain.get(key) for key in given)


def load_japanese_tokenizer(
    vocab_file: str | os.PathLike,
    values: Mapping[str, Any],
    source: str | os.PathLike = "tokenizer_config.json",
) -> JapaneseTokenizer:
    """Builds the tokenizer that a config file describes.

    Args:
        vocab_file: The vocabulary.
        values: Content of `tokenizer_config.json`. What is absent is as in
            transformers, except that a config which names no dictionary and
            comes with a vocabulary of the first encoders of cl-tohoku (32,000
            pieces or 4,000 characters) means `ipadic`, as it did then.
        source: The config file's path, for error messages.

    Raises:
        FileNotFoundError: If `vocab_file` or a dictionary's file is missing.
        ImportError: If fugashi or the dictionary is not installed, naming
            the package.
        ValueError: If a value is not supported, naming it.
    """
    vocab = read_vocab(vocab_file)
    try:
        _check_special_tokens(values, vocab)
        return JapaneseTokenizer(vocab_file, _options(values, len(vocab)))
    except (FileNotFoundError, ImportError, ValueError) as error:
        raise type(error)(f"{source}: {error}") from None


def _options(values, vocab_size):
    for name in _MUST_BE_TRUE:
        if values.get(name, True) is not True:
            raise field_error(name, "true", values[name])
    names = ("word_tokenizer_type", "subword_tokenizer_type", "do_lower_case")
    given = {name: values[name] for name in names if name in values}
    given["never_split"] = values.get("never_split") or ()
    if given.get("word_tokenizer_type") == "mecab":
        given.update(_mecab_options(values, vocab_size))
    return JapaneseOptions(**given)


def _mecab_options(values, vocab_size):
    given = _mapping(values, "mecab_kwargs")
    if unknown := sorted(set(given) - set(_MECAB_KEYS)):
        raise ValueError(
            f"`mecab_kwargs` has an unknown key {unknown[0]!r}; "
            f"{did_you_mean(unknown[0], _MECAB_KEYS)}. Received: {dict(given)}"
        )
    options = {**given, "mecab_option": given.get("mecab_option") or ""}
    if "mecab_dic" not in given:
        subwords = values.get("subword_tokenizer_type", "wordpiece")
        options["mecab_dic"] = _unnamed_dictionary(subwords, vocab_size)
    return options


def _unnamed_dictionary(subwords, vocab_size):
    if vocab_size != _FIRST_GENERATION.get(subwords):
        return "unidic_lite"
    logging.warning(
        "tokenizer_config.json names no MeCab dictionary. A vocabulary of %d "
        "tokens is that of cl-tohoku's first encoders, which were trained "
        "with ipadic, so ipadic it is, where transformers 5 would take "
        "unidic_lite. To choose, put the name into the file: "
        '"mecab_kwargs": {"mecab_dic": "ipadic"}',
        vocab_size,
    )
    return "ipadic"


def _check_special_tokens(values: Mapping[str, Any], vocab: Sequence[str]):
    for name, only in _SPECIAL_TOKENS.items():
        if _content(values.get(name) or only) != only:
            raise field_error(name, repr(only), values[name])
    for name in _MUST_BE_EMPTY:
        others = values.get(name) or ()
        if set(map(_content, others)) - set(_SPECIAL_TOKENS.values()):
            raise field_error(name, "empty", others)
    ids = {
        str(vocab.index(t)): t for t in _SPECIAL_TOKENS.values() if t in vocab
    }
    for index, token in _mapping(values, "added_tokens_decoder").items():
        if ids.get(index) != _content(token):
            raise ValueError(
                "`added_tokens_decoder` must hold no tokens but the "
                f"vocabulary's {', '.join(ids.values())}. "
                f"Received: {index}: {_content(token)!r}"
            )


def _mapping(values, name):
    given = values.get(name) or {}
    if not isinstance(given, Mapping):
        raise field_error(name, "an object", given)
    return given


def _content(token):
    return token.get("content") if isinstance(token, Mapping) else token
