import itertools
import xml.etree.ElementTree as ElementTree

import matplotlib.image
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from benchmarks.sweep import plot
from benchmarks.sweep.figures import (
    draw_score_by_learning_rate,
    draw_score_by_parameters,
)
from benchmarks.sweep.grid import METHODS, expand
from benchmarks.sweep.summary import summarize

DRAW = [draw_score_by_parameters, draw_score_by_learning_rate]
RATES = [1e-5, 2e-5, 3e-5, 4e-5, 1e-4, 3e-4, 1e-3, 3e-3]
GRIDS = {
    "one point": (["adapters"], [64], [], [3e-4], [3], [1]),
    "one rate": (["adapters", "full"], [8, 64], [], [3e-4], [3], [1, 2]),
    "one size": (["top_k"], [], [2], [3e-4, 1e-3], [3], [1, 2, 3]),
    "everything": (list(METHODS), [1, 8, 64], [1, 2, 3], RATES, [3, 20], [1]),
}


@pytest.fixture
def summaries(make_result):
    def make(name, warnings=()):
        results = []
        for run in expand(*GRIDS[name]):
            settings = run.configuration
            size = settings.size or 1
            rank = list(METHODS).index(settings.method) + 1
            trained = 10 ** (2 + rank) * size
            score = 0.5 + 0.01 * size**0.5 + 30 * settings.learning_rate
            score += 0.003 * run.seed * rank
            results.append(make_result(run, score, trained, warnings=warnings))
        return summarize(results)

    return make


@pytest.mark.parametrize("draw", DRAW)
@pytest.mark.parametrize("name", GRIDS)
def test_any_sweep_is_drawn(draw, name, summaries, tmp_path):
    draw(tmp_path / "figure", summaries(name))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["figure.png", "figure.svg"]
    image = matplotlib.image.imread(tmp_path / "figure.png")
    assert image.shape[:2] == (1000, 1600)
    ink = (image[..., :3].max(axis=-1) < 0.99).mean()
    assert 0.001 < ink < 0.5
    for edge in (image[:3], image[-3:], image[:, :3], image[:, -3:]):
        assert edge.min() > 0.99, "something is cut off"


@pytest.mark.parametrize("draw", DRAW)
def test_texts_stay_texts_and_bytes_stay_the_same(draw, summaries, tmp_path):
    shown = summaries("everything", ["Not the real data."])
    for name in ("one", "two"):
        draw(tmp_path / name, shown)
    one, two = (tmp_path / f"{name}.svg" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    texts = {
        "".join(element.itertext()).strip()
        for element in ElementTree.parse(one).iter()
        if element.tag.endswith("}text")
    }
    assert "Not the real data." in texts
    assert "Accuracy, dev set" in texts
    assert {"LayerNorms only", "Full fine-tuning"} <= texts
    assert any("the sample, $5_a each. Encoder: an" in text for text in texts)
    assert any(text.startswith("One seed each, at the best") for text in texts)


@pytest.mark.parametrize("draw", DRAW)
@pytest.mark.parametrize("name", GRIDS)
def test_no_two_texts_overlap(draw, name, summaries, tmp_path, monkeypatch):
    figures = []
    monkeypatch.setattr(plot, "save", lambda figure, _: figures.append(figure))
    draw(tmp_path / "figure", summaries(name, ["Not real. " * 20]))
    (figure,) = figures
    FigureCanvasAgg(figure).draw()
    panel = figure.axes[0]
    legend = panel.get_legend()
    texts = [
        *_seen(panel.xaxis, panel.viewLim.intervalx),
        *_seen(panel.yaxis, panel.viewLim.intervaly),
        *(legend.get_texts() if legend else ()),
        *panel.texts,
        *figure.texts,
        panel.xaxis.label,
        panel.yaxis.label,
    ]
    boxes = [
        # That of an annotation would have its arrow in it.
        (text.get_text(), Text.get_window_extent(text))
        for text in texts
        if text.get_text()
    ]
    assert len(boxes) > 10
    for (one, box), (two, other) in itertools.combinations(boxes, 2):
        assert not box.overlaps(other), (one, two)


def _seen(axis, limits):
    low, high = limits
    ticks = [t for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    assert ticks
    return [tick.label1 for tick in ticks]


def test_names_of_lines_move_apart_in_their_order():
    heights = [0.5, 0.51, 0.99, 1.0, 0.0, 0.505]
    spread = plot._spread(heights)
    order = sorted(range(6), key=lambda i: heights[i])
    moved = [spread[i] for i in order]
    gaps = [b - a for a, b in itertools.pairwise(moved)]
    assert min(gaps) > 0.0499
    assert min(moved) >= 0
    assert max(moved) <= 1
    assert plot._spread([0.3]) == [0.3]
    assert len(set(plot._spread([0.5] * 40))) == 40
