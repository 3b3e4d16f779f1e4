"""Which of a run's evaluations was best, and whether to go on."""

import math


class BestEvaluation:
    """Follows the main score of a run, of which more is better.

    Args:
        patience: Evaluations in a row without a better score after which
            training should stop. None: it never should.

    Attributes:
        step: Updates before the best evaluation; 0 before the first one.
        score: Its score. Of equal scores the earliest counts; an undefined
            one (NaN) is worse than any other.
    """

    def __init__(self, patience: int | None = None):
        self.patience = patience
        self.step = 0
        self.score = math.nan
        self._num_worse = 0

    def add(self, step: int, score: float) -> bool:
        """Takes the next evaluation and tells whether it is the best so far."""
        if self.step and not self._is_better(score):
            self._num_worse += 1
            return False
        self.step, self.score = step, score
        self._num_worse = 0
        return True

    @property
    def should_stop(self) -> bool:
        """Whether patience has run out."""
        return self.patience is not None and self._num_worse >= self.patience

    def _is_better(self, score):
        if math.isnan(self.score):
            return not math.isnan(score)
        return score > self.score
