"""Rows with any number of labels, and the threshold of each."""

import json
import shutil

import numpy as np
import pytest

from adapter_bert.checkpoints import native
from adapter_bert.thresholds import best_thresholds
from tests.glue_tasks.tabular.tables import write_rows
from tests.run_files import (
    contents,
    read_cells,
    read_probabilities,
    read_results,
)
from tests.tiny_files import drive, make_pairs, refused

TABULAR = "--task_name=tabular"
LABELS = ("long", "red, dark", "warm")
# Of row i, by i % 6.
CELLS = ("long;warm", "", "red, dark", "long; red, dark;warm", "warm", "long")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Trains, evaluates and predicts on the very same rows."""
    rows = [
        {"text": text, "label": CELLS[i % 6]}
        for i, (text, _) in enumerate(make_pairs(24))
    ]
    folder = tmp_path_factory.mktemp("tags")
    for name in ("train", "dev", "test"):
        write_rows(folder / f"{name}.csv", rows)
    return folder


@pytest.fixture(scope="module")
def targets():
    rows = [[part.strip() for part in cell.split(";")] for cell in CELLS * 4]
    return np.array([[label in row for label in LABELS] for row in rows])


@pytest.fixture(scope="module")
def trained(data, bert, tmp_path_factory):
    directory = tmp_path_factory.mktemp("output")
    drive(
        TABULAR,
        f"--data_dir={data}",
        *("--do_train", "--do_eval", "--do_predict"),
        *("--label_type=multi", "--label_separator=;"),
        "--label_thresholds=0.3",
        *bert,
        *("--tune=head", "--num_train_epochs=1"),
        f"--output_dir={directory}",
    )
    return directory


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copied")


def thresholds_of(directory):
    return json.loads((directory / native.CONFIG).read_text())["thresholds"]


def decisions_of(directory):
    """Returns which labels are predicted, 0/1, `[rows, labels]`."""
    rows = read_cells(directory / "predictions.tsv")[1:]
    named = [row[1] if len(row) > 1 else "" for row in rows]
    # A label here holds a comma, with which labels are joined there.
    return np.array([[label in row for label in LABELS] for row in named])


def check(directory, targets, thresholds):
    """Checks that predictions and scores follow the thresholds."""
    probabilities = np.array(read_probabilities(directory))
    expected = probabilities >= np.float32(thresholds)
    np.testing.assert_array_equal(decisions_of(directory), expected)
    scores = read_results(directory)["scores"]
    accuracy = (expected == targets).all(axis=1).mean()
    assert scores["eval_accuracy"] == pytest.approx(accuracy)
    hits = (expected & targets).sum()
    f1 = 2 * hits / (expected.sum() + targets.sum())
    assert scores["eval_f1_micro"] == pytest.approx(f1)


def test_one_threshold_for_all(trained, targets):
    assert native.read(trained).labels == LABELS
    assert read_results(trained)["main_metric"] == "eval_f1_micro"
    assert thresholds_of(trained) == [0.3] * 3
    check(trained, targets, [0.3] * 3)
    # Each label has a probability of its own.
    sums = np.sum(read_probabilities(trained), axis=1)
    assert (abs(sums - 1) > 0.01).any()


def test_thresholds_are_used_again(copied, data, targets):
    before = read_cells(copied / "predictions.tsv")
    (copied / "predictions.tsv").unlink()
    flags = ["--do_eval", "--do_predict", f"--data_dir={data}"]
    drive(TABULAR, *flags, f"--output_dir={copied}")
    assert read_cells(copied / "predictions.tsv") == before
    assert thresholds_of(copied) == [0.3] * 3
    check(copied, targets, [0.3] * 3)


def test_one_labels_threshold_in_an_evaluation(copied, data, targets):
    flags = ["--do_eval", "--do_predict", f"--data_dir={data}"]
    drive(
        TABULAR,
        *flags,
        "--label_thresholds=red, dark=0.9",
        f"--output_dir={copied}",
    )
    assert thresholds_of(copied) == [0.3, 0.9, 0.3]
    check(copied, targets, [0.3, 0.9, 0.3])


def test_best_thresholds_are_those_of_the_dev_set(copied, data, targets):
    flags = ["--do_eval", "--do_predict", f"--data_dir={data}"]
    output = f"--output_dir={copied}"
    drive(TABULAR, *flags, "--label_thresholds=best", output)
    found = best_thresholds(targets, np.array(read_probabilities(copied)))
    assert thresholds_of(copied) == pytest.approx(found, abs=1e-5)
    assert len(set(found)) == 3
    check(copied, targets, thresholds_of(copied))
    caveat = (
        "The thresholds were chosen on the dev set that these scores are of, "
        "which flatters them."
    )
    assert read_results(copied)["warnings"] == [caveat]
    assert caveat in (copied / "report.html").read_text()
    drive(TABULAR, *flags, output)
    assert read_results(copied)["warnings"] == []


def test_thresholds_are_kept_in_the_folder_of_the_results(
    copied, data, tmp_path
):
    before = contents(copied)
    flags = ["--do_eval", f"--data_dir={data}", "--label_thresholds=0.7"]
    output = [f"--adapter_dir={copied}", f"--output_dir={tmp_path / 'other'}"]
    drive(TABULAR, *flags, *output)
    assert contents(copied) == before


def test_prediction_alone_does_not_change_the_adapter(copied, data, targets):
    before = contents(copied)
    flags = ["--do_predict", f"--data_dir={data}", "--label_thresholds=0.99"]
    drive(TABULAR, *flags, f"--output_dir={copied}")
    assert not decisions_of(copied).any()
    for name in (native.CONFIG, native.WEIGHTS, "eval_results.json"):
        assert contents(copied)[name] == before[name]


# === Mistakes, told before anything is trained ===


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--label_thresholds=wram=0.3"], "unknown label 'wram'; did you mean"),
        (["--label_thresholds=warm=0.3,x=0.4"], "unknown label 'x'; known:"),
        (["--class_weights=wram=2"], "unknown label 'wram'; did you mean"),
        (
            ["--label_thresholds=best", "--do_train"],
            "best needs the dev set: add --do_eval",
        ),
    ],
)
def test_mistakes_come_before_training(data, bert, tmp_path, flags, message):
    output = tmp_path / "output"
    several = ["--label_type=multi", "--label_separator=;"]
    received = refused(
        TABULAR,
        f"--data_dir={data}",
        *several,
        *bert,
        *flags,
        f"--output_dir={output}",
    )
    assert message in received
    assert not output.exists()


def test_thresholds_are_for_several_labels(data, bert, tmp_path):
    output = tmp_path / "output"
    train = write_rows(
        tmp_path / "one.csv",
        [{"text": "a", "label": str(i % 2)} for i in range(20)],
    )
    received = refused(
        TABULAR,
        f"--train_file={train}",
        "--label_thresholds=0.3",
        *bert,
        f"--output_dir={output}",
    )
    assert "--label_thresholds is for --label_type=multi" in received
    assert not output.exists()


def test_thresholds_of_an_evaluation_name_known_labels(copied, data):
    before = contents(copied)
    flags = ["--do_eval", f"--data_dir={data}", f"--output_dir={copied}"]
    received = refused(TABULAR, *flags, "--label_thresholds=wram=0.3")
    assert "unknown label 'wram'; did you mean 'warm'" in received
    assert contents(copied) == before
