"""The two figures of a sweep."""

import os
from collections.abc import Sequence

from benchmarks.sweep import plot
from benchmarks.sweep.grid import METHODS, format_rate
from benchmarks.sweep.summary import Summary, best_by, find_sources, name_score

# Methods that come in sizes, which stand beside their points.
_SIZES = {"adapters": "Adapters (size)", "top_k": "Top k layers (k)"}


def draw_score_by_parameters(
    path: str | os.PathLike, summaries: Sequence[Summary]
) -> None:
    """Draws the score against the number of trained parameters.

    Each size of each method is shown at its best learning rate and epochs.

    Args:
        path: The files' path without `.png` and `.svg`.
        summaries: One for each configuration; at least one.

    Reference:
        [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751), figure 4.
    """
    best = best_by(summaries, lambda s: (s.method, s.size))
    figure, panel = plot.make_figure()
    for method, label in METHODS.items():
        shown = [s for s in best if s.configuration.method == method]
        if shown:
            _draw_points(panel, shown, method, label)
    several = len(best) < len(summaries)
    chosen = ", at the best learning rate and epochs" if several else ""
    _write_texts(figure, panel, best, "trained parameters", chosen)
    panel.set_xlabel("Trained parameters, head included")
    plot.set_parameters(panel, [summary.trained for summary in best])
    plot.draw_legend(panel)
    plot.save(figure, path)


def draw_score_by_learning_rate(
    path: str | os.PathLike, summaries: Sequence[Summary]
) -> None:
    """Draws the score against the learning rate, one line for each size.

    Each point is shown at its best number of epochs.

    Args:
        path: The files' path without `.png` and `.svg`.
        summaries: One for each configuration; at least one.
    """
    best = best_by(summaries, lambda s: (s.method, s.size, s.learning_rate))
    lines: dict[tuple[str, int | None], list[Summary]] = {}
    for summary in best:
        settings = summary.configuration
        lines.setdefault((settings.method, settings.size), []).append(summary)
    rates = sorted({s.configuration.learning_rate for s in best})
    figure, panel = plot.make_figure()
    for place, ((method, size), shown) in enumerate(lines.items()):
        sizes = [key[1] for key in lines if key[0] == method]
        style = plot.style_of(method, sizes.index(size), len(sizes))
        # Points that share a rate stand side by side.
        shift = plot.dodge(place, len(lines), rates)
        plot.draw_series(
            panel,
            [shift * s.configuration.learning_rate for s in shown],
            [s.mean for s in shown],
            [s.deviation for s in shown],
            {**style, "label": shown[0].configuration.model},
        )
    several = len(best) < len(summaries)
    chosen = ", at the best number of epochs" if several else ""
    _write_texts(figure, panel, best, "learning rate", chosen)
    panel.set_xlabel("Learning rate (highest of the schedule, per update)")
    plot.set_rates(panel, rates, [format_rate(rate) for rate in rates])
    plot.name_lines(panel)
    plot.save(figure, path)


def _draw_points(panel, shown, method, label):
    if method in _SIZES:
        one = len(shown) == 1
        label = shown[0].configuration.model if one else _SIZES[method]
    trained = [summary.trained for summary in shown]
    means = [summary.mean for summary in shown]
    style = {**plot.style_of(method), "label": label}
    plot.draw_series(panel, trained, means, [s.deviation for s in shown], style)
    if method == "full":
        # What the others are measured against.
        dashes = {"linewidth": 1, "linestyle": (0, (4, 4))}
        panel.axhline(means[0], color=style["color"], **dashes)
    if len(shown) > 1:
        sizes = [str(summary.configuration.size) for summary in shown]
        plot.write_beside(panel, trained, means, sizes, style["color"])


def _write_texts(figure, panel, shown, against, chosen):
    first = shown[0].results[0]
    metric = name_score(first.metric)
    counts = sorted({len(summary.results) for summary in shown})
    if counts == [1]:
        spread = "One seed each"
    else:
        number = "–".join(map(str, dict.fromkeys((counts[0], counts[-1]))))
        spread = f"Mean and standard deviation over {number} seeds"
    panel.set_ylabel(f"{metric[0].upper()}{metric[1:]}, dev set")
    sources = find_sources([r for summary in shown for r in summary.results])
    plot.write_title(
        figure,
        f"{first.task}: {metric} by {against}",
        f"{spread}{chosen}. Data: {sources.data}. Encoder: {sources.base}.",
        sources.warnings,
    )
