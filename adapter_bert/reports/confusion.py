"""Which labels are taken for which: a table, and the same as a picture.

Letters: N examples, C labels. Rows are true labels, columns predicted ones.
"""

import csv
import io
import os
from collections.abc import Sequence

import numpy as np

from adapter_bert import files
from adapter_bert.reports.label_fonts import choose_fonts

_MAX_DPI, _MAX_PIXELS = 200, 5000  # of a side of all cells together
_MAX_CELL, _MIN_CELL = 0.75, 0.24  # inches
_MIN_SIDE, _MAX_SIDE = 2.5, 40.0  # inches
_MAX_FONT, _MIN_COUNT_FONT = 10.0, 3.0  # points
_INK, _GRID, _NO_ROWS = "#374151", "#e5e7eb", "#f3f4f6"
_POINTS = 72  # an inch
_LETTER_WIDTH = 0.64  # of the font's size; Japanese ones have the whole


def count_confusions(
    targets: np.ndarray, predictions: np.ndarray, num_labels: int
) -> np.ndarray:
    """Returns how often each label was taken for each, int64 `[C, C]`.

    Args:
        targets: True label ids, `[N]`.
        predictions: Predicted label ids, `[N]`.
        num_labels: C.

    Raises:
        ValueError: If the ids are not those of N examples and C labels.
    """
    targets, predictions = np.asarray(targets), np.asarray(predictions)
    if targets.shape != predictions.shape or targets.ndim != 1:
        raise ValueError(
            "`targets` and `predictions` must be of one shape, [examples]. "
            f"Received: shapes {targets.shape} and {predictions.shape}"
        )
    for name, ids in (("targets", targets), ("predictions", predictions)):
        foreign = ids[~np.isin(ids, np.arange(num_labels))]
        if foreign.size:
            raise ValueError(
                f"`{name}` must be label ids from 0 to {num_labels - 1}. "
                f"Received: {foreign[0]}"
            )
    cells = targets.astype(np.int64) * num_labels + predictions.astype(np.int64)
    counts = np.bincount(cells, minlength=num_labels**2)
    return counts.reshape(num_labels, num_labels)


def write_confusion_table(
    path: str | os.PathLike,
    targets: np.ndarray,
    predictions: np.ndarray,
    labels: Sequence[str],
) -> None:
    r"""Writes how often each label was taken for each, as CSV.

    The header has the predicted labels, the first column the true ones.

    Args:
        path: The CSV file.
        targets: True label ids, `[N]`.
        predictions: Predicted label ids, `[N]`.
        labels: The labels in the order of their ids.
    """
    counts = count_confusions(targets, predictions, len(labels))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["true\\predicted", *labels])
    for label, row in zip(labels, counts.tolist(), strict=True):
        writer.writerow([label, *row])
    files.write_text(path, text.getvalue())


def draw_confusion_matrix(
    path: str | os.PathLike,
    targets: np.ndarray,
    predictions: np.ndarray,
    labels: Sequence[str],
) -> None:
    """Draws how often each label was taken for each, as a PNG.

    Cells hold counts; their color is the share of the true label's examples.

    Args:
        path: The PNG file. It grows with the labels, to some 6000 pixels.
        targets: True label ids, `[N]`.
        predictions: Predicted label ids, `[N]`.
        labels: The labels in the order of their ids. Japanese ones need the
            package `matplotlib-fontja`; without it, of `色/color` the English
            half is shown.
    """
    # Half a second to import, for the last second of a run.
    from matplotlib.figure import Figure

    counts = count_confusions(targets, predictions, len(labels))
    side = len(labels) * np.clip(9.0 / len(labels), _MIN_CELL, _MAX_CELL)
    side = float(np.clip(side, _MIN_SIDE, _MAX_SIDE))
    dpi = min(_MAX_DPI, _MAX_PIXELS / side)
    figure = Figure(figsize=(side, side), dpi=dpi)
    # The axes are the whole figure; what stands around them is added to it by
    # a tight box, so that cells have the size that was planned for them.
    axes = figure.add_axes((0, 0, 1, 1))
    cell = _POINTS * side / len(labels)
    mesh = _draw_cells(axes, counts)
    _write_counts(axes, counts, cell)
    _write_labels(axes, counts, labels, cell)
    _draw_scale(figure, mesh, side)
    with files.replacing(path) as temporary:
        figure.savefig(
            temporary,
            format="png",
            facecolor="white",
            bbox_inches="tight",
            pad_inches=0.2,
        )


