import collections

import numpy as np
import pytest

from glue_tasks.bad_rows import SkippedRows
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.source import load_data
from glue_tasks.task import Example
from tests.glue_tasks.tabular.tables import write, write_rows


def make(folder, name="train.csv", labels="ab", num_rows=30):
    folder.mkdir(exist_ok=True)
    rows = [
        {"text": f"行 {i}", "label": labels[i % len(labels)]}
        for i in range(num_rows)
    ]
    return write_rows(folder / name, rows)


def error_of(config=None, *args, error=ValueError, split=None):
    with pytest.raises(error) as raised:
        load_data(config or TabularConfig(), *args).split(split)
    return str(raised.value)


def test_the_three_files_of_a_folder(tmp_path, suffix, logged):
    folder = tmp_path / "reviews"
    make(folder, f"train{suffix}", "ba", 5)
    make(folder, f"validation{suffix}", "b", 2)
    write_rows(folder / f"test{suffix}", [{"text": "x"}])
    data = load_data(TabularConfig(), folder)
    task = data.task
    assert (task.name, task.display_name) == ("tabular", "reviews")
    assert task.labels == ("a", "b")
    assert task.problem_type == "single_label_classification"
    assert task.metrics == ("accuracy", "f1_macro", "matthews")
    assert task.dev_splits == ("dev",)
    assert task.test_splits == ("test",)
    assert task.files == tuple(
        name + suffix for name in ("train", "validation", "test")
    )
    assert data.warning is None
    assert data.description.startswith(f"reviews ({folder}/train{suffix}, ")
    assert data.split("train")[:2] == [
        Example("行 0", None, "b"),
        Example("行 1", None, "a"),
    ]
    assert data.split("dev") == [
        Example("行 0", None, "b"),
        Example("行 1", None, "b"),
    ]
    assert data.split("test") == [Example("x")]
    assert task.targets(data.split("train")).tolist() == [1, 0, 1, 0, 1]
    path = folder / f"train{suffix}"
    assert logged == [f"Labels of {path}: a (2), b (3)."]


def test_named_files_and_columns(tmp_path):
    train = write(tmp_path / "mine.tsv", "q\tgold\ta\nx\tno\ty\nz\tyes\t\n")
    dev = write(tmp_path / "d.jsonl", '{"q":"1","a":"2","gold":"yes"}\n')
    config = TabularConfig(
        text_a_column="q",
        text_b_column="a",
        label_column="gold",
        train_file=str(train),
        dev_file=str(dev),
    )
    data = load_data(config)
    assert data.task.display_name == "mine"
    assert data.split("train") == [
        Example("x", "y", "no"),
        Example("z", "", "yes"),
    ]
    assert data.split("dev") == [Example("1", "2", "yes")]


def test_named_file_comes_before_the_folders(tmp_path):
    make(tmp_path / "f", "train.csv", "ab", 6)
    make(tmp_path / "f", "dev.csv", "ab", 3)
    other = make(tmp_path, "other.csv", "a", 1)
    data = load_data(TabularConfig(dev_file=str(other)), tmp_path / "f")
    assert len(data.split("dev")) == 1
    assert len(data.split("train")) == 6


def test_dev_rows_are_held_out_where_there_is_no_dev_file(tmp_path, logged):
    path = make(tmp_path, "reviews.csv", "aab", 90)
    config = TabularConfig(train_file=str(path), dev_share=0.2, seed=3)
    data = load_data(config)
    train, dev = data.split("train"), data.split("dev")
    assert data.task.dev_splits == ("dev",)
    assert not {row.text_a for row in train} & {row.text_a for row in dev}
    assert len(train) + len(dev) == 90
    assert collections.Counter(row.label for row in dev) == {"a": 12, "b": 6}
    assert logged[1:] == [
        "No dev file: 18 of the 90 training rows are held out to evaluate on "
        "(--dev_share=0.2, --split_seed=3)."
    ]
    # Evaluating later finds the same rows.
    again = load_data(config, None, {"labels": ["a", "b"]})
    assert again.split("dev") == dev


def test_training_file_is_read_once(tmp_path, monkeypatch):
    from glue_tasks.tabular import examples

    read = []
    original = examples.read_table
    monkeypatch.setattr(
        examples,
        "read_table",
        lambda path, *args: read.append(path.name) or original(path, *args),
    )
    path = write(tmp_path / "train.csv", "text,label\na,1\nb\nc,2\nd,2\n")
    skipped = SkippedRows()
    data = load_data(TabularConfig(), tmp_path, None, skipped.add)
    for split in ("train", "dev", "train", "dev"):
        data.split(split)
    assert read == ["train.csv"]
    assert len(skipped.messages) == 1
    assert skipped.messages[0].startswith(f"{path}, line 3: must have 2 comma")


