"""Each task from its own odd files to scores and a leaderboard's file."""

import functools
import re
import shutil

import numpy as np
import pytest
from scipy.stats import spearmanr

from glue_tasks.registry import TASKS
from tests.glue_tasks.published import PUBLISHED
from tests.run_files import (
    add_to_bias,
    read_cells,
    read_probabilities,
    read_results,
)
from tests.tiny_files import drive, refused

TRAINED = [name for name in PUBLISHED if name != "ax"]
CLASSIFIED = [name for name in TRAINED if name != "stsb"]
METRICS = {
    "cola": ["matthews", "accuracy"],
    "mrpc": ["accuracy", "f1"],
    "qqp": ["accuracy", "f1"],
    "stsb": ["spearman", "pearson"],
}


@pytest.fixture(scope="module")
def run_of(bert, tmp_path_factory):
    """Returns the folder of a task's one run, which takes one update."""

    @functools.cache
    def run(name):
        folder = tmp_path_factory.mktemp(name)
        drive(
            f"--task_name={TASKS[name].display_name}",
            f"--data_dir={PUBLISHED[name].write(folder / 'data')}",
            f"--output_dir={folder / 'output'}",
            *bert,
            *("--do_train", "--do_eval", "--do_predict"),
            *("--tune=head", "--train_batch_size=3", "--num_train_epochs=1"),
            "--eval_batch_size=2",
        )
        return folder / "output"

    return run


def labels_of(name, split):
    """Returns the labels of a test set, whose texts are all in training."""
    splits = PUBLISHED[name].splits
    known = {(row.text_a, row.text_b): row.label for row in splits["train"]}
    return [known[row.text_a, row.text_b] for row in splits[split]]


def kinds_of(name):
    return ["", "_mismatched"] if name == "mnli" else [""]


@pytest.mark.parametrize("name", TRAINED)
def test_scores_and_their_names(name, run_of):
    results = read_results(run_of(name))
    metrics = METRICS.get(name, ["accuracy"])
    expected = {f"eval_{metric}" for metric in (*metrics, "loss")}
    if name == "mnli":
        expected |= {"eval_mismatched_accuracy", "eval_mismatched_loss"}
    assert set(results["scores"]) == expected | {"global_step", "loss"}
    assert results["main_metric"] == f"eval_{metrics[0]}"
    assert results["task"] == name
    assert results["scores"]["global_step"] == 1
    display_name = TASKS[name].display_name
    glue = "" if name == "xnli" else "GLUE "
    assert results["data"].startswith(f"{glue}{display_name} from /")


@pytest.mark.parametrize("name", CLASSIFIED)
def test_scores_are_those_of_the_predictions(name, run_of):
    # Training, dev and test sets are the same rows, in another order.
    output = run_of(name)
    for kind in kinds_of(name):
        scores = read_results(output)["scores"]
        prefix = f"eval{kind}_"
        header, *rows = read_cells(output / f"predictions{kind}.tsv")
        labels = labels_of(name, f"test{kind}")
        assert header == ["index", "prediction"]
        assert [row[0] for row in rows] == [str(i) for i in range(len(labels))]
        right = [row[1] == y for row, y in zip(rows, labels, strict=True)]
        assert scores[f"{prefix}accuracy"] == pytest.approx(np.mean(right))

        columns = TASKS[name].labels
        outputs = read_probabilities(output, f"test_results{kind}.tsv")
        np.testing.assert_allclose(np.sum(outputs, axis=1), 1, atol=1e-5)
        assert [columns[np.argmax(row)] for row in outputs] == [
            row[1] for row in rows
        ]
        losses = [
            -np.log(row[columns.index(label)])
            for row, label in zip(outputs, labels, strict=True)
        ]
        loss = scores[f"{prefix}loss"]
        assert loss == pytest.approx(np.mean(losses), abs=1e-5)


@pytest.mark.parametrize("name", CLASSIFIED)
def test_leaderboards_file_has_the_predicted_labels(name, run_of):
    output = run_of(name)
    files = TASKS[name].submission
    for split, file in files.items():
        named = split.replace("test", "predictions")
        assert (output / file).read_text() == (
            output / f"{named}.tsv"
        ).read_text()
        assert file in (output / "report.html").read_text()
    assert files or name == "xnli"


