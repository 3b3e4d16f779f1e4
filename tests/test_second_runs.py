"""What a second run in a folder says and keeps of the first."""

import logging
import shutil

import pytest

from adapter_bert.checkpoints import hub, native, wheel
from tests.run_files import add_to_bias, read_results
from tests.tiny_files import (
    MAX_SEQ_LENGTH,
    drive,
    refused,
    write_huggingface,
    write_mrpc,
    write_one_block,
)


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return write_one_block(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return write_mrpc(tmp_path_factory.mktemp("MRPC"))


@pytest.fixture(scope="module")
def common(data_dir):
    return ["--task_name=MRPC", f"--data_dir={data_dir}"]


@pytest.fixture(scope="module")
def training(common, bert):
    return [
        *common,
        "--do_train",
        f"--init_checkpoint={bert}",
        f"--max_seq_length={MAX_SEQ_LENGTH}",
        "--train_batch_size=8",
        "--num_train_epochs=1",
    ]


@pytest.fixture(scope="module")
def trained(training, tmp_path_factory):
    directory = tmp_path_factory.mktemp("output") / "first"
    drive(*training, "--do_eval", f"--output_dir={directory}")
    return directory


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copied")


@pytest.fixture
def warnings(caplog):
    """Returns the warnings so far."""
    caplog.set_level(logging.INFO)
    return lambda: [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING
    ]


def test_overwriting_that_fails_keeps_the_earlier_adapter(training, copied):
    names = (native.CONFIG, native.WEIGHTS, "eval_results.txt", "report.html")
    before = {name: (copied / name).read_bytes() for name in names}
    message = refused(
        *training,
        f"--output_dir={copied}",
        "--overwrite_output_dir",
        "--learning_rate=1e9",
    )
    assert "The loss is" in message
    assert {name: (copied / name).read_bytes() for name in names} == before


def test_report_without_evaluation_shows_no_earlier_scores(
    common, copied, tmp_path
):
    before = (copied / "report.html").read_text()
    assert "eval_accuracy" in before
    other = write_mrpc(tmp_path / "other")
    again = [
        *(f for f in common if "data_dir" not in f),
        f"--data_dir={other}",
        "--do_predict",
    ]
    # The page on how the adapter came about stays.
    drive(*again, f"--output_dir={copied}")
    assert (copied / "report.html").read_text() == before
    output = tmp_path / "output"
    drive(*again, f"--adapter_dir={copied}", f"--output_dir={output}")
    page = (output / "report.html").read_text()
    assert f"GLUE MRPC from {other}" in page
    assert "eval_accuracy" not in page


def test_scores_in_the_artifact_name_their_data(common, copied, tmp_path):
    other = write_mrpc(tmp_path / "other")
    drive(
        *(f for f in common if "data_dir" not in f),
        f"--data_dir={other}",
        "--do_eval",
        f"--output_dir={copied}",
    )
    details = native.read(copied).details
    assert details["evaluation"]["data"] == f"GLUE MRPC from {other}"
    assert details["data"] != details["evaluation"]["data"]


def test_effective_settings_are_recorded(trained, bert):
    values = read_results(trained)["settings"]
    assert values["data"]["max_seq_length"] == MAX_SEQ_LENGTH
    assert values["checkpoint"]["do_lower_case"] is True
    assert values["checkpoint"]["init_checkpoint"] == str(bert)


def test_flags_of_adapters_without_effect_are_noted(common, copied, warnings):
    output = f"--output_dir={copied}"
    drive(*common, "--do_eval", output)
    assert not any("no effect" in text for text in warnings())
    end = f"no effect: the adapter in {copied} has settings of its own."
    drive(*common, "--do_eval", output, "--adapter_size=3")
    assert f"--adapter_size has {end}" in warnings()
    drive(*common, "--do_eval", output, "--tune=full", "--train_pooler")
    assert f"--tune, --train_pooler have {end}" in warnings()


def test_flags_that_say_what_is_the_default_are_noted_too(
    training, common, tmp_path, warnings
):
    output = f"--output_dir={tmp_path / 'small'}"
    drive(*training, output, "--adapter_size=2")
    assert not any("no effect" in text for text in warnings())
    drive(*common, "--do_eval", output, "--adapter_size=64", "--tune=adapters")
    assert any(
        text.startswith("--tune, --adapter_size have no effect: the adapter in")
        for text in warnings()
    )


def test_no_word_of_a_fresh_head_where_one_is_loaded(common, copied, caplog):
    drive(*common, "--do_eval", f"--output_dir={copied}", "--verbosity=0")
    assert "fresh:" not in caplog.text
    assert "starts fresh" not in caplog.text
    assert f"Using the adapter in {copied}" in caplog.text


@pytest.mark.parametrize("how", [[], ["--evaluate_every=1"]])
def test_adapter_cut_short_is_told(
    training, common, tmp_path, warnings, monkeypatch, how
):
    save = native.save

    def save_once(*args):
        save(*args)
        raise OSError("killed")

    monkeypatch.setattr(native, "save", save_once)
    output = f"--output_dir={tmp_path / 'killed'}"
    steps = ["--save_checkpoints_steps=1"]
    assert "killed" in refused(*training, *steps, *how, output)
    monkeypatch.undo()
    drive(*common, "--do_eval", output)
    end = "cut short: its weights are those of step 1 of 3."
    assert any(text.endswith(end) for text in warnings())


def test_adapter_of_a_training_that_ended_is_not(
    training, common, tmp_path, warnings
):
    output = f"--output_dir={tmp_path / 'output'}"
    # The first of four weights is kept; of two more evaluations none is better.
    drive(
        *training,
        *("--evaluate_every=1", "--early_stopping_patience=1", output),
        *("--learning_rate=1e-9", "--num_train_epochs=2"),
    )
    details = native.read(tmp_path / "output").details
    assert details["stopped_early"]
    assert details["global_step"] < details["last_step"]
    assert details["last_step"] < details["num_train_steps"]
    drive(*common, "--do_eval", output)
    assert not any("cut short" in text for text in warnings())


def test_one_label_for_all_is_told(common, copied, warnings):
    add_to_bias(copied, [0, 1000])
    drive(*common, "--do_eval", f"--output_dir={copied}")
    assert any("Every prediction is '1'" in text for text in warnings())


def test_one_label_for_all_is_told_at_the_end_alone(
    training, tmp_path, warnings
):
    data = write_mrpc(tmp_path / "data")
    header, row, *_ = (data / "dev.tsv").read_text().splitlines()
    (data / "dev.tsv").write_text("\n".join([header, row, row, row]))
    drive(
        *training,
        *(f"--data_dir={data}", "--evaluate_every=1", "--do_eval"),
        f"--output_dir={tmp_path / 'output'}",
    )
    said = [text for text in warnings() if "Every prediction is" in text]
    assert len(said) == 1


def test_results_do_not_go_beside_another_adapter(common, trained, copied):
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    adapter = f"--adapter_dir={trained}"
    message = refused(*common, "--do_eval", adapter, f"--output_dir={copied}")
    assert f"--output_dir={copied} holds an adapter of its own" in message
    assert f"results of --adapter_dir={trained} another --output" in message
    after = {path.name: path.read_bytes() for path in copied.iterdir()}
    assert after == before


def test_one_folder_in_two_spellings(common, copied, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    flags = ["--adapter_dir=copied/", "--output_dir=./copied", "--do_eval"]
    before = native.read(copied).details["evaluation"]["scores"]
    drive(*common, *flags)
    after = native.read(copied).details["evaluation"]["scores"]
    assert after == pytest.approx(before)


def test_moved_checkpoint_is_named(training, common, bert, tmp_path):
    moved = tmp_path / "bert"
    shutil.copytree(bert, moved)
    output = f"--output_dir={tmp_path / 'output'}"
    train = [f for f in training if "init_checkpoint" not in f]
    drive(*train, f"--init_checkpoint={moved}", output)
    shutil.rmtree(moved)
    message = refused(*common, "--do_eval", output)
    assert f"was trained on {moved}, which cannot" in message
    # Of what the user names himself, nothing is said about the adapter.
    message = refused(*common, "--do_eval", output, "--init_checkpoint=/none")
    assert message.startswith("ERROR: --init_checkpoint=/none: no checkpoint")


def test_files_that_are_not_ours_stay(training, tmp_path):
    # What a run of the original leaves.
    names = ("events.out.tfevents.1549.host", "test_results.tsv", "checkpoint")
    for name in names:
        (tmp_path / name).write_text("theirs")
    drive(*training, f"--output_dir={tmp_path}")
    for name in names:
        assert (tmp_path / name).read_text() == "theirs"


def test_new_adapter_takes_the_place_of_all_old_results(training, tmp_path):
    # Without an adapter, as of a checkpoint that holds it all.
    names = (
        "report.html",
        "test_results.tsv",
        "confusion.csv",
        "confusion.png",
        "confusion_mismatched.csv",
        "confusion_mismatched.png",
        "new.predictions.csv",
        "CoLA.tsv",
        "ablated_0-1/MRPC.tsv",
        "ablated_0-1/confusion.png",
        "ablated_0-1/report.html",
        "ablated_0/skipped_rows_eval.txt",
        "ablated_0/notes.txt",
        "skipped_rows.txt",
        "skipped_rows_eval.txt",
        "dev.csv",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("old")
    drive(*training, f"--output_dir={tmp_path}")
    old = {
        str(path.relative_to(tmp_path))
        for path in tmp_path.rglob("*")
        if path.is_file() and path.read_bytes() == b"old"
    }
    assert old == {"ablated_0/notes.txt", "dev.csv"}
    assert not (tmp_path / "ablated_0-1").exists()
    assert (tmp_path / "report.html").is_file()


def test_evaluation_of_an_adapter_without_steps_keeps_the_history(
    common, copied
):
    before = (copied / "history.jsonl").read_bytes()
    native.add_details(copied, {"global_step": 0})
    drive(*common, "--do_eval", f"--output_dir={copied}")
    assert (copied / "history.jsonl").read_bytes() == before


def test_explicit_files_are_recorded_and_used_again(
    training, common, bert, tmp_path, monkeypatch
):
    vocab = bert / "vocab.txt"
    output = f"--output_dir={tmp_path / 'output'}"
    drive(*training, f"--vocab_file={vocab}", output)
    monkeypatch.chdir(tmp_path)
    drive(*common, "--do_eval", output)
    values = read_results(tmp_path / "output")
    assert values["settings"]["checkpoint"]["vocab_file"] == str(vocab)


def test_fallback_encoder_is_found_again(
    training, common, tmp_path, monkeypatch
):
    small = write_one_block(tmp_path / "small")
    large = write_huggingface(tmp_path / "large", edit=doubled)
    monkeypatch.setattr(wheel, "find_directory", lambda: small)
    monkeypatch.setattr(wheel, "describe", lambda: "small")
    monkeypatch.setattr(hub, "fetch", absent)
    output = f"--output_dir={tmp_path / 'output'}"
    drive(*(f for f in training if "init_checkpoint" not in f), output)
    # Later, the Hub answers.
    monkeypatch.setattr(hub, "fetch", lambda name: large)
    drive(*common, "--do_eval", output)
    values = read_results(tmp_path / "output")
    assert values["base"] == "small"


def absent(name):
    raise FileNotFoundError("the Hub cannot be reached")


def doubled(tensors):
    return {name: 2 * values for name, values in tensors.items()}


def test_folder_that_cannot_be_made_is_named(training, tmp_path, monkeypatch):
    output = tmp_path / "output"
    monkeypatch.setattr(type(output), "mkdir", no_room)
    message = refused(*training, f"--output_dir={output}")
    assert f"--output_dir={output} cannot be made" in message


def no_room(*args, **kwargs):
    raise OSError(30, "Read-only file system")
