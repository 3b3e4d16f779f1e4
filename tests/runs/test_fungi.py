"""The fungi task on its bundled sample, with an encoder at its random start."""

import csv
import hashlib
import json
import shutil

import pytest

from adapter_bert.checkpoints import native, random_encoder
from glue_tasks.fungi.files import SAMPLE
from glue_tasks.fungi.labels import COMMON_OR_DIFFERENT, LABELS
from tests.run_files import (
    add_to_bias,
    contents,
    read_cells,
    read_probabilities,
    read_results,
    read_scores,
)
from tests.tiny_files import drive, refused

FUNGI = "--task_name=fungi"
RANDOM = "--allow_random_encoder"
SHORT = ("--num_train_epochs=0.2", "--max_seq_length=32")
HEAD = ("--tune=head", "--num_train_epochs=0.1", "--max_seq_length=24")
ROWS = 847
WARNINGS = (
    random_encoder.WARNING,
    "The scores are not those of the fungi data set",
)


def vocabulary(folder):
    """Returns the one folder with what the random encoder can read."""
    (found,) = folder.glob("vocabulary_*")
    return found


def output_flag(folder):
    return f"--output_dir={folder}"


def read_warnings(folder):
    """Returns what each result file says of its scores, by name."""
    files = {
        name: json.loads((folder / name).read_text(encoding="utf-8"))
        for name in (native.CONFIG, "eval_results.json")
    }
    said = {name: " ".join(f["warnings"]) for name, f in files.items()}
    said["report.html"] = (folder / "report.html").read_text(encoding="utf-8")
    return said