def test_mnli_has_two_test_sets(run_of):
    output = run_of("mnli")
    for name, count in {"MNLI-m.tsv": 3, "MNLI-mm.tsv": 2}.items():
        rows = read_cells(output / name)[1:]
        assert len(rows) == count
        assert {row[1] for row in rows} <= set(TASKS["mnli"].labels)


# === STS-B, a regression ===


def test_scores_of_a_regression(run_of):
    output = run_of("stsb")
    scores = read_results(output)["scores"]
    outputs = np.array(read_probabilities(output))
    assert outputs.shape == (3, 1)
    expected = labels_of("stsb", "test")
    rank = spearmanr(outputs[:, 0], expected).statistic
    assert scores["eval_spearman"] == pytest.approx(rank)
    losses = (outputs[:, 0] - expected) ** 2
    assert scores["eval_loss"] == pytest.approx(losses.mean(), rel=1e-5)
    # Batches of 2 and 1 dev rows, which are the test rows from the last.
    by_batch = np.mean([losses[1:].mean(), losses[0]])
    assert scores["loss"] == pytest.approx(by_batch, rel=1e-5)


@pytest.mark.parametrize(("shift", "ends"), [(100, "5.000"), (-100, "0.000")])
def test_leaderboard_gets_scores_within_the_range(
    run_of, tmp_path, shift, ends
):
    output = shutil.copytree(run_of("stsb"), tmp_path / "copied")
    header, *rows = read_cells(output / "STS-B.tsv")
    assert header == ["index", "prediction"]
    for row, (score,) in zip(rows, read_probabilities(output), strict=True):
        assert re.fullmatch(r"\d\.\d{3}", row[1])
        assert float(row[1]) == pytest.approx(np.clip(score, 0, 5), abs=6e-4)
    add_to_bias(output, [shift])
    drive(
        "--task_name=stsb",
        f"--data_dir={PUBLISHED['stsb'].write(tmp_path / 'data')}",
        "--do_predict",
        f"--output_dir={output}",
    )
    assert [row[1] for row in read_cells(output / "STS-B.tsv")[1:]] == [
        ends
    ] * 3
    # The other files have what the model says.
    assert abs(read_probabilities(output)[0][0]) > 50
    assert abs(float(read_cells(output / "predictions.tsv")[1][1])) > 50


# === AX, which has nothing to train on ===


@pytest.fixture
def ax(tmp_path):
    data = PUBLISHED["ax"].write(tmp_path / "data")
    return [
        "--task_name=AX",
        f"--data_dir={data}",
        f"--output_dir={tmp_path / 'output'}",
    ]


def test_ax_is_predicted_with_mnlis_adapter(ax, run_of, tmp_path):
    mnli = run_of("mnli")
    before = (mnli / "adapter.json").read_bytes()
    drive(*ax, "--do_predict", f"--adapter_dir={mnli}")
    output = tmp_path / "output"
    # The texts are those of MNLI's matched test set.
    expected = (mnli / "MNLI-m.tsv").read_text()
    assert (output / "AX.tsv").read_text() == expected
    assert {path.name for path in output.iterdir()} == {
        "AX.tsv",
        "predictions.tsv",
        "report.html",
        "test_results.tsv",
    }
    assert (mnli / "adapter.json").read_bytes() == before


def test_ax_needs_an_adapter(ax, tmp_path):
    message = refused(*ax, "--do_predict")
    assert f"--output_dir={tmp_path / 'output'} holds no trained ada" in message
    message = refused(*ax, "--do_predict", "--adapter_dir=nowhere")
    assert "--adapter_dir=nowhere holds no trained adapter" in message
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("stages", [[], ["--do_train"]])
def test_ax_is_not_trained(ax, bert, tmp_path, stages):
    message = refused(*ax, *bert, *stages)
    assert "AX has only rows to predict, with an adapter of MNLI" in message
    assert "--do_predict --adapter_dir=" in message
    assert not (tmp_path / "output").exists()


def test_ax_is_not_evaluated(ax, run_of, tmp_path):
    message = refused(*ax, "--do_eval", f"--adapter_dir={run_of('mnli')}")
    assert "AX has only rows to predict" in message
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("other", ["xnli", "rte"])
def test_ax_refuses_another_tasks_adapter(ax, run_of, tmp_path, other):
    # XNLI has the very labels of MNLI.
    message = refused(*ax, "--do_predict", f"--adapter_dir={run_of(other)}")
    assert f"trained for the task {other!r}" in message
    assert "--task_name=ax" in message
    assert not (tmp_path / "output").exists()
