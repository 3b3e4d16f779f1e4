"""The user's own tables, from training to later runs with the adapter."""

import json
import shutil

import pytest

from adapter_bert.checkpoints import native
from tests.glue_tasks.tabular.tables import write_rows
from tests.run_files import (
    contents,
    read_cells,
    read_probabilities,
    read_results,
    read_scores,
)
from tests.tiny_files import drive, make_pairs, refused

TABULAR = "--task_name=tabular"
HEAD = ("--tune=head", "--num_train_epochs=1")


def make_rows(count, seed=0):
    return [
        {"text": first, "other": second, "label": "good" if i % 3 else "bad"}
        for i, (first, second) in enumerate(make_pairs(count, seed))
    ]


def without(rows, *names):
    return [{k: v for k, v in row.items() if k not in names} for row in rows]


# === One CSV file to train on, and no more ===


@pytest.fixture(scope="module")
def trained(bert, tmp_path_factory):
    """A run on `train.csv` beside its folder, with evaluation."""
    folder = tmp_path_factory.mktemp("data") / "reviews"
    folder.mkdir()
    write_rows(folder / "train.csv", make_rows(30))
    drive(
        TABULAR,
        f"--train_file={folder / 'train.csv'}",
        *("--dev_share=0.2", "--split_seed=3", "--seed=5"),
        *bert,
        *HEAD,
        f"--output_dir={folder / 'output'}",
    )
    return folder / "output"


def test_scores_of_held_out_rows(trained):
    results = read_results(trained)
    assert set(results["scores"]) == {
        "eval_accuracy",
        "eval_f1_macro",
        "eval_matthews",
        "eval_loss",
        "global_step",
        "loss",
    }
    assert results["main_metric"] == "eval_accuracy"
    # Of 30 rows, 24 are left: three updates.
    assert results["scores"]["global_step"] == 3
    assert results["data"] == f"reviews ({trained.parent / 'train.csv'})"
    settings = results["settings"]["data"]["tabular"]
    assert settings["dev_share"] == 0.2
    assert settings["seed"] == 3
    assert results["settings"]["train"]["seed"] == 5
    details = json.loads((trained / native.CONFIG).read_text())
    assert details["labels"] == ["bad", "good"]
    assert details["task"] == "tabular"
    assert "<title>reviews" in (trained / "report.html").read_text()


@pytest.mark.parametrize("more", [[], ["--seed=9", "--split_seed=9"]])
def test_the_same_rows_are_evaluated_again(
    trained, tmp_path, monkeypatch, more, logged
):
    copied = shutil.copytree(trained, tmp_path / "copied")
    (copied / "eval_results.txt").unlink()
    monkeypatch.chdir(tmp_path)
    flags = ["--do_eval", "--output_dir=copied", "--verbosity=0"]
    drive(TABULAR, *flags, *more)
    expected = read_scores(trained)
    assert read_scores(copied) == pytest.approx(expected, abs=1e-6)
    assert any("6 of the 30 training rows are held out" in x for x in logged())


def test_other_rows_can_be_evaluated(trained, tmp_path):
    dev = write_rows(tmp_path / "more.jsonl", make_rows(7, seed=5))
    output = f"--output_dir={tmp_path / 'output'}"
    adapter = f"--adapter_dir={trained}"
    drive(TABULAR, "--do_eval", f"--dev_file={dev}", adapter, output)
    results = read_results(tmp_path / "output")
    assert str(dev) in results["data"]
    losses = [
        read_scores(d)["eval_loss"] for d in (trained, tmp_path / "output")
    ]
    assert abs(losses[0] - losses[1]) > 1e-5
    accuracy = results["scores"]["eval_accuracy"] * 7
    assert accuracy == pytest.approx(round(accuracy))


def test_changed_training_file_has_no_rows_held_out(trained, tmp_path):
    copied = shutil.copytree(trained.parent, tmp_path / "reviews")
    train, output = copied / "train.csv", f"--output_dir={copied / 'output'}"
    # The same file elsewhere is as good.
    flags = ["--do_eval", f"--train_file={train}", output]
    drive(TABULAR, *flags)
    with train.open("a") as file:
        file.write("one more,,good\n")
    before = contents(copied / "output")
    message = refused(TABULAR, *flags)
    assert f"{train} is not the file that the adapter was trained" in message
    assert "Name rows to evaluate on with --dev_file." in message
    assert contents(copied / "output") == before
    drive(TABULAR, *flags, f"--dev_file={train}")
    assert str(train) in read_results(copied / "output")["data"]


