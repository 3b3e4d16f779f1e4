"""Training batches as a function of (seed, step)."""

import functools

import numpy as np

from adapter_bert.data.token_rows import TokenRows

# Batches whose rows are sorted by length together. More saves padding and
# makes batches less random; beyond 16 the saving is small.
_WINDOW = 16


class TrainingBatches:
    """Batches of exactly `batch_size` rows, cut from endless shuffled passes.

    Each pass over the rows is a permutation drawn from (seed, pass). Passes
    are joined end to end, so a batch may straddle two. Inside windows of a few
    batches, rows are sorted by length so that a batch holds rows of like
    length, and the window's batches are shuffled again. Batch `step` needs no
    batch before it, so a run resumes from the step's number alone.

    Args:
        rows: Tokenized examples.
        targets: What the model is to say of each, of the type of its problem:
            int32 `[examples]`, float32 `[examples]` or `[examples, labels]`.
        batch_size: Examples per batch.
        seed: Seed of the run.
        weights: Factor of each target's loss, float32 of the targets' shape.
            Defaults to 1.
    """

    def __init__(
        self,
        rows: TokenRows,
        targets: np.ndarray,
        batch_size: int,
        seed: int,
        weights: np.ndarray | None = None,
    ):
        if len(rows) != len(targets):
            raise ValueError(
                "`rows` and `targets` must be equally many. Received: "
                f"{len(rows)} rows, {len(targets)} targets"
            )
        if not len(rows):
            raise ValueError("`rows` must hold at least one example.")
        self.rows = rows
        self.targets = np.asarray(targets)
        if weights is None:
            weights = np.ones(self.targets.shape, "float32")
        self.weights = weights
        self.batch_size = batch_size
        self.seed = seed
        # A window much shorter than a pass seldom holds a row twice, which
        # sorting would put side by side.
        self.window = int(np.clip(len(rows) // (4 * batch_size), 1, _WINDOW))
        self._window_batches = functools.lru_cache(maxsize=2)(self._sort_window)
        self._pass_order = functools.lru_cache(maxsize=2)(self._shuffle_pass)

    def __getitem__(self, step: int) -> dict[str, np.ndarray]:
        """Returns batch `step`, from 0, with its `targets` and `weights`."""
        window, index = divmod(step, self.window)
        indices = self._window_batches(window)[index]
        return {
            **self.rows.batch(indices),
            "targets": self.targets[indices],
            "weights": self.weights[indices],
        }

    def _sort_window(self, window):
        size = self.window * self.batch_size
        positions = np.arange(window * size, (window + 1) * size)
        numbers, offsets = np.divmod(positions, len(self.rows))
        order = {n: self._pass_order(n) for n in np.unique(numbers).tolist()}
        indices = np.array(
            [
                order[n][i]
                for n, i in zip(numbers.tolist(), offsets, strict=True)
            ]
        )
        if self.window == 1:
            return indices[np.newaxis]
        by_length = np.argsort(self.rows.lengths[indices], kind="stable")
        batches = indices[by_length].reshape(self.window, self.batch_size)
        random = np.random.default_rng([self.seed, 1, window])
        return batches[random.permutation(self.window)]

    def _shuffle_pass(self, number):
        random = np.random.default_rng([self.seed, 0, number])
        return random.permutation(len(self.rows))
