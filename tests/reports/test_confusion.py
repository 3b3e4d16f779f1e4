import csv
import importlib.util

import matplotlib
import matplotlib.image
import numpy as np
import pytest
from absl import logging

from adapter_bert.reports import confusion, label_fonts

JAPANESE = ("色/color", "味・臭い/taste_and_smell", "未分類/unclassified")
HAS_FONT = importlib.util.find_spec("matplotlib_fontja") is not None


@pytest.fixture
def logged(monkeypatch):
    lines = []
    monkeypatch.setattr(logging, "info", lambda s, *a: lines.append(s % a))
    return lines


@pytest.fixture
def without_font(monkeypatch):
    monkeypatch.setattr(label_fonts, "_JAPANESE_PACKAGE", "no_such_package")


def make_ids(num_labels, num_rows, seed=0):
    generator = np.random.default_rng(seed)
    targets = generator.integers(0, num_labels, num_rows)
    others = generator.integers(0, num_labels, num_rows)
    right = generator.random(num_rows) < 0.8
    return targets, np.where(right, targets, others)


def draw(path, targets, predictions, labels):
    confusion.draw_confusion_matrix(path, targets, predictions, labels)
    return matplotlib.image.imread(path)


def names_of(labels):
    return [name for name, _ in label_fonts.choose_fonts(labels)]


# === Counts and table ===


def test_rows_are_true_and_columns_predicted():
    counts = confusion.count_confusions([0, 0, 1, 2], [0, 1, 1, 0], 4)
    np.testing.assert_array_equal(
        counts, [[1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0] * 4]
    )
    assert counts.dtype == np.int64


def test_counts_are_those_of_scikit_learn():
    from sklearn.metrics import confusion_matrix

    targets, predictions = make_ids(7, 500)
    np.testing.assert_array_equal(
        confusion.count_confusions(targets, predictions, 7),
        confusion_matrix(targets, predictions),
    )


@pytest.mark.parametrize(
    ("targets", "predictions", "said"),
    [
        ([0, 1], [0], r"one shape, .* shapes \(2,\) and \(1,\)"),
        ([[0, 1]], [[0, 1]], "one shape"),
        ([0, 2], [0, 1], "`targets` must be label ids from 0 to 1. .* 2"),
        ([0, 1], [0, -1], "`predictions` must be label ids .* -1"),
        ([0, 1], [0, 0.5], "`predictions` must be label ids .* 0.5"),
    ],
)
def test_foreign_ids_are_refused(targets, predictions, said):
    with pytest.raises(ValueError, match=said):
        confusion.count_confusions(targets, predictions, 2)


def test_table(tmp_path):
    path = tmp_path / "confusion.csv"
    labels = ("色/color", 'a, "b"', "")
    confusion.write_confusion_table(path, [0, 0, 1], [0, 1, 1], labels)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["true\\predicted", *labels],
            ["色/color", "1", "1", "0"],
            ['a, "b"', "0", "1", "0"],
            ["", "0", "0", "0"],
        ]


# === Picture ===


@pytest.mark.parametrize("num_labels", [1, 2, 25, 60, 157])
def test_any_number_of_labels_is_drawn(tmp_path, num_labels):
    labels = [f"a label with the number {i}" for i in range(num_labels)]
    path = tmp_path / "confusion.png"
    image = draw(path, *make_ids(num_labels, 300), labels)
    assert 300 < image.shape[1] < 6_500
    blue = image[..., 2] - image[..., 0] > 0.3
    # The diagonal has about that share of all cells.
    assert 0.15 < blue.mean() * num_labels < 1.5
    assert [p.name for p in tmp_path.iterdir()] == ["confusion.png"]


def test_cells_show_where_rows_went(tmp_path):
    ids = np.array([0, 0, 1, 1])
    right = draw(tmp_path / "a.png", ids, ids, "ab")
    wrong = draw(tmp_path / "b.png", ids, 1 - ids, "ab")
    assert right.shape == wrong.shape
    assert np.abs(right - wrong).mean() > 0.1


def test_labels_without_rows_are_gray(tmp_path):
    ids = np.zeros(5, int)
    image = draw(tmp_path / "a.png", ids, ids, "ab")
    gray = np.abs(image[..., :3] - [243 / 255, 244 / 255, 246 / 255])
    assert (gray.max(axis=-1) < 0.004).mean() > 0.1


def test_no_rows_at_all_are_drawn(tmp_path):
    none = np.zeros(0, int)
    image = draw(tmp_path / "a.png", none, none, "ab")
    assert min(image.shape[:2]) > 100


@pytest.mark.parametrize(
    "label",
    ["$x$ and $y_{$", "two\nlines\tand a tab", "x" * 500, "", " ", "東" * 99],
)
def test_strange_labels_are_drawn(tmp_path, label):
    image = draw(tmp_path / "a.png", *make_ids(2, 20), ["ab", label])
    assert image.shape[1] < 3_000


def test_old_picture_stays_if_drawing_fails(tmp_path):
    path = tmp_path / "confusion.png"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="label ids"):
        confusion.draw_confusion_matrix(path, [3], [0], "ab")
    assert path.read_bytes() == b"old"


# === Letters ===


@pytest.mark.skipif(not HAS_FONT, reason="needs matplotlib-fontja")
def test_japanese_labels_have_their_font(tmp_path, logged):
    before = dict(matplotlib.rcParams)
    chosen = label_fonts.choose_fonts((*JAPANESE, "été"))
    assert [name for name, _ in chosen] == [*JAPANESE, "été"]
    files = [font.get_file() for _, font in chosen]
    assert all("fontja" in file for file in files[:3])
    assert "DejaVu" in files[3]
    draw(tmp_path / "a.png", *make_ids(3, 20), JAPANESE)
    assert not logged
    assert dict(matplotlib.rcParams) == before


@pytest.mark.usefixtures("without_font")
def test_without_a_font_english_halves_are_drawn(tmp_path, logged):
    draw(tmp_path / "a.png", *make_ids(3, 20), JAPANESE)
    (line,) = logged
    assert "3 of 3 labels" in line
    assert "pip install matplotlib-fontja" in line
    assert names_of(JAPANESE) == ["color", "taste_and_smell", "unclassified"]


@pytest.mark.usefixtures("without_font")
def test_labels_that_no_font_has_are_their_ids():
    assert names_of(["yes", "いいえ", "色/いろ"]) == ["yes", "1", "2"]


def test_long_labels_are_cut():
    (name,) = names_of(["word " * 30])
    assert len(name) <= 40
    assert name.endswith("…")
