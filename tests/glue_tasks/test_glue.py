import subprocess
import sys

import pytest

from adapter_bert.metrics import METRICS
from glue_tasks.glue import TASKS, get_task
from glue_tasks.task import Example, SplitFormat


def test_the_originals_three_tasks_with_its_label_order():
    assert {name: task.labels for name, task in TASKS.items()} == {
        "cola": ("0", "1"),
        "mnli": ("contradiction", "entailment", "neutral"),
        "mrpc": ("0", "1"),
    }


@pytest.mark.parametrize("name", TASKS)
def test_task_is_whole(name):
    task = TASKS[name]
    assert task.name == name == task.display_name.lower()
    assert (
        list(task.splits) == ["train", "dev", "test"] == list(task.tfds.splits)
    )
    assert set(task.metrics) <= set(METRICS)
    assert len(task.tfds.labels) == len(task.labels)
    for layout in task.splits.values():
        assert (layout.text_b is None) == (task.tfds.text_b is None)
        assert (layout.label is None) == layout.file.startswith("test")


@pytest.mark.parametrize("name", ["mrpc", "MRPC", "Mrpc"])
def test_get_task_ignores_case(name):
    assert get_task(name) is TASKS["mrpc"]


def test_unknown_task_names_the_nearest_and_all():
    with pytest.raises(ValueError, match="Unknown task 'MRCP'") as raised:
        get_task("MRCP")
    assert str(raised.value) == (
        "Unknown task 'MRCP'; did you mean 'mrpc'? Known: cola, mnli, mrpc"
    )


def test_label_ids_follow_the_labels_order():
    examples = [Example("a", "b", "neutral"), Example("a", "b", "entailment")]
    assert get_task("mnli").label_ids(examples) == [2, 1]


@pytest.mark.parametrize("label", [None, "2"])
def test_label_ids_refuse_unlabeled_and_foreign_rows(label):
    with pytest.raises(ValueError, match="MRPC must be among 0, 1. Received"):
        get_task("mrpc").label_ids([Example("a", "b", label)])


def test_columns_cannot_mix_names_and_places():
    with pytest.raises(ValueError, match="all names or all places"):
        SplitFormat("train.tsv", text_a="sentence", label=1)


def test_tasks_import_nothing_heavy():
    heavy = "tensorflow keras tensorflow_datasets sklearn numpy".split()
    code = (
        "import sys, glue_tasks.glue; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert out.stdout.strip() == "[]"
