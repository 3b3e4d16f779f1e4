"""Mistakes in the user's own data: one message, status 1 and no file."""

import json
import re

import pytest

from adapter_bert.checkpoints.adapter_json import FORMAT, REQUIRED, VERSION
from tests.bad_runs import Run, message_of
from tests.glue_tasks.tabular.tables import write_rows
from tests.tiny_files import refused, start

ROWS = [{"text": f"a {i}", "label": "xyz"[i % 3]} for i in range(24)]


@pytest.fixture
def run(tmp_path, monkeypatch):
    from adapter_bert import network

    monkeypatch.setattr(network, "is_reachable", lambda *a, **k: False)
    run = Run(tmp_path)
    del run.flags["data_dir"]
    run.flags["task_name"] = "tabular"
    run.flags["train_file"] = write_rows(tmp_path / "mine.csv", ROWS)
    return run


def edit(run, old, new):
    """Replaces a text that the training file has, and has once."""
    path = run.flags["train_file"]
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


# === The mistakes. Each returns what the message must hold. ===


def no_file(run):
    del run.flags["train_file"]
    return "No train rows: give --train_file"


def absent_file(run):
    run.flags["train_file"] = run.folder / "absent.csv"
    return f"--train_file={run.folder}/absent.csv is not a file"


def absent_dev_file(run):
    run.flags["dev_file"] = run.folder / "absent.csv"
    return f"--dev_file={run.folder}/absent.csv is not a file"


def absent_test_file(run):
    run.flags.update(test_file=run.folder / "x.csv", do_train=True)
    return f"--test_file={run.folder}/x.csv is not a file"


def nothing_to_predict(run):
    run.flags.update(do_train=True, do_predict=True)
    return "No test rows: give --test_file"


def folder_and_training_file(run):
    run.flags["data_dir"] = run.folder
    return "not from both. Received: --train_file=.* --data_dir="


def absent_folder(run):
    del run.flags["train_file"]
    run.flags["data_dir"] = run.folder / "absent"
    return f"{run.folder}/absent is not a folder"


def two_files_for_one_split(run):
    del run.flags["train_file"]
    run.flags["data_dir"] = run.folder
    for name in ("train.csv", "train.tsv"):
        write_rows(run.folder / name, ROWS)
    return "one file of train rows. Received: train.csv and train.tsv"


def unknown_format(run):
    path = run.flags["train_file"].rename(run.folder / "mine.txt")
    run.flags["train_file"] = path
    return "mine.txt: the suffix of a table .*'.txt'; .*.tsv, .csv, .jsonl"


def absent_column(run):
    run.flags["text_a_column"] = "Texts"
    return "mine.csv, line 1: .*Missing: 'Texts' .did you mean 'text'"


def absent_label_column(run):
    run.flags["label_column"] = "stars"
    return "Missing: 'stars'. Found: 'text', 'label'.*--label_column say"


def absent_second_column(run):
    run.flags["text_b_column"] = "answer"
    return "Missing: 'answer'"


def one_column_for_two(run):
    run.flags["text_b_column"] = "text"
    return "The columns must be different ones.*text_b_column='text'"


def share_that_is_no_share(run):
    run.flags["dev_share"] = 10
    return "--dev_share=10.0: must be a number above 0 and below 1"


def unknown_type(run):
    run.flags["label_type"] = "clas"
    return "--label_type=clas: did you mean 'class'"


def labels_for_scores(run):
    run.flags["label_type"] = "score"
    return "mine.csv, line 2: column 'label': `score` must be .*score='x'"


def weights_for_scores(run):
    rows = [{"text": "a", "label": i} for i in range(24)]
    write_rows(run.flags["train_file"], rows)
    run.flags.update(label_type="score", class_weights="balanced")
    return "--class_weights is for labels. Received: a task of scores"


def one_label(run):
    rows = [{**row, "label": "x"} for row in ROWS]
    write_rows(run.flags["train_file"], rows)
    return "must hold 2 different labels or more. Received: x .24."


def no_label(run):
    edit(run, "a 7,y\n", "a 7,\n")
    return "mine.csv, line 9: column 'label': must hold a label"


