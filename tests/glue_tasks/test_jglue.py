"""JGLUE in miniature: the published layouts, the texts made up."""

import json

import numpy as np
import pytest

from adapter_bert.metrics import METRICS
from glue_tasks.readers import read_split
from glue_tasks.registry import TASKS, get_task
from glue_tasks.task import Example

NAMES = ("jsts", "jnli", "jcola", "jcommonsenseqa", "marcja")


def _pairs(labels):
    """Rows of JSTS or JNLI, their keys in the published order."""
    texts = [
        ("猫が寝ている。", "猫は\u2028起きない。"),
        ('"犬"が\t走る。', "犬が\\歩く。"),
        ("", "空です。"),
    ]
    return [
        {
            "sentence_pair_id": str(i),
            "yjcaptions_id": f"10_{i}-1-2",
            "sentence1": text_a,
            "sentence2": text_b,
            "label": label,
        }
        for i, ((text_a, text_b), label) in enumerate(
            zip(texts, labels, strict=True)
        )
    ]


def _acceptability():
    return [
        {
            "uid": 7,
            "source": "Kuno_1973",
            "label": label,
            "diacritic": "g" if label else "*",
            "sentence": text,
            "original": text,
        }
        for text, label in [("犬が走る。", 1), ("犬に走る。", 0), ("雨。", 1)]
    ]


def _questions():
    return [
        {
            "q_id": i,
            "question": question,
            **{f"choice{j}": f"{question}{j}" for j in range(5)},
            "label": label,
        }
        for i, (question, label) in enumerate([("海", 4), ("山", 0), ("川", 2)])
    ]


def _reviews():
    return [
        {"sentence": text, "label": label, "review_id": f"R{text}"}
        for text, label in [
            ("良い", "positive"),
            ("悪い", "negative"),
            ("最高", "positive"),
        ]
    ]


ROWS = {
    "jsts": _pairs([0.0, 3.8, 5]),
    "jnli": _pairs(["neutral", "entailment", "contradiction"]),
    "jcola": _acceptability(),
    "jcommonsenseqa": _questions(),
    "marcja": _reviews(),
}
TARGETS = {
    "jsts": [0.0, 3.8, 5.0],
    "jnli": [2, 0, 1],
    "jcola": [1, 0, 1],
    "jcommonsenseqa": [0, 0, 0, 0, 1] + [1, 0, 0, 0, 0] + [0, 0, 1, 0, 0],
    "marcja": [0, 1, 0],
}


def write(path, rows):
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


def write_tsv(path, rows):
    cells = [rows[0], *(row.values() for row in rows)]
    lines = ["\t".join(map(str, row)) + "\n" for row in cells]
    path.write_bytes("".join(lines).encode())


