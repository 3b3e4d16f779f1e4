"""Rows of a file come back with what is predicted of them."""

import csv
import json
import shutil

import pytest

from adapter_bert.checkpoints import native
from tests.glue_tasks.tabular.tables import write_rows
from tests.run_files import contents
from tests.tiny_files import drive, make_pairs, refused, write_mrpc

TABULAR = "--task_name=tabular"
HEAD = ("--tune=head", "--num_train_epochs=1")


def read_rows(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def check_probabilities(rows, labels):
    """Checks that the likeliest label is the one that is predicted."""
    for row in rows:
        probabilities = {
            label: float(row[f"probability_{label}"]) for label in labels
        }
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-4)
        likeliest = max(probabilities, key=probabilities.get)
        assert row["prediction"] == likeliest


@pytest.fixture(scope="module")
def trained(bert, tmp_path_factory):
    """An adapter whose training file is gone."""
    folder = tmp_path_factory.mktemp("reviews")
    rows = [
        {"text": text, "label": "good" if i % 2 else "bad"}
        for i, (text, _) in enumerate(make_pairs(20))
    ]
    train = write_rows(folder / "train.csv", rows)
    output = f"--output_dir={folder / 'output'}"
    drive(TABULAR, "--do_train", f"--train_file={train}", *bert, *HEAD, output)
    train.unlink()
    return folder / "output"


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copied")


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_the_same_rows_with_more_columns(copied, tmp_path, suffix):
    rows = [
        {"id": f"n{i}", "text": text, "notiz": 'ä, "b"\n'}
        for i, (text, _) in enumerate(make_pairs(9, seed=4))
    ]
    path = write_rows(tmp_path / f"new{suffix}", rows)
    before = contents(copied)
    drive(TABULAR, f"--predict_file={path}", f"--output_dir={copied}")
    written = read_rows(copied / f"new.predictions{suffix}")
    added = ["prediction", "probability_bad", "probability_good"]
    assert [list(row) for row in written] == [
        ["id", "text", "notiz", *added]
    ] * 9
    assert [{k: row[k] for k in rows[0]} for row in written] == rows
    check_probabilities(written, ["bad", "good"])
    if suffix == ".jsonl":
        assert isinstance(written[0]["probability_bad"], float)
    # Nothing else is written but the report.
    after = contents(copied)
    assert set(after) - set(before) == {f"new.predictions{suffix}"}
    after.pop("report.html"), before.pop("report.html")
    assert {name: after[name] for name in before} == before


def test_both_formats_have_the_same_predictions(copied, tmp_path):
    rows = [{"text": text} for text, _ in make_pairs(5, seed=6)]
    for suffix in (".csv", ".jsonl"):
        path = write_rows(tmp_path / f"x{suffix}", rows)
        drive(TABULAR, f"--predict_file={path}", f"--output_dir={copied}")
    first, second = (
        read_rows(copied / f"x.predictions{s}") for s in (".csv", ".jsonl")
    )
    for ours, theirs in zip(first, second, strict=True):
        assert ours["prediction"] == theirs["prediction"]
        probability = float(ours["probability_bad"])
        assert probability == pytest.approx(theirs["probability_bad"], rel=1e-5)


def test_column_of_another_name_and_another_folder(trained, tmp_path):
    path = write_rows(tmp_path / "x.csv", [{"review": "a"}, {"review": "b"}])
    output = tmp_path / "output"
    flags = [f"--predict_file={path}", f"--output_dir={output}"]
    flags += [f"--adapter_dir={trained}"]
    message = refused(TABULAR, *flags)
    assert "Missing: 'text'" in message
    assert "--text_a_column" in message
    assert not output.exists()
    drive(TABULAR, *flags, "--text_a_column=review")
    assert {p.name for p in output.iterdir()} == {
        "x.predictions.csv",
        "report.html",
    }
    assert len(read_rows(output / "x.predictions.csv")) == 2


def test_training_and_predicting_in_one_run(bert, tmp_path):
    # No stage is named: a file to train on, and one to predict.
    rows = [
        {"text": text, "label": i % 4 / 2}
        for i, (text, _) in enumerate(make_pairs(24))
    ]
    train = write_rows(tmp_path / "train.csv", rows)
    output = tmp_path / "output"
    drive(
        TABULAR,
        f"--train_file={train}",
        f"--predict_file={train}",
        "--label_type=score",
        *bert,
        *HEAD,
        f"--output_dir={output}",
    )
    assert (output / native.CONFIG).is_file()
    assert (output / "eval_results.txt").is_file()
    written = read_rows(output / "train.predictions.csv")
    # A score has no probability.
    assert list(written[0]) == ["text", "label", "prediction"]
    assert all(float(row["prediction"]) for row in written)
    assert [row["label"] for row in written] == [str(r["label"]) for r in rows]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_several_labels_stand_in_one_cell(bert, tmp_path, suffix):
    rows = [
        {"text": text, "label": ["x", "y, z"][: i % 3]}
        for i, (text, _) in enumerate(make_pairs(24))
    ]
    train = write_rows(tmp_path / "train.jsonl", rows)
    texts = [{"text": row["text"]} for row in rows]
    path = write_rows(tmp_path / f"new{suffix}", texts)
    output = tmp_path / "output"
    drive(
        TABULAR,
        f"--train_file={train}",
        f"--predict_file={path}",
        *("--label_type=multi", "--label_separator=;"),
        # Every label of every row.
        "--label_thresholds=0.001",
        *bert,
        *HEAD,
        f"--output_dir={output}",
    )
    expected = "x;y, z" if suffix == ".csv" else ["x", "y, z"]
    written = read_rows(output / f"new.predictions{suffix}")
    assert [row["prediction"] for row in written] == [expected] * 24


# === With an adapter of a GLUE task ===


@pytest.fixture(scope="module")
def mrpc(bert, tmp_path_factory):
    data = write_mrpc(tmp_path_factory.mktemp("MRPC"))
    directory = tmp_path_factory.mktemp("output")
    flags = ["--do_train", f"--data_dir={data}", f"--output_dir={directory}"]
    drive("--task_name=MRPC", *flags, *bert, *HEAD)
    return directory


@pytest.mark.parametrize(
    ("columns", "flags"),
    [
        (("#1 String", "#2 String"), []),
        (("a", "b"), ["--text_a_column=a", "--text_b_column=b"]),
    ],
)
def test_file_for_a_glue_task(mrpc, tmp_path, columns, flags):
    rows = [dict(zip(columns, pair, strict=True)) for pair in make_pairs(5)]
    path = write_rows(tmp_path / "pairs.csv", rows)
    drive(
        "--task_name=MRPC",
        f"--predict_file={path}",
        *flags,
        f"--adapter_dir={mrpc}",
        f"--output_dir={tmp_path}",
    )
    written = read_rows(tmp_path / "pairs.predictions.csv")
    assert [{name: row[name] for name in columns} for row in written] == rows
    check_probabilities(written, ["0", "1"])
    assert not (tmp_path / "MRPC.tsv").exists()


def test_file_without_the_tasks_columns_is_refused(mrpc, tmp_path):
    path = write_rows(tmp_path / "pairs.csv", [{"a": "x", "b": "y"}])
    flags = [f"--predict_file={path}", f"--output_dir={mrpc}"]
    before = contents(mrpc)
    message = refused("--task_name=MRPC", *flags)
    assert "pairs.csv, line 1: must have the columns '#1 String'" in message
    assert contents(mrpc) == before
