"""Batches cut from token rows."""

import numpy as np
import pytest

from adapter_bert.data.token_rows import TokenRows


@pytest.fixture
def rows():
    lengths = [3, 10, 2, 17]
    splits = np.cumsum([0, *lengths])
    return TokenRows(
        input_ids=np.arange(1, 33, dtype=np.int32),
        segment_ids=(np.arange(32) % 2).astype(np.int8),
        row_splits=splits,
        max_seq_length=20,
    )


def test_rows_know_their_lengths(rows):
    assert len(rows) == 4
    assert rows.lengths.tolist() == [3, 10, 2, 17]


@pytest.mark.parametrize(
    ("indices", "length"), [([0, 2], 8), ([1, 0], 16), ([3], 20), ([], 0)]
)
def test_default_length_is_a_multiple_of_8_up_to_the_limit(
    rows, indices, length
):
    batch = rows.batch(indices)
    assert list(batch) == ["input_ids", "input_mask", "segment_ids"]
    for array in batch.values():
        assert array.shape == (len(indices), length)
        assert array.dtype == np.int32


def test_batch_keeps_the_order_and_pads_with_0(rows):
    batch = rows.batch([2, 0, 2], length=4, batch_size=4)
    assert batch["input_ids"].tolist() == [
        [14, 15, 0, 0], [1, 2, 3, 0], [14, 15, 0, 0], [0] * 4
    ]  # fmt: skip
    assert batch["input_mask"].tolist() == [
        [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 0, 0], [0] * 4
    ]  # fmt: skip
    assert batch["segment_ids"].tolist() == [
        [1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0] * 4
    ]  # fmt: skip


def test_every_row_comes_back_whole(rows):
    batch = rows.batch(np.arange(4), length=20)
    mask = batch["input_mask"].astype(bool)
    np.testing.assert_array_equal(batch["input_ids"][mask], rows.input_ids)
    np.testing.assert_array_equal(batch["segment_ids"][mask], rows.segment_ids)
    assert not batch["input_ids"][~mask].any()
    assert not batch["segment_ids"][~mask].any()


@pytest.mark.parametrize("size", [{"length": 9}, {"batch_size": 1}])
def test_a_batch_never_cuts(rows, size):
    with pytest.raises(ValueError, match="`length` and `batch_size` must hold"):
        rows.batch([0, 1], **size)
