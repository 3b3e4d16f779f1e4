"""Tokenizers of English and Japanese encoders, and the packing of their ids."""

import importlib

# Imported when first asked for: each one needs libraries of its own.
_EXPORTS = {
    "JapaneseTokenizer": "adapter_bert.tokenization.japanese",
    "WordPieceTokenizer": "adapter_bert.tokenization.wordpiece",
    "load_japanese_tokenizer": "adapter_bert.tokenization.japanese_config",
}

__all__ = list(_EXPORTS)


def __getattr__(name):
    if name in _EXPORTS:
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
