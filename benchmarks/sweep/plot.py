"""How the figures of a sweep look."""

import math
import os
import pathlib
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adapter_bert import files

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = (8.0, 5.0)  # inches
_DPI = 200
_LETTERS = 110  # that fit into a line under the title
_INK, _AXIS, _GRID, _NOTE = "#374151", "#9ca3af", "#e5e7eb", "#b91c1c"
_STYLES = {
    "adapters": ("#2f6fab", "o"),
    "top_k": ("#b45309", "s"),
    "layer_norm": ("#0f766e", "D"),
    "head": ("#6b7280", "v"),
    "full": ("#7c3aed", "*"),
}


def make_figure() -> "tuple[Figure, Axes]":
    """Returns an empty figure and its only panel."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
    panel = figure.subplots()
    panel.grid(color=_GRID, linewidth=0.8)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)
    panel.spines[["left", "bottom"]].set_color(_AXIS)
    panel.tick_params(colors=_INK, labelsize=9, length=3)
    panel.xaxis.label.set(size=10, color=_INK)
    panel.yaxis.label.set(size=10, color=_INK)
    panel.margins(y=0.1)
    return figure, panel


def style_of(method: str, place: int = 0, number: int = 1) -> dict[str, Any]:
    """Returns the color and the mark of a method.

    Args:
        method: What trains.
        place: Which of the lines of this method it is; later ones are darker.
        number: How many lines the method has.
    """
    from matplotlib.colors import to_hex, to_rgb

    color, marker = _STYLES[method]
    if number > 1:
        # From a third of the way to white to halfway to black.
        shade = 0.35 - 0.85 * place / (number - 1)
        end = 1.0 if shade > 0 else 0.0
        color = to_hex([c + abs(shade) * (end - c) for c in to_rgb(color)])
    size = 10 if marker == "*" else 5.5
    return {"color": color, "marker": marker, "markersize": size}


def draw_series(
    panel: "Axes",
    x: Sequence[float],
    means: Sequence[float],
    deviations: Sequence[float | None],
    style: Mapping[str, Any],
) -> None:
    """Draws means with their error bars, joined by a line."""
    bars = [math.nan if d is None else d for d in deviations]
    look = {"linewidth": 1.6, "elinewidth": 1.1, "capsize": 2.5}
    look["linestyle"] = "-" if len(means) > 1 else "none"
    panel.errorbar(x, means, yerr=bars, **look, **style)


def write_beside(
    panel: "Axes",
    x: Sequence[float],
    y: Sequence[float],
    texts: Sequence[str],
    color: str,
) -> None:
    """Writes a short text to the lower right of each point."""
    place = {"textcoords": "offset points", "xytext": (5, -11), "fontsize": 8}
    for text, *point in zip(texts, x, y, strict=True):
        panel.annotate(text, point, color=color, **place)


def write_title(
    figure: "Figure", title: str, subtitle: str, warnings: Sequence[str]
) -> None:
    """Writes what is shown, and below it on what, and what to beware of."""
    wrap = textwrap.TextWrapper(_LETTERS, break_on_hyphens=False).wrap
    notes = wrap(subtitle)
    count = len(notes)
    notes += [line for warning in warnings for line in wrap(warning)]
    look = {"ha": "left", "va": "top", "parse_math": False}
    height = figure.get_figheight() * 72  # points
    figure.text(0.012, 1 - 8 / height, title, size=12, color=_INK, **look)
    for i, note in enumerate(notes):
        color = _INK if i < count else _NOTE
        y = 1 - (27 + 12 * i) / height
        figure.text(0.012, y, note, size=8.5, color=color, **look)
    room = 36 + 12 * len(notes)
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - room / height))


def dodge(place: int, number: int, rates: Sequence[float]) -> float:
    """Returns a factor by which a line moves aside for the others.

    Args:
        place: Which of the lines it is.
        number: How many lines there are.
        rates: The learning rates, which are as far apart as they are.
    """
    steps = zip(rates, rates[1:], strict=False)
    nearest = min((high / low for low, high in steps), default=1.6)
    width = min(0.25, 0.05 * (number - 1))
    return nearest ** (width * (place / max(number - 1, 1) - 0.5))


def set_parameters(panel: "Axes", trained: Sequence[int]) -> None:
    """Makes the x axis one of parameters."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = min(trained), max(trained)
    margin = max(1.25, math.sqrt(10 * low / high))
    panel.set_xscale("log")
    panel.set_xlim(low / margin, high * margin)
    decades = math.log10(high / low) + 2 * math.log10(margin)
    subs = (1,) if decades > 3 else (1, 3) if decades > 2 else (1, 2, 5)
    panel.xaxis.set_major_locator(LogLocator(subs=subs, numticks=20))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda n, _: _short(n)))


