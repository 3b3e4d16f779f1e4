"""Token ids of a whole split, and the rectangular batches cut from them.

Shapes: N rows, T tokens of all rows together.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

_LENGTH_STEP = 8  # tokens


@dataclasses.dataclass(frozen=True, eq=False)
class TokenRows:
    """Rows of token ids, end to end.

    Attributes:
        input_ids: int32 `[T]`.
        segment_ids: int8 `[T]`.
        row_splits: int64 `[N + 1]`. Row i is `row_splits[i]:row_splits[i + 1]`.
        max_seq_length: Longest row that was allowed, in tokens.
        num_truncated: Rows that lost tokens to `max_seq_length`.
    """

    input_ids: np.ndarray
    segment_ids: np.ndarray
    row_splits: np.ndarray
    max_seq_length: int
    num_truncated: int = 0

    def __len__(self) -> int:
        return len(self.row_splits) - 1

    @property
    def lengths(self) -> np.ndarray:
        """Number of tokens of every row, int64 `[N]`."""
        return np.diff(self.row_splits)

    def batch(
        self,
        indices: Sequence[int] | np.ndarray,
        length: int | None = None,
        batch_size: int | None = None,
    ) -> dict[str, np.ndarray]:
        """Returns some rows as the arrays a model takes, padded with 0.

        Args:
            indices: Rows to take, in this order.
            length: Tokens per row. Defaults to the longest of these rows,
                rounded up to a multiple of 8 but not past `max_seq_length`.
            batch_size: Rows of the result; those past `indices` are all 0,
                mask included. Defaults to none of them.

        Returns:
            `input_ids`, `input_mask` and `segment_ids`, int32
            `[batch_size, length]`.
        """
        indices = np.asarray(indices, np.int64)
        lengths = self.lengths[indices]
        longest = int(lengths.max(initial=0))
        if length is None:
            rounded = -(-longest // _LENGTH_STEP) * _LENGTH_STEP
            length = min(rounded, self.max_seq_length)
        if batch_size is None:
            batch_size = len(indices)
        if longest > length or len(indices) > batch_size:
            raise ValueError(
                "`length` and `batch_size` must hold the rows they are for. "
                f"Received: length={length}, batch_size={batch_size} for "
                f"{len(indices)} rows of up to {longest} tokens"
            )
        columns = np.arange(length)
        mask = columns < lengths[:, None]
        tokens = self.row_splits[:-1][indices][:, None] + columns
        batch = {
            "input_ids": self.input_ids.take(tokens, mode="clip") * mask,
            "input_mask": mask,
            "segment_ids": self.segment_ids.take(tokens, mode="clip") * mask,
        }
        missing_rows = ((0, batch_size - len(indices)), (0, 0))
        return {
            name: np.pad(array.astype(np.int32), missing_rows)
            for name, array in batch.items()
        }
