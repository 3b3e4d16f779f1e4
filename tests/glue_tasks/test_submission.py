"""The leaderboard's files and the command that zips them."""

import math
import pathlib
import re
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from glue_tasks import submission
from glue_tasks.registry import TASKS
from glue_tasks.split_format import SplitFormat
from glue_tasks.submission_check import TEST_ROWS, check_submission
from glue_tasks.task import Task

ROOT = pathlib.Path(__file__).parents[2]
# Every file of the leaderboard, with its task and split.
FILES = {
    name: (task, split)
    for task in TASKS.values()
    for split, name in task.submission.items()
}
COLOR = Task(
    name="color",
    display_name="Color",
    labels=("red", "not_red"),
    splits={"test": SplitFormat("test.tsv", text_a="text")},
    metrics=("accuracy",),
    submission={"test": "Color.tsv"},
)
SCORE = Task(
    name="score",
    display_name="Score",
    labels=("score",),
    splits={"test": SplitFormat("test.tsv", text_a="text")},
    metrics=("spearman",),
    problem_type="regression",
    score_range=(0.0, 5.0),
    submission={"test": "Score.tsv"},
)


@pytest.fixture
def small(monkeypatch):
    """Makes every published test set three rows long."""
    for name in TEST_ROWS:
        monkeypatch.setitem(TEST_ROWS, name, 3)


def write_run(folder, name, num_rows=3):
    task, split = FILES[name]
    predictions = [task.labels[i % len(task.labels)] for i in range(num_rows)]
    if task.problem_type == "regression":
        predictions = [i % 7 - 0.5 for i in range(num_rows)]
    return submission.write_submission(folder, task, split, predictions)


def zip_of(folder):
    output = folder.parent / "zip" / "x.zip"
    submission.main([str(folder), f"--output={output}"])
    return output


def failure(folder):
    """Returns the command's message; nothing may be left of a zip file."""
    with pytest.raises(SystemExit) as error:
        zip_of(folder)
    written = folder.parent / "zip"
    assert not written.exists() or not list(written.iterdir())
    return error.value.code


def test_labels_are_written_by_name(tmp_path):
    labels = ["not_red", "red", "red"]
    path = submission.write_submission(
        tmp_path / "a" / "b", COLOR, "test", labels
    )
    assert path == tmp_path / "a" / "b" / "Color.tsv"
    assert path.read_bytes() == (
        b"index\tprediction\n0\tnot_red\n1\tred\n2\tred\n"
    )


def test_scores_are_clipped_and_have_three_decimals(tmp_path):
    scores = np.array([-0.3, -0.0, 1.23456, 5.0004, 99, 2], np.float32)
    path = submission.write_submission(tmp_path, SCORE, "test", scores)
    rows = [line.split("\t")[1] for line in path.read_text().splitlines()[1:]]
    assert rows == ["0.000", "0.000", "1.235", "5.000", "5.000", "2.000"]


def test_splits_that_the_leaderboard_lacks_leave_no_file(tmp_path):
    assert submission.write_submission(tmp_path, COLOR, "dev", ["red"]) is None
    assert (
        submission.write_submission(tmp_path, TASKS["xnli"], "test", []) is None
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("task", "predictions", "message"),
    [
        (COLOR, ["red", "blue"], "Color.*red, not_red.*'blue'"),
        (COLOR, ["red", 0], "Color.*red, not_red.*0"),
        (SCORE, [1.0, math.nan], "finite number.*nan"),
        (SCORE, [1.0, math.inf], "finite number.*inf"),
    ],
)
def test_predictions_that_are_none_leave_no_file(
    tmp_path, task, predictions, message
):
    with pytest.raises(ValueError, match=message):
        submission.write_submission(tmp_path, task, "test", predictions)
    assert not list(tmp_path.iterdir())


def test_the_leaderboards_files_are_the_tasks():
    assert set(FILES) == set(TEST_ROWS)
    numbers = {"CoLA", "SST-2", "MRPC", "QQP", "WNLI"}
    for name, (task, _) in FILES.items():
        words = all(label.isalpha() or "_" in label for label in task.labels)
        assert words == (name.removesuffix(".tsv") not in numbers)


@pytest.mark.parametrize("task", ["CoLA", "SST-2", "MRPC", "STS-B"])
def test_row_counts_are_those_of_the_published_files(shared, task):
    path = shared / "data" / "glue" / task / "test.tsv"
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert TEST_ROWS[f"{task}.tsv"] == len(lines) - 1
    # Rows are counted from 0 there too.
    assert lines[1].startswith("0\t")
    assert lines[-1].startswith(f"{len(lines) - 2}\t")


def test_row_counts_add_up_to_the_whole_benchmark():
    # The number of test rows without AX that Hugging Face tells of GLUE.
    assert sum(TEST_ROWS.values()) - TEST_ROWS["AX.tsv"] == 425_205


def test_the_command_zips_full_test_sets(tmp_path):
    for i, (name, num_rows) in enumerate(TEST_ROWS.items()):
        # In the folder itself, one below it, two below it.
        folder = (tmp_path / "runs").joinpath(*("a", f"run-{i}")[: i % 3])
        write_run(folder, name, num_rows)
    result = run(tmp_path, "runs")
    assert result.returncode == 0, result.stderr
    assert result.stderr == (f"INFO submission.zip: {', '.join(TEST_ROWS)}\n")
    with zipfile.ZipFile(tmp_path / "submission.zip") as archive:
        assert archive.namelist() == list(TEST_ROWS)
        assert archive.testzip() is None
        for name in TEST_ROWS:
            (source,) = (tmp_path / "runs").rglob(name)
            assert archive.read(name) == source.read_bytes()