def test_test_file_needs_no_label_and_no_training_file(trained, tmp_path):
    copied = shutil.copytree(trained, tmp_path / "copied")
    # As on another machine.
    details = json.loads((copied / native.CONFIG).read_text())
    details["settings"]["data"]["tabular"]["train_file"] = "/not/here.csv"
    (copied / native.CONFIG).write_text(json.dumps(details))
    test = write_rows(tmp_path / "new.csv", without(make_rows(5), "label"))
    output = f"--output_dir={copied}"
    drive(TABULAR, "--do_predict", f"--test_file={test}", output)
    rows = read_cells(copied / "predictions.tsv")
    assert rows[0] == ["index", "prediction"]
    assert len(rows) == 6
    assert {row[1] for row in rows[1:]} <= {"good", "bad"}
    assert len(read_probabilities(copied)) == 5


# === A folder of three files, pairs of texts, other names of columns ===


def test_folder_of_three_files(bert, tmp_path, logged):
    for name, count in {"train": 16, "dev": 5, "test": 4}.items():
        rows = [
            {"a": r["text"], "b": r["other"], "gold": r["label"]}
            for r in make_rows(count, seed=count)
        ]
        rows = without(rows, "gold") if name == "test" else rows
        write_rows(tmp_path / f"{name}.jsonl", rows)
    output = tmp_path / "output"
    columns = [
        "--text_a_column=a",
        "--text_b_column=b",
        "--label_column=gold",
    ]
    drive(
        TABULAR,
        f"--data_dir={tmp_path}",
        *("--do_train", "--do_eval", "--do_predict", "--verbosity=0"),
        *columns,
        *bert,
        *HEAD,
        f"--output_dir={output}",
    )
    assert len(read_cells(output / "predictions.tsv")) == 1 + 4
    accuracy = read_scores(output)["eval_accuracy"] * 5
    assert accuracy == pytest.approx(round(accuracy), abs=1e-5)
    lines = logged()
    assert any("16 train, 5 dev, 4 test examples" in line for line in lines)
    assert any("bad (6), good (10)" in line for line in lines)
    assert not any("held out" in line for line in lines)

    # Later, the columns are known.
    before = read_probabilities(output)
    (output / "test_results.tsv").unlink()
    later = ["--do_predict", f"--data_dir={tmp_path}", f"--output_dir={output}"]
    drive(TABULAR, *later)
    assert read_probabilities(output) == [
        pytest.approx(row, abs=1e-6) for row in before
    ]


# === Scores ===


def test_scores_instead_of_labels(bert, tmp_path):
    rows = [
        {"text": row["text"], "stars": i % 7 - 1.5}
        for i, row in enumerate(make_rows(20))
    ]
    train = write_rows(tmp_path / "train.tsv", rows)
    output = tmp_path / "output"
    drive(
        TABULAR,
        *("--do_train", "--do_eval", "--do_predict"),
        f"--train_file={train}",
        f"--test_file={train}",
        *("--label_type=score", "--label_column=stars"),
        *bert,
        *HEAD,
        f"--output_dir={output}",
    )
    results = read_results(output)
    assert results["main_metric"] == "eval_spearman"
    assert {"eval_spearman", "eval_pearson"} < set(results["scores"])
    scores = read_probabilities(output)
    predicted = read_cells(output / "predictions.tsv")[1:]
    assert [float(row[1]) for row in predicted] == [row[0] for row in scores]
    # The test file may have a label column; nothing is made of it.
    assert len(scores) == 20
    assert native.read(output).labels == ("score",)

    before = contents(output)
    later = ["--do_eval", "--label_type=class", f"--output_dir={output}"]
    message = refused(TABULAR, *later)
    assert "--label_type must be that of the training" in message
    assert contents(output) == before