def test_too_few_rows_to_hold_some_out(tmp_path):
    path = write_rows(tmp_path / "t.jsonl", [{"text": "a", "label": ["1", 2]}])
    config = TabularConfig(train_file=str(path), label_type="multi")
    assert error_of(config, split="dev").startswith(
        f"{path} cannot do without a --dev_file: There must be 2 rows or more"
    )


def test_missing_training_file(tmp_path):
    make(tmp_path, "dev.csv")
    (tmp_path / "train.txt").touch()
    message = error_of(None, tmp_path, error=FileNotFoundError)
    assert message == (
        "No train rows: give --train_file, or have a file named train with a "
        f"suffix among .tsv, .csv, .jsonl, .json, .parquet in {tmp_path}. "
        "Found there: 'dev.csv', 'train.txt'"
    )
    message = error_of(error=FileNotFoundError)
    assert message == "No train rows: give --train_file"


def test_missing_dev_and_test_files(tmp_path):
    make(tmp_path)
    message = error_of(None, tmp_path, error=FileNotFoundError, split="test")
    assert message.startswith("No test rows: give --test_file, or have a file")
    trained = {"labels": ["a", "b"]}
    data = load_data(TabularConfig(), None, trained)
    assert data.task.splits == {}
    with pytest.raises(FileNotFoundError, match="No dev rows: give --dev_file"):
        data.split("dev")


def test_named_file_that_is_missing_or_of_no_format(tmp_path):
    config = TabularConfig(train_file=str(tmp_path / "no.csv"))
    assert error_of(config, error=FileNotFoundError).startswith(
        f"--train_file={tmp_path / 'no.csv'} is not a file; expected"
    )
    train = make(tmp_path)
    config = TabularConfig(train_file=str(train), test_file="rows.xlsx")
    assert error_of(config).startswith("rows.xlsx: the suffix of a table must")


def test_folder_that_is_none(tmp_path):
    message = error_of(None, tmp_path / "no", error=FileNotFoundError)
    assert message.startswith(f"{tmp_path / 'no'} is not a folder; expected")


def test_two_candidates(tmp_path):
    make(tmp_path)
    make(tmp_path, "valid.jsonl")
    make(tmp_path, "dev.csv")
    assert error_of(None, tmp_path) == (
        f"{tmp_path} must have one file of dev rows. Received: dev.csv and "
        "valid.jsonl. Name the one to use with --dev_file."
    )


def test_label_that_training_did_not_know(tmp_path):
    make(tmp_path)
    path = write(tmp_path / "dev.csv", "text,label\nx,a\ny,c\nz,b\n")
    expected = f"{path}, line 3: column 'label': unknown label 'c'; known: a, b"
    assert error_of(None, tmp_path, split="dev") == expected
    skipped = SkippedRows()
    data = load_data(TabularConfig(), tmp_path, None, skipped.add)
    assert [row.text_a for row in data.split("dev")] == ["x", "z"]
    assert skipped.messages == [expected]


def test_trained_labels_keep_their_order(tmp_path, logged):
    make(tmp_path, "dev.csv")
    trained = {
        "labels": ["b", "z", "a"],
        "problem_type": "single_label_classification",
        "display_name": "reviews",
    }
    data = load_data(TabularConfig(), tmp_path, trained)
    assert data.task.labels == ("b", "z", "a")
    assert data.task.display_name == "reviews"
    assert data.task.targets(data.split("dev")[:2]).tolist() == [2, 0]
    assert data.task.dev_splits == ("dev",)
    assert logged == []


def test_trained_for_another_type_of_problem(tmp_path):
    make(tmp_path, "dev.csv")
    trained = {"labels": ["score"], "problem_type": "regression"}
    assert error_of(None, tmp_path, trained) == (
        "--label_type must be that of the training, which was regression. "
        "Received: --label_type=class"
    )


@pytest.mark.parametrize("cell", ["", " "])
@pytest.mark.parametrize("label_type", ["class", "score"])
def test_empty_label(tmp_path, cell, label_type):
    path = write(tmp_path / "train.csv", f"text,label\na,1\nb,{cell}\n")
    config = TabularConfig(label_type=label_type)
    message = error_of(config, tmp_path)
    assert message.startswith(f"{path}, line 3: column 'label': ")


def test_one_class_is_none(tmp_path):
    path = make(tmp_path, labels="a")
    assert error_of(None, tmp_path) == (
        f"{path}: column 'label' must hold 2 different labels or more. "
        "Received: a (30)"
    )
    write(path, "text,label\na,\n")
    assert error_of(TabularConfig(label_type="multi"), tmp_path).endswith(
        "Received: none"
    )


def test_many_numbers_bring_a_hint(tmp_path, logged):
    rows = [{"text": "a", "label": i / 8} for i in range(30)]
    write_rows(tmp_path / "train.jsonl", rows)
    data = load_data(TabularConfig(), tmp_path)
    assert len(data.task.labels) == 30
    assert logged[0].endswith("and 10 more.")
    assert "--label_type=score" in logged[1]


