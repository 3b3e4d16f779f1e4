"""Results of a sweep as text: `results.csv` and `table.md`."""

import csv
import io
import math
from collections.abc import Iterable, Sequence

from benchmarks.sweep.grid import METHODS, Run, format_number, format_rate
from benchmarks.sweep.result import Result
from benchmarks.sweep.summary import Summary, best_by, find_sources, name_score


def to_csv(results: Sequence[Result]) -> str:
    """Returns one line for each run, with every score."""
    scores = sorted({name for result in results for name in result.scores})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_settings_of(results[0]), *scores])
    for result in results:
        values = [result.scores.get(name) for name in scores]
        writer.writerow([*_settings_of(result).values(), *values])
    return text.getvalue()


def to_markdown(
    results: Sequence[Result],
    summaries: Sequence[Summary],
    failed: Sequence[Run],
) -> str:
    """Returns the comparison of configurations as a page.

    Args:
        results: Of the finished runs; at least one.
        summaries: One for each configuration with a score, the best first.
        failed: Runs that are missing because they failed.
    """
    metric = name_score(results[0].metric)
    parts = [
        f"# Sweep: {results[0].task}, {metric} on the dev set",
        _describe(results, summaries, failed),
        _table(_summary_rows(summaries, metric)),
        "## Best by validation",
        "The configuration with the highest mean for each method, and its best "
        "seed. These were chosen by the very scores shown, which flatters "
        "them: report a test set's.",
        _table(_best_rows(summaries, metric)),
    ]
    return "\n\n".join(parts) + "\n"


def _settings_of(result):
    settings = result.configuration
    size = {"adapters": None, "top_k": None, settings.method: settings.size}
    return {
        "run": result.attempt.run.name,
        "method": settings.method,
        "adapter_size": size["adapters"],
        "tune_top_k": size["top_k"],
        "learning_rate": settings.learning_rate,
        "num_train_epochs": settings.num_train_epochs,
        "seed": result.attempt.run.seed,
        "trained_parameters": result.trained,
        "total_parameters": result.total,
        "seconds": result.attempt.seconds,
    }


def _describe(results, summaries, failed):
    sources = find_sources(results)
    lines = [
        f"- Data: {sources.data}",
        f"- Encoder: {sources.base}",
        f"- Finished runs: {len(results)}",
    ]
    undefined = [r.attempt.run for r in results if math.isnan(r.score)]
    for kind, runs in (("Failed runs", failed), ("Without score", undefined)):
        if runs:
            names = ", ".join(f"`{run.name}`" for run in runs)
            lines.append(f"- {kind}: {len(runs)} ({names})")
    lines.append(
        "- s.d.: standard deviation over the seeds (n - 1); trained: "
        "parameters that train, the head included, and their share of the "
        "encoder's"
    )
    warnings = [*sources.warnings, *_warn_of_seeds(summaries)]
    lines += [f"- **Warning:** {warning}" for warning in warnings]
    return "\n".join(lines)


def _warn_of_seeds(summaries):
    counts = {len(summary.results) for summary in summaries}
    if len(counts) > 1:
        yield (
            f"Configurations have from {min(counts)} to {max(counts)} seeds: "
            "a mean over fewer is less certain and comes first more easily."
        )


def _summary_rows(summaries, metric):
    yield [*_SETTINGS, f"{metric}, mean", "s.d.", "seeds"]
    yield [*_ALIGNMENT, "--:", "--:", "--:"]
    for summary in summaries:
        yield [
            *_settings_cells(summary),
            f"{summary.mean:.4f}",
            _show(summary.deviation),
            str(len(summary.results)),
        ]


def _best_rows(summaries, metric):
    yield [*_SETTINGS, f"{metric}, mean", "s.d.", "seeds", "best", "run"]
    yield [*_ALIGNMENT, "--:", "--:", "--:", "--:", "---"]
    for summary in best_by(summaries, lambda settings: settings.method):
        yield [
            *_settings_cells(summary),
            f"{summary.mean:.4f}",
            _show(summary.deviation),
            str(len(summary.results)),
            f"{summary.best.score:.4f}",
            f"`{summary.best.attempt.run.name}`",
        ]


_SETTINGS = ("method", "size or k", "learning rate", "epochs", "trained")
_ALIGNMENT = ("---", "--:", "--:", "--:", "--:")


def _settings_cells(summary):
    settings, first = summary.configuration, summary.results[0]
    return [
        METHODS[settings.method],
        "–" if settings.size is None else str(settings.size),
        format_rate(settings.learning_rate),
        format_number(settings.num_train_epochs),
        f"{first.trained:,} ({100 * first.share:.3g} %)",
    ]


def _show(deviation):
    return "–" if deviation is None else f"{deviation:.4f}"


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
        for row in rows
    )
