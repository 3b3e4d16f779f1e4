import math
import subprocess
import sys

import numpy as np
import pytest

from adapter_bert.metrics import METRICS
from glue_tasks.registry import TASKS, get_task
from glue_tasks.split_format import SplitFormat
from glue_tasks.task import Example, Task
from tests.glue_tasks.published import PUBLISHED

# The others have tests of their own.
GLUE = {name: TASKS[name] for name in PUBLISHED}
TEXT = {"train": SplitFormat("train.tsv", "text", None, "label")}
TAGS = Task(
    name="tags",
    display_name="tags",
    labels=("a", "b", "c"),
    splits=TEXT,
    metrics=("accuracy",),
    problem_type="multi_label_classification",
)
AGES = Task(
    name="ages",
    display_name="ages",
    labels=("score",),
    splits=TEXT,
    metrics=("spearman",),
    problem_type="regression",
)


def test_labels_have_the_originals_order_and_else_that_of_tfds():
    assert {name: task.labels for name, task in GLUE.items()} == {
        "cola": ("0", "1"),
        "sst2": ("0", "1"),
        "mrpc": ("0", "1"),
        "stsb": ("score",),
        "qqp": ("0", "1"),
        "mnli": ("contradiction", "entailment", "neutral"),
        "qnli": ("entailment", "not_entailment"),
        "rte": ("entailment", "not_entailment"),
        "wnli": ("0", "1"),
        "ax": ("contradiction", "entailment", "neutral"),
        "xnli": ("contradiction", "entailment", "neutral"),
    }


def test_leaderboards_metrics_come_first():
    metrics = {name: task.metrics for name, task in GLUE.items()}
    special = {
        "cola": ("matthews", "accuracy"),
        "mrpc": ("accuracy", "f1"),
        "qqp": ("accuracy", "f1"),
        "stsb": ("spearman", "pearson"),
    }
    assert metrics == dict.fromkeys(GLUE, ("accuracy",)) | special
    assert {name for names in metrics.values() for name in names} <= set(
        METRICS
    )


@pytest.mark.parametrize("name", GLUE)
def test_task_is_whole(name):
    task = TASKS[name]
    assert task.name == name == task.display_name.lower().replace("-", "")
    splits = list(task.splits)
    if name == "mnli":
        assert task.dev_splits == ("dev", "dev_mismatched")
        assert task.test_splits == ("test", "test_mismatched")
    else:
        assert splits == (
            ["test"] if name == "ax" else ["train", "dev", "test"]
        )
    if name == "xnli":
        assert task.tfds is None
        assert not task.submission
        assert task.splits["test"].label == "gold_label"
        return
    assert splits == list(task.tfds.splits)
    assert tuple(task.submission) == task.test_splits
    for split, layout in task.splits.items():
        assert (layout.text_b is None) == (task.tfds.text_b is None)
        assert (layout.label is None) == split.startswith("test")


def test_leaderboards_files():
    files = [
        name for task in TASKS.values() for name in task.submission.values()
    ]
    expected = (
        "CoLA.tsv SST-2.tsv MRPC.tsv STS-B.tsv QQP.tsv MNLI-m.tsv "
        "MNLI-mm.tsv QNLI.tsv RTE.tsv WNLI.tsv AX.tsv"
    )
    assert files == expected.split()


def test_only_ax_is_trained_as_another():
    trained_as = {name: task.trained_as for name, task in TASKS.items()}
    assert trained_as == dict.fromkeys(TASKS) | {"ax": "mnli"}
    assert TASKS["ax"].labels == TASKS["mnli"].labels


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("mrpc", "mrpc"),
        ("MRPC", "mrpc"),
        ("STS-B", "stsb"),
        ("sts_b", "stsb"),
        ("SST-2", "sst2"),
        ("CoLA", "cola"),
        ("MARC-ja", "marcja"),
        ("marc_ja", "marcja"),
    ],
)
def test_get_task_ignores_case_hyphens_and_underscores(name, key):
    assert get_task(name) is TASKS[key]


def test_unknown_task_names_the_nearest_and_all():
    with pytest.raises(ValueError, match="Unknown task 'MRCP'") as raised:
        get_task("MRCP")
    assert str(raised.value) == (
        "Unknown task 'MRCP'; did you mean 'mrpc'? Known: " + ", ".join(TASKS)
    )


def test_targets_of_single_labels_are_their_ids():
    examples = [Example("a", "b", "neutral"), Example("a", "b", "entailment")]
    ids = get_task("mnli").targets(examples)
    assert (ids.dtype, ids.tolist()) == ("int32", [2, 1])


@pytest.mark.parametrize("label", [None, "2", 1.0, ("1",)])
def test_targets_refuse_unlabeled_and_foreign_rows(label):
    with pytest.raises(ValueError, match="MRPC must be among 0, 1. Received"):
        get_task("mrpc").targets([Example("a", "b", label)])


def test_targets_of_several_labels_are_zeros_and_ones():
    labels = [("c", "a"), (), ("b",)]
    rows = TAGS.targets([Example("", label=label) for label in labels])
    assert rows.dtype == "float32"
    np.testing.assert_array_equal(rows, [[1, 0, 1], [0, 0, 0], [0, 1, 0]])


@pytest.mark.parametrize("label", [None, "a", ("a", "d")])
def test_targets_of_several_labels_refuse_others(label):
    with pytest.raises(ValueError, match="tags must be .*a, b, c. Received"):
        TAGS.targets([Example("", label=label)])


def test_targets_of_a_regression_are_the_scores():
    scores = [0.0, 3.8, 5]
    rows = get_task("stsb").targets(
        [Example("", "", score) for score in scores]
    )
    assert rows.dtype == "float32"
    np.testing.assert_array_equal(rows, np.array(scores, "float32"))
    rows = AGES.targets([Example("", label=score) for score in (-1e9, 1e9)])
    np.testing.assert_array_equal(rows, np.array([-1e9, 1e9], "float32"))


@pytest.mark.parametrize(
    "score", [None, "3", math.nan, math.inf, -0.1, 5.1, True]
)
def test_targets_of_a_regression_refuse_what_is_no_score(score):
    with pytest.raises(ValueError, match="^STS-B: `score` must be a finite nu"):
        get_task("stsb").targets([Example("", "", score)])


def test_columns_cannot_mix_names_and_places():
    with pytest.raises(ValueError, match="all names or all places"):
        SplitFormat("train.tsv", text_a="sentence", label=1)
    with pytest.raises(ValueError, match="all names or all places"):
        SplitFormat("dev.tsv", text_a=6, label=1, where={"language": "zh"})


def test_tasks_import_nothing_heavy():
    heavy = "tensorflow keras tensorflow_datasets sklearn numpy".split()
    code = (
        "import sys, glue_tasks.registry, glue_tasks.source; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert out.stdout.strip() == "[]"
