"""The course of training as a picture."""

import os
from collections.abc import Mapping, Sequence

import numpy as np

from adapter_bert import files

WIDTH, HEIGHT = 1600, 1000  # pixels; sharp at half the size
_DPI = 200
_MAX_POINTS = 5000  # more cannot be told apart at this width
_LOSS, _RATE, _NOTE = "#2f6fab", "#6b7280", "#b91c1c"
_INK, _AXIS, _GRID = "#374151", "#9ca3af", "#e5e7eb"
_SCORES = ("#b45309", "#0f766e", "#7c3aed", "#be123c", "#4d7c0f", "#0369a1")


def draw_training_curve(
    path: str | os.PathLike,
    points: Sequence[Mapping[str, float]],
    scores: Sequence[Mapping[str, float]],
) -> None:
    """Draws loss, learning rate and repeated evaluations as a PNG.

    Args:
        path: The PNG file, 1600 x 1000 pixels.
        points: `step`, `loss` and `learning_rate` of updates, in order.
        scores: `step` and `eval_*` of evaluations, in order. `eval_loss`
            joins the training loss, what is no loss gets a panel of its own. A
            single evaluation is a number rather than a curve, and left out.
    """
    # Half a second to import, for the last second of a run.
    from matplotlib.figure import Figure

    scores = scores if len(scores) > 1 else []
    names = _score_names(scores)
    heights = [3.2, 1.6, 1.0] if names else [3.6, 1.0]
    figure = Figure(
        figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, layout="constrained"
    )
    panels = figure.subplots(
        len(heights), sharex=True, squeeze=False, height_ratios=heights
    )[:, 0]
    for panel in panels:
        _style(panel)
    _draw_loss(panels[0], points, scores)
    if names:
        _draw_scores(panels[1], names, scores)
    _draw_rate(panels[-1], points)
    _set_steps(panels[-1], points, scores)
    figure.align_ylabels(panels)
    with files.replacing(path) as temporary:
        figure.savefig(temporary, format="png", facecolor="white")


def running_mean(values: Sequence[float], width: int) -> np.ndarray:
    """Returns the centered mean over up to `width` values, `[len(values)]`.

    Towards both ends the window shrinks; values that are not finite are
    left out of it.
    """
    values = np.asarray(values, np.float64)
    valid = np.isfinite(values)
    totals = np.cumsum(np.concatenate([[0.0], np.where(valid, values, 0.0)]))
    counts = np.cumsum(np.concatenate([[0], valid]))
    middle = np.arange(len(values))
    first = np.maximum(middle - width // 2, 0)
    last = np.minimum(middle + width // 2 + 1, len(values))
    number = counts[last] - counts[first]
    means = (totals[last] - totals[first]) / np.maximum(number, 1)
    return np.where(number > 0, means, np.nan)


def _draw_loss(panel, points, scores) -> None:
    panel.set_ylabel("Loss", color=_INK)
    if not points:
        _write_note(panel, "No updates were recorded.", y=0.5)
    steps, losses = _column(points, "step"), _column(points, "loss")
    width = max(1, len(points) // 20)
    if width > 1:
        style = {"color": _LOSS, "alpha": 0.35, "linewidth": 0.7}
        panel.plot(*_thinned(steps, losses), label="Each update", **style)
        steps, losses = _thinned(steps, running_mean(losses, width))
        label = f"Mean of {width // 2 * 2 + 1} updates"
        panel.plot(steps, losses, color=_LOSS, linewidth=1.8, label=label)
    elif points:
        marks = {"marker": "o", "markersize": 4, "linewidth": 1.5}
        panel.plot(steps, losses, color=_LOSS, label="Each update", **marks)
    held_out = [record for record in scores if "eval_loss" in record]
    if held_out:
        _draw_marked(panel, held_out, "eval_loss", "eval_loss", _SCORES[0])
    _start_at_zero(panel)
    if panel.get_lines():
        _draw_legend(panel)
    broken = next((p for p in points if not np.isfinite(p["loss"])), None)
    if broken:
        _write_note(panel, f"Not finite at update {broken['step']:,}", y=0.08)


def _draw_scores(panel, names, scores) -> None:
    panel.set_ylabel("Score", color=_INK)
    for name, color in zip(names, _SCORES[1:] * len(names), strict=False):
        held = [record for record in scores if name in record]
        _draw_marked(panel, held, name, name, color)
    panel.margins(y=0.15)
    _draw_legend(panel)


def _draw_rate(panel, points) -> None:
    steps, rates = _column(points, "step"), _column(points, "learning_rate")
    marks = {"marker": "o", "markersize": 3.5, "clip_on": False}
    marks = marks if len(points) < 20 else {}
    panel.plot(*_thinned(steps, rates), color=_RATE, linewidth=1.5, **marks)
    panel.set_ylabel("Learning rate\n(per update)", color=_INK)
    panel.set_xlabel("Update", color=_INK)
    panel.ticklabel_format(axis="y", style="sci", scilimits=(0, 0))
    panel.yaxis.get_offset_text().set(color=_INK, fontsize=8)
    panel.yaxis.get_major_locator().set_params(nbins=3)
    _start_at_zero(panel)


def _draw_marked(panel, records, name, label, color) -> None:
    steps, values = _column(records, "step"), _column(records, name)
    marks = {"marker": "o", "markersize": 3.5, "linewidth": 1.5}
    panel.plot(steps, values, color=color, label=label, **marks)


def _style(panel) -> None:
    panel.grid(color=_GRID, linewidth=0.8)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)
    panel.spines[["left", "bottom"]].set_color(_AXIS)
    panel.tick_params(colors=_INK, labelsize=9, length=3)
    panel.yaxis.label.set_size(9.5)
    panel.xaxis.label.set_size(9.5)


def _set_steps(panel, points, scores) -> None:
    steps = [record["step"] for record in [*points, *scores]]
    low, high = min(steps, default=0), max(steps, default=1)
    margin = (high - low) * 0.015 or 0.5
    panel.set_xlim(low - margin, high + margin)
    panel.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    panel.xaxis.set_major_formatter(lambda step, _: f"{step:,.0f}")


def _start_at_zero(panel) -> None:
    values = [line.get_ydata() for line in panel.get_lines()]
    finite = np.concatenate([np.empty(0), *values])
    finite = finite[np.isfinite(finite)]
    top = finite.max() if len(finite) else 1.0
    panel.set_ylim(0.0, 1.08 * top if top > 0 else 1.0)


def _draw_legend(panel) -> None:
    legend = panel.legend(loc="best", fontsize=9, labelcolor=_INK)
    legend.get_frame().set(edgecolor="none", facecolor="white", alpha=0.8)


def _write_note(panel, text, y) -> None:
    place = {"transform": panel.transAxes, "ha": "center", "va": "center"}
    panel.text(0.5, y, text, color=_NOTE, **place)


def _column(records, name) -> np.ndarray:
    return np.array([record[name] for record in records], np.float64)


def _thinned(steps, values) -> tuple[np.ndarray, np.ndarray]:
    stride = -(-len(steps) // _MAX_POINTS) or 1
    return steps[::stride], values[::stride]


def _score_names(scores) -> list[str]:
    names = dict.fromkeys(name for record in scores for name in record)
    scores = [name for name in names if name.startswith("eval_")]
    # A further dev set's loss is on another scale.
    return [name for name in scores if not name.endswith("_loss")]
