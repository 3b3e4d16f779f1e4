"""Texts to token rows. Needs TensorFlow, unlike the rows themselves."""

from collections.abc import Iterator, Sequence

import numpy as np
import tensorflow as tf
from absl import logging

from adapter_bert.data.token_cache import cached_rows
from adapter_bert.data.token_rows import TokenRows
from adapter_bert.progress import progress_bar
from adapter_bert.tokenization.japanese import JapaneseTokenizer
from adapter_bert.tokenization.packing import pack
from adapter_bert.tokenization.wordpiece import WordPieceTokenizer

_CHUNK_SIZE = 10_000  # rows
_ROWS_WORTH_A_BAR = 50_000


def encode(
    tokenizer: WordPieceTokenizer | JapaneseTokenizer,
    first: Sequence[str],
    second: Sequence[str | None] | None,
    max_seq_length: int,
) -> TokenRows:
    """Tokenizes texts or pairs of texts and packs them into rows.

    Rows of long lists are kept on disk, and taken from there the next time.

    Args:
        tokenizer: Anything with `tokenize`, `cls_id` and `sep_id`; with `vocab`
            and `get_config` too where there may be 20,000 rows and more.
        first: First text of every row.
        second: Second text of every row, None or "" where a row has none; or
            None if no row has one.
        max_seq_length: Longest row, in tokens, with [CLS] and [SEP].

    Returns:
        One row for each of `first`, in their order.
    """
    if second is not None and len(second) != len(first):
        raise ValueError(
            "`second` must have as many texts as `first`. "
            f"Received: {len(first)} and {len(second)}"
        )
    rows = cached_rows(_encode, tokenizer, first, second, max_seq_length)
    if rows.num_truncated:
        logging.warning(
            "%d of %d rows are longer than %d tokens and were cut.",
            rows.num_truncated,
            len(rows),
            max_seq_length,
        )
    return rows


def _encode(tokenizer, first, second, max_seq_length):
    columns = [first]
    if second is not None:
        columns.append([text or "" for text in second])
    return _join(
        [
            _pack(tokenizer, chunk, max_seq_length)
            for chunk in _token_chunks(tokenizer, columns)
        ]
    )


def _token_chunks(tokenizer, columns) -> Iterator[list[tf.RaggedTensor]]:
    """Yields the ids of some rows at a time, in one tensor for each column."""
    num_rows = len(columns[0])
    # One chunk, an empty one, even where there are no rows.
    starts = range(0, max(num_rows, 1), _CHUNK_SIZE)
    parts = [slice(start, start + _CHUNK_SIZE) for start in starts]
    if hasattr(tokenizer, "tokenize_to_arrays"):
        # It shares long lists among processes, and has a bar of its own.
        texts = [text for column in columns for text in column]
        ids = tokenizer.tokenize(texts)
        columns = [ids[:num_rows], ids[num_rows:]][: len(columns)]
        yield from ([column[part] for column in columns] for part in parts)
        return
    with _bar(num_rows) as bar:
        for part in parts:
            yield [tokenizer.tokenize(column[part]) for column in columns]
            bar.update(len(columns[0][part]))


def _bar(num_rows):
    # None draws the bar on a terminal only.
    disable = None if num_rows > _ROWS_WORTH_A_BAR else True
    return progress_bar(
        total=num_rows, desc="Tokenizing", unit=" rows", disable=disable
    )


def _pack(tokenizer, columns, max_seq_length):
    first, second = (*columns, None)[:2]
    full_lengths = first.row_lengths() + 2
    if second is not None:
        sizes = second.row_lengths()
        full_lengths += sizes + np.sign(sizes)
    input_ids, segment_ids = pack(
        first, second, max_seq_length, tokenizer.cls_id, tokenizer.sep_id
    )
    return TokenRows(
        input_ids=input_ids.values.numpy(),
        segment_ids=segment_ids.values.numpy().astype(np.int8),
        row_splits=input_ids.row_splits.numpy(),
        max_seq_length=max_seq_length,
        num_truncated=int(np.sum(full_lengths > input_ids.row_lengths())),
    )


def _join(parts: Sequence[TokenRows]) -> TokenRows:
    lengths = np.concatenate([part.lengths for part in parts])
    return TokenRows(
        input_ids=np.concatenate([part.input_ids for part in parts]),
        segment_ids=np.concatenate([part.segment_ids for part in parts]),
        row_splits=np.concatenate([[0], np.cumsum(lengths)]),
        max_seq_length=parts[0].max_seq_length,
        num_truncated=sum(part.num_truncated for part in parts),
    )
