import matplotlib.image
import numpy as np
import pytest
from matplotlib.figure import Figure

from adapter_bert.reports import curve


def _points(number):
    noise = np.random.default_rng(0).normal(0, 0.1, number)
    return [
        {"step": i + 1, "loss": 0.7 + noise[i], "learning_rate": 1e-4 / (i + 1)}
        for i in range(number)
    ]


def _scores(number):
    return [
        {"step": 100 * i, "eval_accuracy": 0.1 * i, "eval_loss": 1.0}
        for i in range(1, number + 1)
    ]


def _draw(path, points, scores):
    curve.draw_training_curve(path, points, scores)
    return matplotlib.image.imread(path)


@pytest.mark.parametrize("number", [0, 1, 3, 573, 20000])
def test_any_number_of_points_is_drawn(tmp_path, number):
    image = _draw(tmp_path / "curve.png", _points(number), [])
    assert image.shape[:2] == (curve.HEIGHT, curve.WIDTH)
    ink = (image[..., :3].max(axis=-1) < 0.99).mean()
    assert 0.001 < ink < 0.5
    assert [p.name for p in tmp_path.iterdir()] == ["curve.png"]


def test_repeated_evaluations_are_drawn_and_single_ones_not(tmp_path):
    points = _points(300)
    none, one, three = (
        _draw(tmp_path / f"{n}.png", points, _scores(n)) for n in (0, 1, 3)
    )
    np.testing.assert_array_equal(none, one)
    assert np.abs(three - none).mean() > 0.01


def test_losses_of_all_dev_sets_stay_out_of_the_scores(tmp_path, monkeypatch):
    figures, save = [], Figure.savefig

    def savefig(figure, *args, **options):
        figures.append(figure)
        save(figure, *args, **options)

    monkeypatch.setattr(Figure, "savefig", savefig)
    scores = [record | {"eval_mismatched_loss": 9.0} for record in _scores(3)]
    _draw(tmp_path / "curve.png", _points(3), scores)
    loss, score, _ = figures[0].axes
    # Nats or squared scores: the problem type says which.
    assert loss.get_ylabel() == "Loss"
    assert loss.get_legend_handles_labels()[1] == ["Each update", "eval_loss"]
    assert score.get_legend_handles_labels()[1] == ["eval_accuracy"]


@pytest.mark.parametrize("first", [0, 150])
def test_losses_that_are_not_finite_are_drawn(tmp_path, first):
    points = _points(200)
    for point in points[first:]:
        point["loss"] = float("nan")
    image = _draw(tmp_path / "curve.png", points, [])
    assert image.shape[:2] == (curve.HEIGHT, curve.WIDTH)


def test_old_picture_stays_if_drawing_fails(tmp_path):
    path = tmp_path / "curve.png"
    path.write_bytes(b"old")
    with pytest.raises(KeyError):
        curve.draw_training_curve(path, [{"step": 1}], [])
    assert path.read_bytes() == b"old"


def test_running_mean_shrinks_at_the_ends_and_skips_gaps():
    means = curve.running_mean([1.0, 2.0, 6.0, np.nan, 4.0], 3)
    np.testing.assert_allclose(means, [1.5, 3.0, 4.0, 5.0, 4.0])
    means = curve.running_mean([np.nan, np.inf, np.nan], 1)
    np.testing.assert_array_equal(means, [np.nan] * 3)
