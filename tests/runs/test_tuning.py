"""What trains, what is written of it, and how much each label counts."""

import re
import shutil

import keras
import numpy as np
import pytest

from adapter_bert import load_classifier
from adapter_bert.checkpoints import native
from tests.glue_tasks.tabular.tables import write_rows
from tests.run_files import (
    contents,
    read_history,
    read_probabilities,
    read_results,
)
from tests.tiny_files import drive, make_pairs, write_mrpc

# What each method trains beside the head, by patterns of paths.
TRAINED = {
    "full": r".",
    "top_k": r"^layer_1/|^pooler/",
    "layer_norm": r"layer_norm/",
    "head": r"^$",
}


@pytest.fixture(scope="module")
def common(tmp_path_factory):
    data = write_mrpc(tmp_path_factory.mktemp("MRPC"))
    return ["--task_name=MRPC", f"--data_dir={data}"]


@pytest.fixture(scope="module", params=TRAINED)
def method(request):
    return request.param


@pytest.fixture(scope="module")
def checkpoint(method, bert, two_blocks):
    """Flags of the encoder; one block more where one block stays frozen."""
    return two_blocks if method == "top_k" else bert


@pytest.fixture(scope="module")
def trained(method, common, checkpoint, tmp_path_factory):
    directory = tmp_path_factory.mktemp(method)
    drive(
        *common,
        *checkpoint,
        *("--do_train", "--do_eval", "--do_predict"),
        *(f"--tune={method}", "--learning_rate=0.01", "--num_train_epochs=1"),
        *(["--tune_top_k=1"] if method == "top_k" else []),
        f"--output_dir={directory}",
    )
    return directory


def test_artifact_holds_what_was_trained(trained, method, checkpoint):
    folder = checkpoint[0].removeprefix("--init_checkpoint=")
    model = load_classifier(folder, adapter=None, seed=1)
    pattern = f"{TRAINED[method]}|^classifier/"
    expected = {
        v.path: tuple(v.shape)
        for v in model.weights
        if re.search(pattern, v.path)
    }
    artifact = native.read(trained)
    found = {path: values.shape for path, values in artifact.tensors.items()}
    assert found == expected
    assert artifact.adapter_config is None
    assert artifact.tune.method == method

    results = read_results(trained)
    assert results["settings"]["tune"]["method"] == method
    assert results["settings"]["adapter"] is None
    assert results["settings"]["adapter_recipe"] is None
    count = sum(map(np.size, artifact.tensors.values()))
    assert results["parameters"]["trained"] == count
    assert results["parameters"]["total"] == model.count_params()


def test_what_was_trained_has_changed(trained, method, checkpoint):
    folder = checkpoint[0].removeprefix("--init_checkpoint=")
    model = load_classifier(folder, adapter=None, seed=1)
    before = {
        v.path: keras.ops.convert_to_numpy(v.value) for v in model.weights
    }
    for path, values in native.read(trained).tensors.items():
        # Adding one number to all scores of a query changes no softmax.
        if not path.endswith("key/bias"):
            assert (values != before[path]).any(), path


def test_scores_and_predictions_are_had_again(trained, common, tmp_path):
    copied = shutil.copytree(trained, tmp_path / "copied")
    for name in ("eval_results.json", "test_results.tsv"):
        (copied / name).unlink()
    drive(*common, "--do_eval", "--do_predict", f"--output_dir={copied}")
    scores = read_results(trained)["scores"]
    assert read_results(copied)["scores"] == pytest.approx(scores, abs=1e-6)
    assert np.allclose(
        read_probabilities(copied), read_probabilities(trained), atol=1e-6
    )
    weights = contents(trained)[native.WEIGHTS]
    assert contents(copied)[native.WEIGHTS] == weights


def test_size_of_the_artifact_is_logged(common, bert, tmp_path, logged):
    drive(
        *common,
        *bert,
        *("--do_train", "--tune=full", "--num_train_epochs=0.4"),
        *("--adapter_size=8", "--verbosity=0"),
        f"--output_dir={tmp_path}",
    )
    size = (tmp_path / native.WEIGHTS).stat().st_size / 1e6
    expected = f"written to {tmp_path}: step 1, {size:.1f} MB."
    assert any(line.endswith(expected) for line in logged())
    note = "--adapter_size has no effect without --tune=adapters."
    assert note in logged()


# === How much each label counts ===


@pytest.fixture
def train(bert, tmp_path):
    """Trains on three times as many `a` as `b`; returns losses and folder."""
    rows = [
        {"text": text, "label": "b" if i % 4 == 0 else "a"}
        for i, (text, _) in enumerate(make_pairs(24))
    ]
    path = write_rows(tmp_path / "train.csv", rows)

    def run(*flags):
        output = tmp_path / "-".join(["output", *flags]).replace("/", "")
        drive(
            "--task_name=tabular",
            f"--train_file={path}",
            f"--dev_file={path}",
            *bert,
            *("--do_train", "--tune=head", "--num_train_epochs=1"),
            *flags,
            f"--output_dir={output}",
        )
        losses = [r["loss"] for r in read_history(output, "train")]
        return losses, output

    return run


def test_class_weights_change_the_loss(train):
    plain, _ = train()
    balanced, output = train("--class_weights=balanced")
    by_name, _ = train("--class_weights=b=3")
    assert len(plain) == 3
    assert balanced == pytest.approx(by_name, rel=1e-5)
    assert balanced[0] != pytest.approx(plain[0], rel=1e-5)
    settings = native.read(output).details["settings"]
    assert settings["train"]["class_weights"] == "balanced"