def expected(name):
    if name == "jcommonsenseqa":
        return [
            Example(row["question"], row[f"choice{i}"], str(int(is_right)))
            for row in ROWS[name]
            for i in range(5)
            for is_right in [i == row["label"]]
        ]
    is_score = name == "jsts"
    return [
        Example(
            row.get("sentence", row.get("sentence1")),
            row.get("sentence2"),
            float(row["label"]) if is_score else str(row["label"]),
        )
        for row in ROWS[name]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_split_is_read_from_the_published_files(name, tmp_path):
    task = TASKS[name]
    for layout in task.splits.values():
        write(tmp_path / layout.file, ROWS[name])
    for split, layout in task.splits.items():
        rows = expected(name)
        if layout.label is None:
            rows = [Example(row.text_a, row.text_b) for row in rows]
        assert read_split(task, tmp_path, split) == rows


@pytest.mark.parametrize("name", NAMES)
def test_targets(name, tmp_path):
    task = TASKS[name]
    write(tmp_path / task.splits["train"].file, ROWS[name])
    targets = task.targets(read_split(task, tmp_path, "train"))
    assert targets.dtype == ("float32" if name == "jsts" else "int32")
    np.testing.assert_array_equal(
        targets, np.array(TARGETS[name], targets.dtype)
    )


def test_splits_are_those_published():
    splits = {name: tuple(TASKS[name].splits) for name in NAMES}
    special = {"jcola": ("train", "dev", "dev_out_of_domain")}
    usual = dict.fromkeys(NAMES, ("train", "dev", "test"))
    assert splits == usual | special
    assert TASKS["jcola"].dev_splits == ("dev", "dev_out_of_domain")
    unlabeled = {
        (name, split)
        for name in NAMES
        for split, layout in TASKS[name].splits.items()
        if layout.label is None
    }
    assert unlabeled == {("marcja", "test")}


def test_tasks_are_whole():
    assert {name: TASKS[name].metrics for name in NAMES} == {
        "jsts": ("pearson", "spearman"),
        "jnli": ("accuracy",),
        "jcola": ("matthews", "accuracy"),
        "jcommonsenseqa": ("accuracy",),
        "marcja": ("accuracy",),
    }
    for name in NAMES:
        assert get_task(TASKS[name].display_name).name == name
        assert set(TASKS[name].metrics) <= set(METRICS)
        assert TASKS[name].tfds is None
        assert not TASKS[name].submission


def test_only_jcommonsenseqa_has_choices():
    choices = {name: task.num_choices for name, task in TASKS.items()}
    assert choices == dict.fromkeys(TASKS) | {"jcommonsenseqa": 5}


def test_older_versions_are_read_and_the_newest_first(tmp_path):
    task, rows = TASKS["jsts"], ROWS["jsts"]
    for i, version in enumerate(("v1.0", "v1.1", "v1.2")):
        write(tmp_path / f"train-{version}.json", rows[i:])
        assert len(read_split(task, tmp_path, "train")) == 3 - i


def test_acceptability_is_read_from_its_tsv_files_too(tmp_path):
    task = TASKS["jcola"]
    write_tsv(tmp_path / "in_domain_train-v1.0.tsv", ROWS["jcola"])
    assert read_split(task, tmp_path, "train") == expected("jcola")
    write(tmp_path / "in_domain_valid-v1.0.jsonl", ROWS["jcola"])
    assert read_split(task, tmp_path, "dev") == expected("jcola")


def test_test_set_of_reviews_needs_no_labels(tmp_path):
    task = TASKS["marcja"]
    rows = [{"sentence": "良い", "review_id": "R1"}]
    write(tmp_path / "test-v1.3.json", rows)
    assert read_split(task, tmp_path, "test") == [Example("良い")]


def test_missing_file_names_every_version_and_the_folder_below(tmp_path):
    folder = tmp_path / "marc_ja-v1.1"
    folder.mkdir()
    write(folder / "train-v1.1.json", ROWS["marcja"])
    other = tmp_path / "jnli-v1.1"
    other.mkdir()
    write(other / "train-v1.1.json", ROWS["jnli"])
    with pytest.raises(FileNotFoundError) as raised:
        read_split(TASKS["marcja"], tmp_path, "train")
    assert str(raised.value) == (
        "MARC-ja needs train-v1.3.json or train-v1.2.json or train-v1.1.json "
        f"or train-v1.0.json, which is not in {tmp_path}. Did you mean "
        f"{folder}? Found there: jnli-v1.1, marc_ja-v1.1"
    )


def test_real_jsts(shared):
    task, folder = TASKS["jsts"], shared / "data" / "ja" / "jsts-v1.3"
    train, dev = (read_split(task, folder, name) for name in ("train", "dev"))
    assert (len(train), len(dev)) == (12_451, 1_457)
    assert train[1] == Example(
        "二人の男性がジャンボジェット機を見ています。",
        "2人の男性が、白い飛行機を眺めています。",
        3.8,
    )
    for rows in (train, dev):
        scores = task.targets(rows)
        assert scores.dtype == "float32"
        assert (scores.min(), scores.max()) == (0, 5)
