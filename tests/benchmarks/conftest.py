"""Results of runs that never ran."""

import pytest

from benchmarks.sweep.attempt import Attempt
from benchmarks.sweep.result import Result


@pytest.fixture
def make_result():
    def make(run, score, trained=1000, metric="eval_accuracy", warnings=()):
        return Result(
            attempt=Attempt(run, {}, "finished", "first", 1.5),
            metric=metric,
            scores={metric: score, "eval_loss": 0.5},
            trained=trained,
            plain_encoder=100_000,
            total=100_000 + trained,
            task="mrpc",
            data="the sample, $5_a each",
            base="an encoder",
            warnings=tuple(warnings),
        )

    return make