def set_rates(
    panel: "Axes", rates: Sequence[float], labels: Sequence[str]
) -> None:
    """Makes the x axis one of learning rates, with a tick at each."""
    from matplotlib.ticker import NullLocator

    low, high = rates[0], rates[-1]
    margin = max((high / low) ** 0.08, 1.3)
    panel.set_xscale("log")
    panel.set_xlim(low / margin, high * margin)
    # A label takes about a fourteenth of the width.
    gap = (high / low * margin**2) ** (1 / 14)
    ticks = [0]
    for i in range(1, len(rates)):
        if rates[i] > rates[ticks[-1]] * gap:
            ticks.append(i)
    panel.set_xticks([rates[i] for i in ticks], [labels[i] for i in ticks])
    panel.xaxis.set_minor_locator(NullLocator())


def draw_legend(panel: "Axes") -> None:
    """Names the lines, to the right of the panel."""
    bars, labels = panel.get_legend_handles_labels()
    legend = panel.legend(
        [bar.lines[0] for bar in bars],
        labels,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        fontsize=9,
        labelcolor=_INK,
    )
    legend.set_in_layout(True)


def name_lines(panel: "Axes") -> None:
    """Names each line in its color, to the right of its last point."""
    panel.set_ylim(panel.get_ylim())
    bars, labels = panel.get_legend_handles_labels()
    lines = [bar.lines[0] for bar in bars]
    ends = [(line.get_xdata()[-1], line.get_ydata()[-1]) for line in lines]
    heights = [panel.transLimits.transform(end)[1] for end in ends]
    arrow = {"arrowstyle": "-", "linewidth": 0.7, "alpha": 0.6, "shrinkB": 4}
    for line, label, end, height in zip(
        lines, labels, ends, _spread(heights), strict=True
    ):
        panel.annotate(
            label,
            end,
            xytext=(1.03, height),
            textcoords="axes fraction",
            color=line.get_color(),
            fontsize=9,
            va="center",
            annotation_clip=False,
            arrowprops={**arrow, "color": line.get_color(), "relpos": (0, 0.5)},
        )


def save(figure: "Figure", path: str | os.PathLike) -> None:
    """Writes `path` with `.png` and `.svg`; the same figure, the same bytes."""
    import matplotlib

    options = {"svg.fonttype": "none", "svg.hashsalt": "adapter-bert"}
    for suffix, metadata in ((".png", None), (".svg", {"Date": None})):
        target = pathlib.Path(path).with_suffix(suffix)
        with matplotlib.rc_context(options), files.replacing(target) as temp:
            figure.savefig(temp, facecolor="white", metadata=metadata)


def _short(number):
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if number >= unit:
            return f"{number / unit:g}{letter}"
    return f"{number:g}"


def _spread(heights):
    """Moves heights, as shares of the panel's, apart in their order."""
    gap = min(0.05, 1 / max(len(heights) - 1, 1))
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    spread, lowest = list(heights), 0.0
    for i in order:
        spread[i] = lowest = max(spread[i], lowest)
        lowest += gap
    highest = 1.0
    for i in reversed(order):
        spread[i] = highest = min(spread[i], highest)
        highest -= gap
    return spread