def check_warnings(folder, warnings=WARNINGS):
    for name, text in read_warnings(folder).items():
        for warning in warnings:
            assert warning in text, (name, warning)


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_sample(count):
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[:count]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The folder of a run of every stage."""
    folder = tmp_path_factory.mktemp("fungi") / "output"
    stages = ("--do_train", "--do_eval", "--do_predict")
    drive(FUNGI, RANDOM, *stages, *SHORT, output_flag(folder))
    return folder


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copied")


# === Training, evaluation and prediction on the sample ===


def test_scores_and_settings(trained):
    results = read_results(trained)
    assert set(results["scores"]) == {
        "eval_accuracy",
        "eval_f1_macro",
        "eval_loss",
        "global_step",
        "loss",
    }
    assert results["main_metric"] == "eval_accuracy"
    assert results["task"] == "fungi"
    assert "bundled sample" in results["data"]
    # 0.2 of the epoch that 9 of 10 rows are, in batches of 32.
    assert results["scores"]["global_step"] == 4
    settings = results["settings"]
    assert settings["adapter_recipe"] == "opendelta"
    assert settings["adapter"]["size"] == 24
    digest = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert settings["data"]["fungi"] == {
        "text": "sentence",
        "target": "label",
        "split": "stratified",
        "seed": 1,
        "sha256": digest,
    }
    details = json.loads((trained / native.CONFIG).read_text("utf-8"))
    assert details["labels"] == list(LABELS)
    assert details["task"] == "fungi"
    assert details["max_seq_length"] == 32


def test_files_of_the_random_encoder(trained):
    folder = vocabulary(trained)
    values = json.loads((folder / "tokenizer_config.json").read_text())
    assert values["subword_tokenizer_type"] == "character"
    assert values["word_tokenizer_type"] == "basic"
    vocab = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert vocab[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert {"胞", "子", "色"} < set(vocab)
    assert all(len(character) == 1 for character in vocab[5:])
    files = read_results(trained)["settings"]["checkpoint"]
    assert files["init_checkpoint"] == random_encoder.NAME
    assert files["vocab_file"] == str(folder / "vocab.txt")


def test_predictions_of_every_test_row(trained):
    header, *rows = read_cells(trained / "predictions.tsv")
    outputs = read_probabilities(trained)
    assert header == ["index", "prediction"]
    assert len(rows) == len(outputs) == pytest.approx(ROWS * 0.05, abs=1)
    for (_, label), row in zip(rows, outputs, strict=True):
        assert sum(row) == pytest.approx(1, abs=1e-4)
        assert label == LABELS[row.index(max(row))]


def test_every_result_file_says_what_the_scores_are_worth(trained):
    check_warnings(trained)


def test_confusion_matrix_agrees_with_the_accuracy(trained):
    assert (trained / "confusion.png").read_bytes()[:4] == b"\x89PNG"
    with (trained / "confusion.csv").open(encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file))
    assert header[1:] == [row[0] for row in rows] == list(LABELS)
    counts = [[int(cell) for cell in row[1:]] for row in rows]
    total = sum(map(sum, counts))
    assert total == pytest.approx(ROWS * 0.05, abs=1)
    right = sum(row[i] for i, row in enumerate(counts))
    accuracy = read_scores(trained)["eval_accuracy"]
    assert accuracy == pytest.approx(right / total)
    report = (trained / "report.html").read_text(encoding="utf-8")
    for file in ("confusion*.png", "confusion*.csv", "vocabulary_*"):
        assert file in report


# === Later, with what the adapter's folder says ===


def test_evaluated_again_without_a_flag(copied, trained):
    before = read_scores(trained)
    for name in ("eval_results.json", "confusion.png", "confusion.csv"):
        (copied / name).unlink()
    drive(FUNGI, "--do_eval", output_flag(copied))
    assert read_scores(copied) == pytest.approx(before, abs=1e-6)
    check_warnings(copied)
    for name in ("confusion.png", "confusion.csv"):
        assert (copied / name).read_bytes() == (trained / name).read_bytes()


def test_vocabulary_is_found_beside_an_adapter_that_moved(copied, trained):
    path = copied / "adapter.json"
    text = path.read_text(encoding="utf-8")
    assert str(trained) in text
    path.write_text(text.replace(str(trained), "/gone"), encoding="utf-8")
    drive(FUNGI, "--do_eval", output_flag(copied))
    before = read_scores(trained)
    assert read_scores(copied) == pytest.approx(before, abs=1e-6)


def test_predicted_again_in_another_folder(copied, trained, tmp_path):
    other = tmp_path / "other"
    adapter = f"--adapter_dir={copied}"
    drive(FUNGI, "--do_predict", adapter, output_flag(other))
    assert read_probabilities(other) == [
        pytest.approx(row, abs=1e-6) for row in read_probabilities(trained)
    ]
    report = (other / "report.html").read_text(encoding="utf-8")
    for warning in WARNINGS:
        assert warning in report


def test_training_again_clears_what_was_there(copied):
    before = contents(copied)
    message = refused(FUNGI, RANDOM, "--do_train", output_flag(copied))
    assert "already holds a trained adapter" in message
    assert contents(copied) == before
    again = ("--do_train", "--overwrite_output_dir", *HEAD)
    drive(FUNGI, RANDOM, *again, output_flag(copied))
    left = set(contents(copied))
    assert not {"confusion.png", "confusion.csv", "eval_results.json"} & left
    assert {"adapter.json", "report.html"} <= left
    # The training rows are the same, and so is the vocabulary of them.
    assert (vocabulary(copied) / "vocab.txt").is_file()


def test_adapter_is_refused_on_another_vocabulary(copied, tmp_path):
    folder = vocabulary(copied)
    lines = (folder / "vocab.txt").read_text("utf-8").splitlines()
    other = tmp_path / "vocab.txt"
    # Of the same size, so that every tensor would fit.
    other.write_text("\n".join([*lines[:5], *lines[:4:-1]]) + "\n", "utf-8")
    shutil.copy(folder / "tokenizer_config.json", tmp_path)
    before = contents(copied)
    again = ("--do_eval", output_flag(copied))
    message = refused(FUNGI, *again, f"--vocab_file={other}")
    assert "vocab" in message
    assert "random-encoder" in message or "trained" in message
    assert contents(copied) == before


def test_changed_file_has_no_rows_held_out(tmp_path):
    path = shutil.copy(SAMPLE, tmp_path / "mine.csv")
    data, output = f"--data_dir={path}", tmp_path / "output"
    drive(FUNGI, RANDOM, data, "--do_train", *HEAD, output_flag(output))
    # The data is no sample, the encoder is random all the same.
    values = json.loads((output / native.CONFIG).read_text("utf-8"))
    assert values["warnings"] == [random_encoder.WARNING]
    with path.open("ab") as file:
        file.write(SAMPLE.read_bytes().splitlines(keepends=True)[-1])
    before = contents(output)
    for more in ((), (data,)):
        message = refused(FUNGI, "--do_eval", *more, output_flag(output))
        assert f"{path} is not the file that the adapter was" in message
    assert contents(output) == before
    # A copy of the training's file is as good.
    drive(FUNGI, "--do_eval", f"--data_dir={SAMPLE}", output_flag(output))
    assert 0 <= read_scores(output)["eval_accuracy"] <= 1


# === The other ways to read the data ===


def test_pairs_of_the_other_target_split_by_record(tmp_path, logged):
    output = tmp_path / "output"
    drive(
        *(FUNGI, RANDOM, *HEAD, output_flag(output), "--verbosity=0"),
        "--fungi_text=pair",
        "--fungi_target=common_or_different",
        *("--split=by_record", "--split_seed=4"),
    )
    assert any("Split by_record, seed 4: train " in line for line in logged())
    settings = read_results(output)["settings"]["data"]["fungi"]
    settings.pop("sha256")
    assert settings == {
        "text": "pair",
        "target": "common_or_different",
        "split": "by_record",
        "seed": 4,
    }
    assert native.read(output).labels == COMMON_OR_DIFFERENT
    header, *rows = read_cells(output / "confusion.csv")
    assert len(rows) == 2
    # The Latin names of the second segment are in the vocabulary too.
    path = vocabulary(output) / "vocab.txt"
    vocab = path.read_text(encoding="utf-8").splitlines()
    assert {"a", "P", "、"} < set(vocab)

    # The same rows later, and the same segments.
    before = read_scores(output)
    (output / "eval_results.json").unlink()
    drive(FUNGI, "--do_eval", output_flag(output))
    assert read_scores(output) == pytest.approx(before, abs=1e-6)

    rows = [{"sentence": row["sentence"]} for row in read_sample(2)]
    path = write_csv(tmp_path / "new.csv", rows)
    message = refused(FUNGI, f"--predict_file={path}", output_flag(output))
    assert f"{path}, line 1" in message
    assert "comparison_source" in message


def test_rows_of_a_file_are_predicted(copied, tmp_path):
    add_to_bias(copied, [30.0 * (i == 3) for i in range(25)])
    rows = [
        {"No": str(i), "sentence": row["sentence"]}
        for i, row in enumerate(read_sample(7))
    ]
    path = write_csv(tmp_path / "new.csv", rows)
    before = set(contents(copied))
    drive(FUNGI, f"--predict_file={path}", output_flag(copied))
    assert set(contents(copied)) - before == {"new.predictions.csv"}
    with (copied / "new.predictions.csv").open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [{k: row[k] for k in rows[0]} for row in written] == rows
    assert [row["prediction"] for row in written] == [LABELS[3]] * 7
    assert all(float(row[f"probability_{LABELS[3]}"]) > 0.9 for row in written)


def test_parameters_are_told_as_in_the_model_card(tmp_path, logged):
    output = tmp_path / "output"
    drive(
        *(FUNGI, RANDOM, "--do_train", "--verbosity=0", output_flag(output)),
        *("--num_train_epochs=0.05", "--max_seq_length=16"),
    )
    lines = "\n".join(logged()).splitlines()
    details = json.loads((output / native.CONFIG).read_text("utf-8"))
    hidden, size, layers = 128, 24, 2
    # Two adapters a layer: their weights and biases.
    adapters = 2 * layers * (2 * hidden * size + hidden + size)
    alone = [x for x in lines if x.startswith("Adapters alone, as in the ref")]
    assert len(alone) == 1
    assert f"trainable params: {adapters} - all params: " in alone[0]
    here = [x for x in lines if x.startswith("As trained here: trainable pa")]
    assert len(here) == 1
    assert f"trainable params: {adapters + 25 * (hidden + 1)} - " in here[0]
    assert details["settings"]["adapter"]["size"] == size


# === Mistakes ===


def test_an_encoder_is_needed(tmp_path, capsys):
    output = tmp_path / "output"
    message = refused(FUNGI, output_flag(output))
    assert message.startswith("ERROR: fungi needs an encoder")
    assert message.count("ERROR") == 1
    for name in (
        "--init_checkpoint",
        "--allow_random_encoder",
        "cl-tohoku/bert-base-japanese-v3",
        "mean nothing",
    ):
        assert name in message
    assert "Traceback" not in capsys.readouterr().err
    assert not output.exists()


def test_a_named_encoder_is_not_replaced(tmp_path):
    output = tmp_path / "output"
    named = f"--init_checkpoint={tmp_path / 'absent'}"
    message = refused(FUNGI, RANDOM, named, output_flag(output))
    assert "absent: no checkpoint found" in message
    assert not output.exists()


def test_the_hub_cannot_be_reached(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    output = tmp_path / "output"
    dataset = "--dataset=nobody/absent_fungi"
    message = refused(FUNGI, RANDOM, dataset, output_flag(output))
    assert message.startswith("ERROR: The data set nobody/absent_fungi is not")
    assert "give it with --data_dir" in message
    assert not output.exists()


def test_only_one_source_is_named(tmp_path):
    output = tmp_path / "output"
    both = ("--dataset=someone/fungi", f"--data_dir={SAMPLE}")
    message = refused(FUNGI, RANDOM, *both, output_flag(output))
    assert "Only one of --data_dir and --dataset may be given" in message
    assert not output.exists()


def missing_column(path):
    path.write_text("R3ID,sentence,lable\n1,a,b\n", encoding="utf-8")
    return "line 1", "Missing: 'label'"


def unknown_label(path):
    rows = read_sample(6)
    rows[3]["label"] = "匂い/odour"
    write_csv(path, rows)
    return "line 5", "'匂い/odour'"


def shift_jis(path):
    rows = read_sample(6)
    text = "\n".join([",".join(rows[0]), *(",".join(r.values()) for r in rows)])
    path.write_bytes(text.encode("cp932"))
    return "line 2", "UTF-8"


def open_quote(path):
    rows = read_sample(3)
    write_csv(path, rows)
    with path.open("a", encoding="utf-8") as file:
        file.write('R3-1,4,a,b,"never closed,色/color,0,x\nR3-1,5,a,b\n')
    return "line 5", "quote"


@pytest.mark.parametrize(
    "make", [missing_column, unknown_label, shift_jis, open_quote]
)
def test_bad_files_name_the_line(make, tmp_path):
    path, output = tmp_path / "fungi.csv", tmp_path / "output"
    expected = make(path)
    data = f"--data_dir={path}"
    message = refused(FUNGI, RANDOM, data, output_flag(output))
    assert message.startswith("ERROR: ")
    assert str(path) in message
    for text in expected:
        assert text in message
    assert not output.exists()
