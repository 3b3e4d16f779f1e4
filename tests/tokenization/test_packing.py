"""Packing, against the original's loop that pops ids one by one."""

import itertools

import pytest
import tensorflow as tf

from adapter_bert.tokenization.packing import pack
from tests.tokenization import original_rules

CLS, SEP = 101, 102
SIZES = list(itertools.product(range(10), range(10)))
FIRST = [[10 + index for index in range(size)] for size, _ in SIZES]
SECOND = [[50 + index for index in range(size)] for _, size in SIZES]


def original(first, second, max_seq_length):
    rows = [
        original_rules.pack(a, b, max_seq_length, CLS, SEP)
        for a, b in zip(first, second, strict=True)
    ]
    return [ids for ids, _ in rows], [segments for _, segments in rows]


@pytest.mark.parametrize("max_seq_length", range(3, 24))
def test_pairs_of_all_sizes(max_seq_length):
    ids, segments = pack(
        tf.ragged.constant(FIRST, tf.int32),
        tf.ragged.constant(SECOND, tf.int32),
        max_seq_length,
        CLS,
        SEP,
    )
    assert ids.dtype == segments.dtype == tf.int32
    assert (ids.to_list(), segments.to_list()) == original(
        FIRST, SECOND, max_seq_length
    )


@pytest.mark.parametrize("max_seq_length", range(3, 14))
def test_single_texts_of_all_sizes(max_seq_length):
    first = FIRST[::10]
    ids, segments = pack(
        tf.ragged.constant(first, tf.int32), None, max_seq_length, CLS, SEP
    )
    assert (ids.to_list(), segments.to_list()) == original(
        first, [None] * 10, max_seq_length
    )


def test_the_documented_example():
    ids, _ = pack(
        tf.ragged.constant([[1, 2, 3, 4, 5]], tf.int32),
        tf.ragged.constant([[6, 7, 8, 9, 10]], tf.int32),
        5 + 3,
        CLS,
        SEP,
    )
    assert ids.to_list() == [[CLS, 1, 2, 3, SEP, 6, 7, SEP]]


def test_runs_inside_a_function():
    spec = tf.RaggedTensorSpec([None, None], tf.int32)

    @tf.function(input_signature=[spec, spec])
    def run(first, second):
        return pack(first, second, 12, CLS, SEP)

    ids, segments = run(
        tf.ragged.constant(FIRST, tf.int32),
        tf.ragged.constant(SECOND, tf.int32),
    )
    assert (ids.to_list(), segments.to_list()) == original(FIRST, SECOND, 12)


def test_no_rows():
    none = tf.RaggedTensor.from_row_lengths(
        tf.constant([], tf.int32), tf.constant([], tf.int64)
    )
    for second in (none, None):
        ids, segments = pack(none, second, 8, CLS, SEP)
        assert ids.to_list() == segments.to_list() == []


def test_too_short_for_anything():
    rows = tf.ragged.constant([[1]], tf.int32)
    with pytest.raises(ValueError, match="`max_seq_length` must be at least 3"):
        pack(rows, None, 2, CLS, SEP)