def short_row(run):
    edit(run, "a 7,y\n", "a 7\n")
    return "mine.csv, line 9: must have 2 comma-separated columns"


def open_quote(run):
    edit(run, "a 7,y\n", '"a 7,y\n')
    return "mine.csv, line 9: opens a quote that is never closed"


def broken_json(run):
    path = write_rows(run.folder / "mine.jsonl", ROWS)
    text = path.read_text()
    path.write_text(text.replace('a 7"', "a 7"))
    run.flags["train_file"] = path
    return "mine.jsonl, line 8: must be one whole JSON object"


def label_that_only_the_dev_file_has(run):
    rows = [{"text": "a", "label": "x"}, {"text": "b", "label": "v"}]
    run.flags["dev_file"] = write_rows(run.folder / "dev.csv", rows)
    return "dev.csv, line 3: column 'label': unknown label 'v'"


def no_separator(run):
    run.flags.update(label_type="multi", label_separator="")
    return "--label_separator=: must not be empty"


def threshold_of_one(run):
    run.flags.update(label_type="multi", label_thresholds="x=1")
    return "must be probabilities between 0 and 1"


def thresholds_of_classes(run):
    run.flags["label_thresholds"] = "x=0.3"
    return "--label_thresholds is for --label_type=multi"


def adapter_of_another_format(run):
    folder = run.folder / "adapter"
    folder.mkdir()
    values = {"format": "peft", "labels": ["x"]}
    (folder / "adapter.json").write_text(json.dumps(values))
    run.flags.update(do_eval=True, adapter_dir=folder)
    return "adapter.json: `format` must be 'adapter_bert'. .*'peft'"


def adapter_of_a_later_release(run):
    folder = run.folder / "adapter"
    folder.mkdir()
    values = dict.fromkeys(REQUIRED, {}) | {"format": FORMAT}
    values["format_version"] = VERSION
    values["settings"] = {"data": {"tabular": {"encoding": "utf-8"}}}
    (folder / "adapter.json").write_text(json.dumps(values))
    run.flags.update(do_eval=True, adapter_dir=folder)
    return "adapter.json: Unknown field.s. of TabularConfig: encoding"


def nothing_trained(run):
    run.flags["do_eval"] = True
    return "has no adapters for mine. Train first with --do_train"


MISTAKES = [
    no_file,
    absent_file,
    absent_dev_file,
    absent_test_file,
    nothing_to_predict,
    folder_and_training_file,
    absent_folder,
    two_files_for_one_split,
    unknown_format,
    absent_column,
    absent_label_column,
    absent_second_column,
    one_column_for_two,
    share_that_is_no_share,
    unknown_type,
    labels_for_scores,
    weights_for_scores,
    one_label,
    no_label,
    short_row,
    open_quote,
    broken_json,
    label_that_only_the_dev_file_has,
    no_separator,
    threshold_of_one,
    thresholds_of_classes,
    adapter_of_another_format,
    adapter_of_a_later_release,
    nothing_trained,
]


@pytest.mark.parametrize("make", MISTAKES, ids=lambda make: make.__name__)
def test_mistake_is_named_and_nothing_written(run, capsys, make):
    expected = make(run)
    message = message_of(run, capsys)
    assert re.search(expected, message, re.DOTALL)
    assert message.startswith(("ERROR: ", "FATAL Flags parsing error"))
    assert not run.output.exists()


def test_the_command_line_is_right_but_for_the_mistake(run, monkeypatch):
    from glue_tasks.stages import loading

    def stop(*arguments):
        raise ValueError("as far as the encoder")

    monkeypatch.setattr(loading, "load_untrained", stop)
    assert "as far as the encoder" in refused(*run.arguments())


@pytest.mark.parametrize(
    "make", [absent_column, thresholds_of_classes, adapter_of_another_format]
)
def test_message_does_not_wait_for_keras(run, make):
    expected = make(run)
    done = start(run.arguments(), run.folder, "-X", "importtime")
    assert done.returncode == 1
    assert re.search(f"^ERROR: .*{expected}", done.stderr, re.MULTILINE)
    assert not re.search(r"\| +(keras|tensorflow)$", done.stderr, re.MULTILINE)
    assert not run.output.exists()
