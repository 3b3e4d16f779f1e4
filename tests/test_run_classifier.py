import re
import shutil

import numpy as np
import pytest

from adapter_bert import load_classifier, predict
from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native
from glue_tasks import readers
from glue_tasks.registry import get_task
from tests.run_files import (
    contents,
    read_history,
    read_probabilities,
    read_results,
    read_scores,
)
from tests.tiny_files import (
    MAX_SEQ_LENGTH,
    drive,
    refused,
    write_huggingface,
    write_mnli,
    write_mrpc,
    write_tf1,
)

RESULT_FILES = {
    "adapter.json",
    "adapter.safetensors",
    "confusion.csv",
    "confusion.png",
    "eval_results.json",
    "eval_results.txt",
    "events.out.tfevents.*",
    "history.jsonl",
    "MRPC.tsv",
    "predictions.tsv",
    "report.html",
    "test_results.tsv",
    "training_curve.png",
}
# No network, whatever a mistake in here leads to.
pytestmark = pytest.mark.usefixtures("offline")


@pytest.fixture
def offline(monkeypatch):
    from adapter_bert import network

    monkeypatch.setattr(network, "is_reachable", lambda *a, **k: False)


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    return write_tf1(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return write_mrpc(tmp_path_factory.mktemp("MRPC"))


@pytest.fixture(scope="module")
def command(prefix, data_dir):
    """The original's command line in the tiny form, without output folder."""
    return [
        "--task_name=MRPC",
        "--do_train=true",
        "--do_eval=true",
        "--do_predict=true",
        f"--data_dir={data_dir}",
        f"--vocab_file={prefix.parent / 'vocab.txt'}",
        f"--bert_config_file={prefix.parent / 'bert_config.json'}",
        f"--init_checkpoint={prefix}",
        f"--max_seq_length={MAX_SEQ_LENGTH}",
        "--train_batch_size=8",
        "--learning_rate=3e-4",
        "--num_train_epochs=1.5",
    ]


@pytest.fixture(scope="module")
def trained(command, tmp_path_factory):
    """Folder that one run of the whole command line left."""
    directory = tmp_path_factory.mktemp("output") / "mrpc" / "first"
    drive(*command, f"--output_dir={directory}")
    return directory


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copied")


# === The whole command line ===


def test_run_leaves_these_files_and_no_others(trained):
    names = {
        re.sub(r"(tfevents)\..*", r"\1.*", path.name)
        for path in trained.iterdir()
    }
    assert names == RESULT_FILES
    # TensorBoard's files: one of training and one of the evaluation.
    assert len(list(trained.iterdir())) == len(RESULT_FILES) + 1


def test_scores_have_the_originals_form(trained):
    text = (trained / "eval_results.txt").read_text()
    assert re.fullmatch(
        r"eval_accuracy = 0\.\d+\neval_f1 = 0\.\d+\neval_loss = \d\.\d+\n"
        r"global_step = 4\nloss = \d\.\d+\n",
        text,
    )
    values = read_results(trained)
    for name, score in read_scores(trained).items():
        assert score == pytest.approx(values["scores"][name], rel=1e-6)


def test_results_say_where_they_come_from(trained, prefix, data_dir):
    page = (trained / "report.html").read_text()
    assert f"GLUE MRPC from {data_dir}" in page
    assert "MRPC.tsv" in page
    assert f"TF1 checkpoint {prefix}" in page
    scores = read_results(trained)
    details = native.read(trained).details
    for values in (scores, details):
        assert values["data"] == f"GLUE MRPC from {data_dir}"
        assert values["base"] == f"TF1 checkpoint {prefix}"
        assert values["warnings"] == []
        assert values["settings"]["train"]["num_train_epochs"] == 1.5
        assert values["versions"]["backend"] == "tensorflow"
    assert details["task"] == "mrpc"
    assert details["global_step"] == 4
    assert details["evaluation"]["scores"] == scores["scores"]


def test_artifact_loads_in_python_and_predicts_the_same(
    trained, prefix, data_dir
):
    model = load_classifier(prefix, adapter=trained)
    rows = readers.read_split(get_task("mrpc"), data_dir, "test")
    pairs = [(row.text_a, row.text_b) for row in rows]
    result = predict(model, pairs, batch_size=8)
    # One line a row, in the file's order; columns in the order of the labels.
    written = read_probabilities(trained)
    assert len(written) == 7
    assert result.probabilities.tolist() == [
        pytest.approx(row, abs=1e-6) for row in written
    ]
    named = (trained / "predictions.tsv").read_text().splitlines()
    assert named == [
        "index\tprediction",
        *(f"{i}\t{label}" for i, label in enumerate(result.labels)),
    ]


def test_history_has_every_update(trained):
    steps = [record["step"] for record in read_history(trained, "train")]
    assert steps == [1, 2, 3, 4]


# === One stage alone ===


def test_evaluation_alone_gives_the_same_scores(copied, trained, data_dir):
    before = contents(copied)
    (copied / "eval_results.txt").unlink()
    drive(
        "--task_name=MRPC",
        "--do_eval",
        f"--data_dir={data_dir}",
        f"--output_dir={copied}",
    )
    after = contents(copied)
    assert set(after) == set(before)
    for name in ("adapter.safetensors", "history.jsonl", "test_results.tsv"):
        assert after[name] == before[name]
    assert read_scores(copied) == pytest.approx(read_scores(trained), abs=1e-6)


def test_prediction_alone_gives_the_same_probabilities(
    copied, trained, data_dir, prefix
):
    before = contents(copied)
    (copied / "test_results.tsv").unlink()
    (copied / "predictions.tsv").unlink()
    drive(
        "--task_name=MRPC",
        "--do_predict",
        f"--data_dir={data_dir}",
        f"--init_checkpoint={prefix}",
        f"--output_dir={copied}",
    )
    after = contents(copied)
    assert set(after) == set(before)
    for name in ("predictions.tsv", "eval_results.txt", "adapter.json"):
        assert after[name] == before[name]
    assert read_probabilities(copied) == [
        pytest.approx(row, abs=1e-6) for row in read_probabilities(trained)
    ]


def test_checkpoint_that_holds_all_is_evaluated_and_predicted(tmp_path):
    prefix = write_tf1(tmp_path / "bert", "adapter_bert_step12.ckpt")
    data_dir = write_mnli(tmp_path / "MNLI")
    output = tmp_path / "output"
    drive(
        "--task_name=MNLI",
        "--do_eval",
        "--do_predict",
        f"--data_dir={data_dir}",
        f"--init_checkpoint={prefix}",
        f"--max_seq_length={MAX_SEQ_LENGTH}",
        f"--output_dir={output}",
    )
    scores = read_scores(output)
    assert list(scores) == [
        "eval_accuracy",
        "eval_loss",
        "eval_mismatched_accuracy",
        "eval_mismatched_loss",
        "global_step",
        "loss",
    ]
    assert scores["global_step"] == 12
    settings = read_results(output)["settings"]
    assert settings["adapter"] == AdapterConfig().to_dict()
    assert settings["adapter_recipe"] == "houlsby2019"
    assert settings["tune"]["method"] == "adapters"
    assert "train" not in settings
    assert {path.name for path in output.iterdir()} == {
        "confusion.csv",
        "confusion.png",
        "confusion_mismatched.csv",
        "confusion_mismatched.png",
        "eval_results.json",
        "eval_results.txt",
        "MNLI-m.tsv",
        "MNLI-mm.tsv",
        "predictions.tsv",
        "predictions_mismatched.tsv",
        "report.html",
        "test_results.tsv",
        "test_results_mismatched.tsv",
    }
    model = load_classifier(
        prefix, adapter=AdapterConfig(), num_labels=3, max_seq_length=24
    )
    for kind, count in {"": 9, "_mismatched": 11}.items():
        task = get_task("mnli")
        rows = readers.read_split(task, data_dir, f"test{kind}")
        result = predict(model, [(row.text_a, row.text_b) for row in rows])
        written = read_probabilities(output, f"test_results{kind}.tsv")
        assert len(written) == count
        assert result.probabilities.tolist() == [
            pytest.approx(row, abs=1e-6) for row in written
        ]
        rows = readers.read_split(task, data_dir, f"dev{kind}")
        result = predict(model, [(row.text_a, row.text_b) for row in rows])
        of_the_label = result.probabilities[range(count), task.targets(rows)]
        loss = -np.log(of_the_label).mean()
        assert scores[f"eval{kind}_loss"] == pytest.approx(loss, abs=1e-5)


def test_nothing_trained_is_refused(prefix, data_dir, tmp_path):
    output = tmp_path / "output"
    stages = ["--task_name=MRPC", "--do_eval", f"--data_dir={data_dir}"]
    message = refused(*stages, f"--output_dir={output}")
    assert f"--output_dir={output} holds no trained adapter" in message
    assert "--init_checkpoint" in message
    assert "--do_train" in message

    stages += [f"--max_seq_length={MAX_SEQ_LENGTH}", f"--output_dir={output}"]
    message = refused(*stages, f"--init_checkpoint={prefix}")
    assert f"TF1 checkpoint {prefix} has no adapters for MRPC" in message
    assert "--do_train" in message

    # All is there but a head: the checkpoint's is for 3 labels.
    prefix = write_tf1(tmp_path / "bert", "adapter_bert_step12.ckpt")
    message = refused(*stages, f"--init_checkpoint={prefix}")
    assert f"TF1 checkpoint {prefix} has no head for MRPC" in message
    assert not output.exists()


def test_adapter_of_another_task_is_refused(copied, tmp_path, prefix):
    before = contents(copied)
    message = refused(
        "--task_name=MNLI",
        "--do_eval",
        f"--data_dir={write_mnli(tmp_path / 'MNLI')}",
        f"--init_checkpoint={prefix}",
        f"--output_dir={copied}",
    )
    assert f"{copied}: trained for the task 'mrpc'" in message
    assert "--task_name=mnli" in message
    assert contents(copied) == before


def test_adapter_of_another_encoder_is_refused(copied, data_dir, tmp_path):
    before = contents(copied)
    message = refused(
        "--task_name=MRPC",
        "--do_eval",
        f"--data_dir={data_dir}",
        f"--init_checkpoint={write_huggingface(tmp_path / 'bert')}",
        f"--output_dir={copied}",
    )
    assert f"{copied}: trained on another encoder" in message
    assert contents(copied) == before


# === A folder that is in use, and the seed ===


def test_folder_with_an_adapter_is_refused_and_untouched(command, copied):
    before = contents(copied)
    message = refused(*command, f"--output_dir={copied}")
    assert f"--output_dir={copied} already holds" in message
    assert "--overwrite_output_dir" in message
    assert contents(copied) == before


def test_overwriting_replaces_results_alone(command, copied, trained):
    # A second run with the same seed, which leaves out prediction.
    (copied / "notes.txt").write_text("mine")
    (copied / "eval_results.txt.bak").write_text("mine too")
    (copied / "sub").mkdir()
    (copied / "sub" / "report.html").write_text("and this")
    (copied / "adapter.safetensors").write_bytes(b"old")
    drive(
        *(flag for flag in command if "do_predict" not in flag),
        f"--output_dir={copied}",
        "--overwrite_output_dir",
    )
    assert (copied / "notes.txt").read_text() == "mine"
    assert (copied / "eval_results.txt.bak").read_text() == "mine too"
    assert (copied / "sub" / "report.html").read_text() == "and this"
    for name in ("test_results.tsv", "predictions.tsv", "MRPC.tsv"):
        assert not (copied / name).exists()
    assert len(list(copied.glob("events.out.tfevents.*"))) == 2

    # The same seed gives the same bytes.
    for name in ("adapter.safetensors", "eval_results.txt", "history.jsonl"):
        assert (copied / name).read_bytes() == (trained / name).read_bytes()


def test_another_seed_gives_another_adapter(command, trained, tmp_path):
    drive(
        *(f for f in command if "do_eval" not in f and "do_predict" not in f),
        f"--output_dir={tmp_path}",
        "--seed=2",
    )
    first, second = native.read(trained), native.read(tmp_path)
    kernels = [p for p in first.tensors if p.endswith("kernel")]
    assert len(kernels) == 9
    for path in kernels:
        assert (first.tensors[path] != second.tensors[path]).any()


@pytest.mark.parametrize(
    "flag", ["--train_batch_size=64", "--max_seq_length=25"]
)
def test_mistake_in_overwriting_keeps_the_earlier_run(command, copied, flag):
    before = contents(copied)
    refused(*command, flag, f"--output_dir={copied}", "--overwrite_output_dir")
    assert contents(copied) == before


def test_run_that_diverges_ends_with_a_message_and_no_adapter(
    command, tmp_path
):
    output = tmp_path / "output"
    message = refused(*command, f"--output_dir={output}", "--learning_rate=1e9")
    assert re.search(r"The loss is (nan|inf) at step [2-4]", message)
    assert "Lower `learning_rate`" in message
    assert not native.is_artifact(output)
    assert not (output / native.WEIGHTS).exists()
    assert not (output / "eval_results.txt").exists()