def _draw_cells(axes, counts):
    """Colors the cells by their share of the row."""
    from matplotlib.colors import PowerNorm

    totals = counts.sum(axis=1, keepdims=True)
    shares = np.ma.array(counts / np.maximum(totals, 1))
    shares[(totals == 0).ravel()] = np.ma.masked
    # `imshow` would resample to every pixel of the picture, in floats.
    edges = np.arange(len(counts) + 1) - 0.5
    mesh = axes.pcolormesh(
        edges,
        edges,
        shares,
        cmap="Blues",
        # Rare confusions, too, are to differ from none at all.
        norm=PowerNorm(0.6, 0, 1),
        edgecolors=_GRID,
        linewidth=0.5,
    )
    axes.invert_yaxis()
    axes.set_facecolor(_NO_ROWS)
    axes.spines[:].set_visible(False)
    return mesh


def _write_counts(axes, counts, cell) -> None:
    if 0.45 * cell < _MIN_COUNT_FONT:
        return  # The table has them.
    totals = counts.sum(axis=1)
    style = {"ha": "center", "va": "center_baseline"}
    for row, column in np.argwhere(counts):
        count = str(counts[row, column])
        fitting = 0.9 * cell / (_LETTER_WIDTH * len(count))
        style["fontsize"] = min(_MAX_FONT, 0.45 * cell, fitting)
        dark = counts[row, column] / totals[row] > 0.45
        style["color"] = "white" if dark else _INK
        axes.text(column, row, count, **style)


def _write_labels(axes, counts, labels, cell) -> None:
    places, size = np.arange(len(labels)), min(_MAX_FONT, 0.65 * cell)
    fonts = choose_fonts(labels)
    names = [name for name, _ in fonts]
    rows = [
        f"{name}  ({total:,})"
        for name, total in zip(names, counts.sum(axis=1), strict=True)
    ]
    axes.set_yticks(places, rows)
    if max(map(_width, names)) * size < cell:
        axes.set_xticks(places, names)
    else:
        slanted = {"rotation": 45, "ha": "right", "va": "top"}
        axes.set_xticks(places, names, rotation_mode="anchor", **slanted)
    for axis in (axes.xaxis, axes.yaxis):
        for text, (_, font) in zip(axis.get_ticklabels(), fonts, strict=True):
            text.set_parse_math(False)  # Dollars are letters here.
            text.set(fontproperties=font, fontsize=size, color=_INK)
    axes.tick_params(length=0)
    axes.set_ylabel("True label (examples)", color=_INK, fontsize=_MAX_FONT)
    axes.set_xlabel("Predicted label", color=_INK, fontsize=_MAX_FONT)


def _width(name):
    """Returns about how wide `name` is, in units of its font's size."""
    return sum(1 if ord(c) > 0x2E7F else _LETTER_WIDTH for c in name)


def _draw_scale(figure, mesh, side) -> None:
    height = min(side, 4.0) / side
    scale = figure.add_axes((1 + 0.25 / side, 1 - height, 0.15 / side, height))
    bar = figure.colorbar(mesh, cax=scale, format="{x:.0%}")
    bar.set_ticks([0, 0.05, 0.25, 0.5, 0.75, 1])
    bar.set_label("Share of the true label's examples", color=_INK, size=9)
    bar.outline.set_visible(False)
    scale.tick_params(colors=_INK, labelsize=8, length=2)
