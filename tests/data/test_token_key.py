"""Every part of what token rows depend on changes their key."""

import pytest

import adapter_bert
from adapter_bert.data import token_key as module
from adapter_bert.data.token_key import token_key


class Tokenizer:
    def __init__(self, vocab=("a", "b"), **config):
        self.vocab = vocab
        self.config = config

    def get_config(self):
        return self.config


class Other(Tokenizer):
    pass


def key(
    first=("ab", "c"), second=("d", None), length=8, tokenizer=None, **config
):
    return token_key(tokenizer or Tokenizer(**config), first, second, length)


def test_equal_arguments_have_equal_keys():
    assert key() == key(["ab", "c"], ["d", None])
    assert key(a=1, b=[2]) == key(b=[2], a=1)
    assert len(key()) == 64
    assert set(key()) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "changed",
    [
        {"first": ("ab", "C")},
        {"first": ("a", "bc")},
        {"first": ("c", "ab")},
        {"first": ("abc", "")},
        {"first": ("ab", "c", ""), "second": ("d", None, None)},
        {"first": ("ab", "cd"), "second": ("", None)},
        {"second": ("d", "")},
        {"second": (None, "d")},
        {"second": None},
        {"length": 9},
        {"do_lower_case": True},
        {"tokenizer": Tokenizer(("a", "c"))},
        {"tokenizer": Tokenizer(("a", "b", "c"))},
        {"tokenizer": Other()},
    ],
)
def test_each_argument_counts(changed):
    assert key(**changed) != key()


def test_no_second_texts_are_not_texts_that_are_none():
    assert key(second=None) != key(second=(None, None))
    assert key(second=("", "")) != key(second=(None, None))


def test_lone_surrogates_are_texts_too():
    keys = {
        key(first=(first, second))
        for first, second in (
            ("\ud83c", "\udf44"),
            ("\ud83c\udf44", ""),
            ("\U0001f344", ""),
            ("", "\ud83c\udf44"),
            ("\ud83d", "\udf44"),
            ("?", "?"),
        )
    }
    assert len(keys) == 6


def test_texts_beyond_the_first_chunk_count(monkeypatch):
    monkeypatch.setattr(module, "_CHUNK_SIZE", 2)
    texts = ["a", "b", "c", "d", "e"]
    assert key(texts, None) != key([*texts[:4], "f"], None)
    assert key(texts, texts) != key(texts, [*texts[:4], "f"])


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        (module, "_FORMAT", -1),
        (module, "_code_fingerprint", lambda: "other code"),
        (module.unicodedata, "unidata_version", "1.0"),
        (adapter_bert, "__version__", "0.0"),
    ],
)
def test_each_version_counts(monkeypatch, owner, name, value):
    before = key()
    monkeypatch.setattr(owner, name, value)
    assert key() != before


def test_the_code_is_that_of_the_tokenizers(monkeypatch):
    read = []
    monkeypatch.setattr(
        module.pathlib.Path,
        "read_bytes",
        lambda path: read.append(path.name) or b"",
    )
    module._code_fingerprint.__wrapped__()
    assert {"japanese.py", "subwords.py", "wordpiece.py"} <= set(read)
