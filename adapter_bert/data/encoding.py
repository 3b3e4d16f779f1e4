"""Texts to token rows. Needs TensorFlow, unlike the rows themselves."""

from collections.abc import Sequence

import numpy as np
from absl import logging

from adapter_bert.data.token_rows import TokenRows
from adapter_bert.progress import progress_bar
from adapter_bert.tokenization.packing import pack
from adapter_bert.tokenization.wordpiece import WordPieceTokenizer

_CHUNK_SIZE = 10_000  # rows
_ROWS_WORTH_A_BAR = 50_000


def encode(
    tokenizer: WordPieceTokenizer,
    first: Sequence[str],
    second: Sequence[str | None] | None,
    max_seq_length: int,
) -> TokenRows:
    """Tokenizes texts or pairs of texts and packs them into rows.

    Args:
        tokenizer: Anything with `tokenize`, `cls_id` and `sep_id`.
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
    chunks = []
    with progress_bar(
        total=len(first),
        desc="Tokenizing",
        unit=" rows",
        # None draws the bar on a terminal only.
        disable=None if len(first) > _ROWS_WORTH_A_BAR else True,
    ) as bar:
        # One chunk, an empty one, even where there are no rows.
        for start in range(0, max(len(first), 1), _CHUNK_SIZE):
            part = slice(start, start + _CHUNK_SIZE)
            second_part = None if second is None else second[part]
            chunks.append(
                _encode(tokenizer, first[part], second_part, max_seq_length)
            )
            bar.update(len(chunks[-1]))
    rows = _join(chunks)
    if rows.num_truncated:
        logging.warning(
            "%d of %d rows are longer than %d tokens and were cut.",
            rows.num_truncated,
            len(rows),
            max_seq_length,
        )
    return rows


def _encode(tokenizer, first, second, max_seq_length):
    first = tokenizer.tokenize(first)
    full_lengths = first.row_lengths() + 2
    if second is not None:
        second = tokenizer.tokenize([text or "" for text in second])
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