def test_json_numbers_and_truth_values_are_classes(tmp_path):
    rows = [{"text": "a", "label": v} for v in (10, 9.0, "9", 2)]
    write_rows(tmp_path / "train.jsonl", rows)
    write(tmp_path / "dev.csv", "text,label\nx,9\n")
    data = load_data(TabularConfig(), tmp_path)
    assert data.task.labels == ("2", "9", "10")
    assert data.split("dev")[0].label == "9"
    rows = [{"text": "a", "label": v} for v in (True, False)]
    write_rows(tmp_path / "train.jsonl", rows)
    assert load_data(TabularConfig(), tmp_path).task.labels == (
        "false",
        "true",
    )


def test_scores(tmp_path, suffix, logged):
    rows = [{"text": "a", "label": v} for v in (0.25, 5.0, -1.5)]
    path = write_rows(tmp_path / f"train{suffix}", rows)
    config = TabularConfig(label_type="score", dev_share=0.3)
    data = load_data(config, tmp_path)
    assert data.task.labels == ("score",)
    assert data.task.problem_type == "regression"
    assert data.task.metrics == ("spearman", "pearson")
    assert logged == [f"Scores of {path}: 3, from -1.5 to 5."]
    rows = [*data.split("train"), *data.split("dev")]
    assert sorted(row.label for row in rows) == [-1.5, 0.25, 5.0]
    assert data.task.targets(rows).dtype == np.float32


def test_scores_that_are_none(tmp_path):
    path = write(tmp_path / "train.csv", "text,label\na,1\nb,high\n")
    config = TabularConfig(label_type="score")
    assert error_of(config, tmp_path) == (
        f"{path}, line 3: column 'label': `score` must be a finite number. "
        "Received: score='high'"
    )


def test_several_labels_as_strings_and_as_lists(tmp_path):
    config = TabularConfig(label_type="multi", label_separator="|")
    write(tmp_path / "train.csv", "text,label\na,x|y\nb,\nc,z | x\n")
    write(
        tmp_path / "dev.jsonl",
        '{"text":"","label":["y"]}\n{"text":"","label":"z|y"}\n'
        '{"text":"","label":[]}\n',
    )
    data = load_data(config, tmp_path)
    assert data.task.labels == ("x", "y", "z")
    assert data.task.problem_type == "multi_label_classification"
    assert data.task.metrics == ("f1_micro", "f1_macro", "accuracy")
    labels = [row.label for row in data.split("train")]
    assert labels == [("x", "y"), (), ("z", "x")]
    targets = data.task.targets(data.split("dev")).tolist()
    assert targets == [[0, 1, 0], [0, 1, 1], [0, 0, 0]]


def test_lists_in_parquet(tmp_path):
    labels = [["x"], [], ["y", "x"], None]
    rows = [{"text": "a", "label": v} for v in labels]
    write_rows(tmp_path / "train.parquet", rows)
    write_rows(tmp_path / "dev.parquet", rows[:1])
    data = load_data(TabularConfig(label_type="multi"), tmp_path)
    found = [row.label for row in data.split("train")]
    assert found == [("x",), (), ("y", "x"), ()]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"label": 1, "text": null}', "column 'text' must hold a text, if"),
        ('{"label": 1, "text": 5}', "an empty one. Received: 5"),
        ('{"label": 1}', "has no column 'text', which other rows have"),
        ('{"text": "a"}', "has no column 'label', which other rows have"),
        ('{"label": 1, "text": "\\udc41"}', "half of one, \\udc41"),
        ('{"label": [1], "text": ""}', "column 'label': must hold one label"),
    ],
)
def test_rows_that_lack_something(tmp_path, line, problem):
    path = write(
        tmp_path / "train.jsonl",
        '{"text": "", "label": 1}\n' + line + '\n{"text": "b", "label": 2}\n',
    )
    message = error_of(None, tmp_path)
    assert message.startswith(f"{path}, line 2: ")
    assert problem in message
    skipped = SkippedRows()
    config = TabularConfig(dev_file=str(path))
    data = load_data(config, tmp_path, None, skipped.add)
    assert [row.text_a for row in data.split("train")] == ["", "b"]
    assert skipped.messages == [message]


def test_missing_text_in_parquet(tmp_path):
    rows = [{"text": "a", "label": "1"}, {"text": None, "label": "2"}]
    path = write_rows(tmp_path / "train.parquet", rows)
    assert error_of(None, tmp_path) == (
        f"{path}, row 2: column 'text' must hold a text, if only an empty "
        "one. Received: null"
    )


def test_label_column_may_be_absent_from_the_test_file_only(tmp_path):
    make(tmp_path)
    path = write(tmp_path / "dev.csv", "text,labels\na,b\n")
    message = error_of(None, tmp_path, split="dev")
    assert message.startswith(f"{path}, line 1: must have the columns 'text',")
    assert "'label' (did you mean 'labels'?)" in message