def test_the_command_answers_mistakes_with_one_line(tmp_path):
    result = run(tmp_path, "absent")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "ERROR: No folder absent; expected one with the --output_dir of "
        "several runs"
    ]
    result = run(tmp_path, "--help")
    assert "RUNS_FOLDER" in result.stdout
    assert "submission.zip" in result.stdout


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "glue_tasks.submission", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_missing_tasks_are_told_once(tmp_path, small, caplog):
    caplog.set_level("INFO", logger="absl")
    for name in ("CoLA.tsv", "MNLI-mm.tsv"):
        write_run(tmp_path / "runs" / name, name)
    with zipfile.ZipFile(zip_of(tmp_path / "runs")) as archive:
        assert archive.namelist() == ["CoLA.tsv", "MNLI-mm.tsv"]
    (warning,) = (r for r in caplog.records if r.levelname == "WARNING")
    missing = [name for name in TEST_ROWS if name not in archive.namelist()]
    assert warning.getMessage().endswith(f"missing: {', '.join(missing)}.")


def test_an_earlier_zip_is_replaced_only_by_a_good_one(tmp_path, small):
    path = write_run(tmp_path / "runs", "RTE.tsv")
    before = zip_of(tmp_path / "runs").read_bytes()
    path.write_text("spoiled", encoding="utf-8")
    with pytest.raises(SystemExit):
        zip_of(tmp_path / "runs")
    (left,) = (tmp_path / "zip").iterdir()
    assert left.read_bytes() == before


def test_two_runs_for_a_task_are_refused_with_both_names(tmp_path, small):
    folder = tmp_path / "runs"
    for run_name in ("a", "b"):
        write_run(folder / run_name, "RTE.tsv")
        write_run(folder / run_name, "AX.tsv")
    write_run(folder / "c", "CoLA.tsv")
    message = failure(folder)
    for name in ("RTE.tsv", "AX.tsv"):
        assert f"{folder / 'a' / name} and {folder / 'b' / name}" in message
    assert "CoLA" not in message


def test_a_folder_without_predictions_names_what_was_expected(tmp_path, small):
    folder = tmp_path / "runs"
    write_run(folder / "too" / "far" / "down", "CoLA.tsv")
    message = failure(folder)
    assert "CoLA.tsv, SST-2.tsv" in message
    assert "--do_predict" in message


def test_the_output_must_be_a_zip_file(tmp_path, small):
    path = write_run(tmp_path / "runs", "CoLA.tsv")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="CoLA.tsv must be the name of a .zip"):
        submission.write_zip(tmp_path / "runs", path)
    assert path.read_bytes() == before
    (tmp_path / "zip" / "x.zip").mkdir(parents=True)
    with pytest.raises(SystemExit, match="x.zip must be the name of a .zip"):
        zip_of(tmp_path / "runs")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("RTE.tsv", "index\t", "id\t", 1, r"'id\\tprediction'"),
        (
            "RTE.tsv",
            "index\tprediction\n",
            "",
            1,
            r"Received: '0\\tentailment'",
        ),
        ("RTE.tsv", "1\tnot", "2\tnot", 3, r"index 1, .*'2\\tnot_entailment'"),
        ("RTE.tsv", "1\tnot", "01\tnot", 3, "index 1"),
        (
            "RTE.tsv",
            "0\tentailment\n",
            "",
            2,
            r"index 0, .*'1\\tnot_entailment'",
        ),
        ("RTE.tsv", "1\tnot", "1\tx\tnot", 3, "index 1, a tab and"),
        ("RTE.tsv", "1\tnot_entailment", "1", 3, "index 1, a tab and"),
        ("RTE.tsv", "1\tnot_", "\n1\tnot_", 3, "index 1, a tab and"),
        ("RTE.tsv", "1\tnot_", "1\tneutral_", 3, "RTE.*'neutral_entailment'"),
        ("CoLA.tsv", "1\t1", "1\tacceptable", 3, "CoLA.*0, 1.*'acceptable'"),
        ("STS-B.tsv", "0.500", "5.001", 3, "from 0 to 5.*5.001"),
        ("STS-B.tsv", "0.500", "nan", 3, "from 0 to 5.*nan"),
        ("STS-B.tsv", "0.500", "high", 3, "from 0 to 5.*'high'"),
    ],
)
def test_malformed_files_are_refused_with_the_line(
    tmp_path, small, name, old, new, line, message
):
    path = write_run(tmp_path / "runs", name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    where = f"ERROR: {path}, line {line}: "
    received = failure(tmp_path / "runs")
    assert received.startswith(where)
    assert "\n" not in received
    assert re.search(message, received)


@pytest.mark.parametrize("num_rows", [0, 2, 4])
def test_wrong_numbers_of_rows_are_refused(tmp_path, small, num_rows):
    path = write_run(tmp_path / "runs", "WNLI.tsv", num_rows)
    message = failure(tmp_path / "runs")
    assert f"{path}: must answer all 3 rows" in message
    assert f"Received: {num_rows} rows" in message


def test_a_file_that_is_no_text_is_refused(tmp_path, small):
    # A folder is no file, whatever its name.
    (tmp_path / "runs" / "RTE.tsv").mkdir(parents=True)
    (tmp_path / "runs" / "QQP.tsv").write_bytes(b"\xff\xfe\x00" * 100)
    assert "QQP.tsv, line 1: must be" in failure(tmp_path / "runs")


def test_what_is_written_passes_the_check(tmp_path):
    scores = [float(x) for x in np.linspace(-1, 6, 50)]
    path = submission.write_submission(tmp_path, SCORE, "test", scores)
    check_submission(path, SCORE, 50)
    path = submission.write_submission(tmp_path, COLOR, "test", ["red"] * 4)
    check_submission(path, COLOR, 4)
