"""Ids of one or two texts to the rows that BERT reads, in the graph."""

import tensorflow as tf


def pack(
    first: tf.RaggedTensor,
    second: tf.RaggedTensor | None,
    max_seq_length: int,
    cls_id: int,
    sep_id: int,
) -> tuple[tf.RaggedTensor, tf.RaggedTensor]:
    """Builds `[CLS] first [SEP]` or `[CLS] first [SEP] second [SEP]` rows.

    What is too long loses ids at its end, one by one: of two texts always the
    longer one, and the second when both are equally long.

    Args:
        first: int32 `[rows, pieces]`.
        second: int32 `[rows, pieces]`, or None. A row without pieces, before
            or after the cut, is a row without a second text.
        max_seq_length: Longest row, in tokens, with [CLS] and [SEP].
        cls_id: Id of "[CLS]".
        sep_id: Id of "[SEP]".

    Returns:
        Ids and segment ids (0, and 1 for the second text and its [SEP]), both
        int32 `[rows, tokens]`.
    """
    if max_seq_length < 3:
        raise ValueError(
            "`max_seq_length` must be at least 3, for [CLS], a token and "
            f"[SEP]. Received: max_seq_length={max_seq_length}"
        )
    rows = first.nrows(tf.int32)
    cls = tf.fill([rows, 1], tf.constant(cls_id, tf.int32))
    sep = tf.fill([rows, 1], tf.constant(sep_id, tf.int32))
    if second is None:
        first = _head(first, max_seq_length - 2)
        input_ids = tf.concat([cls, first, sep], axis=1)
        return input_ids, tf.zeros_like(input_ids)
    first_sizes, second_sizes = _fit(
        first.row_lengths(), second.row_lengths(), max_seq_length
    )
    first = _head(first, first_sizes)
    second = _head(second, second_sizes)
    second = tf.concat([second, _head(sep, tf.sign(second_sizes))], axis=1)
    opening = tf.concat([cls, first, sep], axis=1)
    return (
        tf.concat([opening, second], axis=1),
        tf.concat([tf.zeros_like(opening), tf.ones_like(second)], axis=1),
    )


def _fit(first_sizes, second_sizes, max_seq_length):
    """Sizes to which the original's popping loop cuts the two texts."""
    room = tf.cast(max_seq_length - 3, first_sizes.dtype)
    half = room // 2
    first_fit = tf.maximum(room - half, room - second_sizes)
    second_fit = tf.maximum(half, room - first_sizes)
    alone = tf.minimum(first_sizes, room + 1)
    return (
        tf.where(second_sizes > 0, tf.minimum(first_sizes, first_fit), alone),
        tf.minimum(second_sizes, second_fit),
    )


def _head(ragged, sizes):
    """The first `sizes` values of every row."""
    if not isinstance(ragged, tf.RaggedTensor):
        ragged = tf.RaggedTensor.from_tensor(ragged)
    starts = ragged.row_starts()
    sizes = tf.minimum(ragged.row_lengths(), tf.cast(sizes, starts.dtype))
    kept = tf.ragged.range(starts, starts + sizes)
    return kept.with_values(tf.gather(ragged.values, kept.values))
