"""Evaluations while training, the weights that are kept, early stopping."""

import json

import keras
import numpy as np
import pytest

from adapter_bert.checkpoints import native
from glue_tasks.stages import training
from tests.run_files import read_history, read_results
from tests.tiny_files import drive, write_mrpc

MAIN = "eval_accuracy"


@pytest.fixture(scope="module")
def common(tmp_path_factory):
    # 24 rows in batches of 8: three updates an epoch.
    data = write_mrpc(tmp_path_factory.mktemp("MRPC"), train=24)
    return ["--task_name=MRPC", f"--data_dir={data}"]


@pytest.fixture(scope="module")
def command(common, bert):
    """Twelve updates of the head."""
    return [
        *common,
        *bert,
        *("--do_train", "--tune=head", "--learning_rate=0.1"),
        "--num_train_epochs=4",
    ]


class Script:
    """Gives evaluations main scores that are known beforehand."""

    def __init__(self, patch):
        self.kernels = []
        self._score_all, self._patch = training.score_all, patch

    def write(self, *scores):
        values = iter(scores)

        def score_all(model, *args):
            found = self._score_all(model, *args)
            kernel = model.get_layer("classifier").kernel.value
            self.kernels.append(keras.ops.convert_to_numpy(kernel))
            return found | {MAIN: next(values)}

        self._patch.setattr(training, "score_all", score_all)


@pytest.fixture
def script(monkeypatch):
    return Script(monkeypatch)


def details_of(directory):
    return json.loads((directory / native.CONFIG).read_text())


def steps_of(directory, kind="eval"):
    return [record["step"] for record in read_history(directory, kind)]


@pytest.mark.parametrize(
    ("period", "steps"), [("5", [5, 10, 12]), ("epoch", [3, 6, 9, 12])]
)
def test_scores_are_recorded_after_each_period(
    command, tmp_path, period, steps
):
    drive(*command, f"--evaluate_every={period}", f"--output_dir={tmp_path}")
    records = read_history(tmp_path, "eval")
    assert [record["step"] for record in records] == steps
    for record in records:
        assert set(record) == {"kind", "step", MAIN, "eval_f1", "eval_loss"}
    # Each is of other weights.
    assert len({record["eval_loss"] for record in records}) == len(steps)
    assert steps_of(tmp_path, "train") == list(range(1, 13))
    assert not (tmp_path / "eval_results.txt").exists()
    assert (tmp_path / "training_curve.png").is_file()


# === Which weights are kept ===


@pytest.fixture(scope="module")
def best(command, tmp_path_factory):
    """A run whose second of three evaluations is the best, and its script."""
    directory = tmp_path_factory.mktemp("best")
    with pytest.MonkeyPatch.context() as patch:
        script = Script(patch)
        script.write(0.5, 0.9, 0.9)
        flags = ["--do_eval", "--evaluate_every=4"]
        drive(*command, *flags, f"--output_dir={directory}")
    return directory, script


def test_best_weights_are_kept(best):
    directory, script = best
    # Of equal scores the earlier one counts.
    details = details_of(directory)
    assert details["global_step"] == 8
    assert details["num_train_steps"] == 12
    kernel = native.read(directory).tensors["classifier/kernel"]
    np.testing.assert_array_equal(kernel, script.kernels[1])
    assert (script.kernels[1] != script.kernels[2]).any()
    assert steps_of(directory) == [4, 8, 12]
    assert steps_of(directory, "train") == list(range(1, 13))


def test_evaluation_at_the_end_is_that_of_the_kept_weights(best):
    directory, _ = best
    losses = {
        record["step"]: record["eval_loss"]
        for record in read_history(directory, "eval")
    }
    scores = read_results(directory)["scores"]
    assert scores["global_step"] == 8
    assert scores["eval_loss"] == pytest.approx(losses[8], rel=1e-6)
    assert abs(losses[8] - losses[12]) > 1e-4


def test_evaluating_again_gives_the_score_of_the_kept_weights(
    best, common, tmp_path, logged
):
    directory, _ = best
    drive(
        *common,
        "--do_eval",
        f"--adapter_dir={directory}",
        f"--output_dir={tmp_path}",
    )
    expected = read_results(directory)["scores"]
    assert read_results(tmp_path)["scores"] == pytest.approx(expected)
    assert not any("cut short" in line for line in logged())


def test_last_weights_are_kept_on_demand(command, script, tmp_path):
    script.write(0.9, 0.5, 0.5)
    flags = ["--evaluate_every=4", "--keep_checkpoint=last", "--do_eval"]
    drive(*command, *flags, f"--output_dir={tmp_path}")
    assert details_of(tmp_path)["global_step"] == 12
    kernel = native.read(tmp_path).tensors["classifier/kernel"]
    np.testing.assert_array_equal(kernel, script.kernels[-1])
    last = read_history(tmp_path, "eval")[-1]
    scores = read_results(tmp_path)["scores"]
    assert scores["eval_loss"] == pytest.approx(last["eval_loss"], rel=1e-6)

    # Evaluating changes nothing in what is trained.
    other = tmp_path / "without"
    drive(*command, f"--output_dir={other}")
    ours, theirs = native.read(tmp_path).tensors, native.read(other).tensors
    for path, values in ours.items():
        np.testing.assert_array_equal(values, theirs[path])


# === Early stopping ===


def test_training_stops_when_nothing_gets_better(
    command, script, tmp_path, logged
):
    script.write(0.5, 0.9, 0.7, 0.9, 1.0)
    drive(
        *command,
        *("--evaluate_every=2", "--early_stopping_patience=2", "--do_eval"),
        "--verbosity=0",
        f"--output_dir={tmp_path}",
    )
    assert steps_of(tmp_path) == [2, 4, 6, 8]
    assert steps_of(tmp_path, "train") == list(range(1, 9))
    assert details_of(tmp_path)["global_step"] == 4
    assert read_results(tmp_path)["scores"]["global_step"] == 4
    assert (
        "Stopped early, at step 8 of 12: no better eval_accuracy than the "
        "0.9000 of step 4 for 2 evaluations."
    ) in logged()
    assert "Going back to the weights of step 4, the best." in logged()


def test_stopping_early_may_keep_the_last_weights(command, script, tmp_path):
    script.write(0.9, 0.5)
    drive(
        *command,
        "--evaluate_every=epoch",
        "--early_stopping_patience=1",
        "--keep_checkpoint=last",
        f"--output_dir={tmp_path}",
    )
    assert details_of(tmp_path)["global_step"] == 6
    kernel = native.read(tmp_path).tensors["classifier/kernel"]
    np.testing.assert_array_equal(kernel, script.kernels[1])


def test_patience_begins_anew_with_each_better_score(
    command, script, tmp_path, logged
):
    script.write(0.5, 0.4, 0.6, 0.5, 0.7, 0.6)
    flags = ["--evaluate_every=2", "--early_stopping_patience=2"]
    drive(*command, *flags, "--verbosity=0", f"--output_dir={tmp_path}")
    assert steps_of(tmp_path) == [2, 4, 6, 8, 10, 12]
    assert any(line.startswith("Going back") for line in logged())
    assert not any(line.startswith("Stopped early") for line in logged())
    assert details_of(tmp_path)["global_step"] == 10
