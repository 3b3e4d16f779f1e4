import json
import math
import sys

import pytest

from adapter_bert.reports.history import TrainingHistory, read_history


def _record(history, first, last):
    for step in range(first, last + 1):
        history.add_point(step, 1 / step, 1e-4 * step)


def _read_events(directory):
    tf = pytest.importorskip("tensorflow")
    events = []
    for path in sorted(directory.glob("events.out.tfevents.*")):
        for record in tf.data.TFRecordDataset([str(path)]):
            event = tf.compat.v1.Event.FromString(record.numpy())
            events.append(event)
    return events


def test_round_trip(tmp_path):
    with TrainingHistory(tmp_path) as history:
        _record(history, 1, 3)
        scores = {"eval_accuracy": 0.5, "loss": 9.0, "global_step": 3}
        history.add_scores(3, scores)
    points, scores = read_history(tmp_path / "history.jsonl")
    assert points == history.points
    assert points[1] == {"step": 2, "loss": 0.5, "learning_rate": 2e-4}
    assert scores == history.scores == [{"step": 3, "eval_accuracy": 0.5}]


def test_each_record_is_on_disk_at_once(tmp_path):
    with TrainingHistory(tmp_path) as history:
        assert not list(tmp_path.iterdir())
        _record(history, 1, 2)
        assert len(read_history(tmp_path / "history.jsonl").points) == 2
        assert len(_read_events(tmp_path)) == 4


def test_events_are_those_of_tensorboard(tmp_path):
    with TrainingHistory(tmp_path) as history:
        _record(history, 1, 2)
        history.add_scores(2, {"eval_accuracy": 0.75, "loss": 9.0})
    version, start, *events = _read_events(tmp_path)
    assert version.file_version == "brain.Event:2"
    assert (start.step, start.session_log.status) == (1, 1)
    values = [
        (event.step, value.tag, value.simple_value)
        for event in events
        for value in event.summary.value
    ]
    assert values == [
        (1, "loss", 1.0),
        (1, "learning_rate", pytest.approx(1e-4)),
        (2, "loss", 0.5),
        (2, "learning_rate", pytest.approx(2e-4)),
        (2, "eval_accuracy", 0.75),
    ]


def test_without_tensorflow_there_are_no_events(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with TrainingHistory(tmp_path) as history:
        _record(history, 1, 2)
    assert [p.name for p in tmp_path.iterdir()] == ["history.jsonl"]


def test_a_new_run_starts_afresh(tmp_path):
    for last in (5, 2):
        with TrainingHistory(tmp_path) as history:
            _record(history, 1, last)
    assert len(read_history(tmp_path / "history.jsonl").points) == 2


def test_a_resumed_run_keeps_what_came_before(tmp_path):
    with TrainingHistory(tmp_path) as history:
        _record(history, 1, 3)
        history.add_scores(3, {"eval_accuracy": 0.5})
        _record(history, 4, 5)
    with TrainingHistory(tmp_path, start_step=4) as history:
        assert [point["step"] for point in history.points] == [1, 2, 3, 4]
        history.add_point(5, 7.0, 1e-3)
    points, scores = read_history(tmp_path / "history.jsonl")
    assert [point["step"] for point in points] == [1, 2, 3, 4, 5]
    assert points[-1]["loss"] == 7.0
    assert scores == [{"step": 3, "eval_accuracy": 0.5}]
    starts = [e.step for e in _read_events(tmp_path) if e.session_log.status]
    assert starts == [1, 5]


def test_recording_goes_on_after_close(tmp_path):
    history = TrainingHistory(tmp_path)
    for step in (1, 2):
        history.add_point(step, 0.5, 1e-4)
        history.close()
    history.close()
    assert read_history(tmp_path / "history.jsonl").points == history.points


def test_a_loss_that_is_not_finite_stays_readable(tmp_path):
    with TrainingHistory(tmp_path) as history:
        history.add_point(1, float("nan"), 1e-4)
    line = (tmp_path / "history.jsonl").read_text()
    assert json.loads(line)["loss"] is None
    (point,) = read_history(tmp_path / "history.jsonl").points
    assert math.isnan(point["loss"])


def test_a_line_cut_short_by_a_crash_is_skipped(tmp_path):
    path = tmp_path / "history.jsonl"
    with TrainingHistory(tmp_path) as history:
        _record(history, 1, 2)
    path.write_text(path.read_text() + '{"kind": "train", "st')
    assert len(read_history(path).points) == 2


@pytest.mark.parametrize("line", ["{", "[]", '{"kind": "other"}', "{}", ""])
def test_another_broken_line_is_named(tmp_path, line):
    path = tmp_path / "history.jsonl"
    path.write_text(f'{{"kind": "train", "step": 1}}\n{line}\n')
    with pytest.raises(ValueError, match="line 2: not a record"):
        read_history(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="history.jsonl: no such file"):
        read_history(tmp_path / "history.jsonl")
