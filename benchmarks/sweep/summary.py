"""Results of a sweep, put together over the seeds."""

import dataclasses
import math
import statistics
from collections.abc import Callable, Hashable, Iterable, Sequence

from benchmarks.sweep.grid import Configuration
from benchmarks.sweep.result import Result

_SCORE_NAMES = {
    "accuracy": "accuracy",
    "f1": "F1",
    "matthews": "Matthews correlation",
    "pearson": "Pearson correlation",
    "spearman": "Spearman correlation",
}


@dataclasses.dataclass(frozen=True)
class Summary:
    """The results of one configuration.

    Attributes:
        configuration: The settings that the results share.
        results: One result for each seed, in the order of the seeds; those
            without a score are left out.
    """

    configuration: Configuration
    results: tuple[Result, ...]

    @property
    def scores(self) -> list[float]:
        """The main score of each seed."""
        return [result.score for result in self.results]

    @property
    def mean(self) -> float:
        """Mean of the main score."""
        return statistics.fmean(self.scores)

    @property
    def deviation(self) -> float | None:
        """Standard deviation (n - 1), which one seed does not have."""
        return statistics.stdev(self.scores) if len(self.scores) > 1 else None

    @property
    def best(self) -> Result:
        """The seed with the highest score; the first one among equals."""
        return max(self.results, key=lambda result: result.score)

    @property
    def trained(self) -> int:
        """Number of trained parameters."""
        return self.results[0].trained


@dataclasses.dataclass(frozen=True)
class Sources:
    """What the results of a sweep rest on.

    Attributes:
        data: Where the rows are from.
        base: Where the pretrained encoder is from.
        warnings: What a reader of the scores must know.
    """

    data: str
    base: str
    warnings: tuple[str, ...]


def find_sources(results: Sequence[Result]) -> Sources:
    """Returns what the results rest on, with a warning if they differ."""
    data = dict.fromkeys(result.data for result in results)
    base = dict.fromkeys(result.base for result in results)
    warnings = [text for result in results for text in result.warnings]
    if len(data) > 1 or len(base) > 1:
        # One run had a network, say, and another did not.
        warnings.insert(0, "The runs do not share data and encoder.")
    return Sources(
        " and ".join(data), " and ".join(base), tuple(dict.fromkeys(warnings))
    )


def summarize(results: Sequence[Result]) -> list[Summary]:
    """Returns one summary for each configuration, the best mean first.

    Runs without a score do not count, nor do configurations without any.

    Raises:
        ValueError: If the runs are compared by different scores.
    """
    metrics = sorted({result.metric for result in results})
    if len(metrics) > 1:
        raise ValueError(
            "The runs of a sweep must share one main metric. "
            f"Received: {', '.join(metrics)}"
        )
    scored = [result for result in results if not math.isnan(result.score)]
    by_seed = sorted(scored, key=lambda result: result.attempt.run.seed)
    groups: dict[Configuration, list[Result]] = {}
    for result in by_seed:
        groups.setdefault(result.configuration, []).append(result)
    found = [Summary(key, tuple(group)) for key, group in groups.items()]
    return sorted(found, key=_rank)


def best_by(
    summaries: Iterable[Summary], key: Callable[[Configuration], Hashable]
) -> list[Summary]:
    """Returns the best summary for each value that `key` gives.

    They are in the order of `METHODS`, then of size and learning rate.

    Args:
        summaries: In any order.
        key: What tells the groups apart.
    """
    best: dict[Hashable, Summary] = {}
    for summary in sorted(summaries, key=_rank):
        best.setdefault(key(summary.configuration), summary)
    return sorted(best.values(), key=lambda s: s.configuration.place)


def name_score(metric: str) -> str:
    """Returns the name of a score for people: `eval_f1` is "F1"."""
    name = metric.removeprefix("eval_")
    return _SCORE_NAMES.get(name, name.replace("_", " "))


def _rank(summary):
    # Among equal means more seeds, then fewer parameters are worth more.
    order = (-summary.mean, -len(summary.scores), summary.trained)
    return (*order, summary.configuration.place)
