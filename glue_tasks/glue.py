"""The tasks of the original adapter-BERT, from the GLUE benchmark.

Labels have the original's order, which is not tensorflow-datasets' for MNLI.
MNLI is evaluated and predicted on its matched (in-domain) sets.
"""

from adapter_bert.names import did_you_mean
from glue_tasks.task import SplitFormat, Task, TfdsFormat

_TFDS_SPLITS = {"train": "train", "dev": "validation", "test": "test"}

TASKS = {
    "cola": Task(
        name="cola",
        display_name="CoLA",
        labels=("0", "1"),
        splits={
            "train": SplitFormat("train.tsv", text_a=3, label=1),
            "dev": SplitFormat("dev.tsv", text_a=3, label=1),
            "test": SplitFormat("test.tsv", text_a="sentence"),
        },
        metrics=("accuracy",),
        tfds=TfdsFormat(
            name="glue/cola",
            text_a="sentence",
            text_b=None,
            labels=("unacceptable", "acceptable"),
            splits=_TFDS_SPLITS,
            downloads=("CoLA.zip",),
        ),
    ),
    "mnli": Task(
        name="mnli",
        display_name="MNLI",
        labels=("contradiction", "entailment", "neutral"),
        splits={
            "train": SplitFormat(
                "train.tsv", "sentence1", "sentence2", "gold_label"
            ),
            "dev": SplitFormat(
                "dev_matched.tsv", "sentence1", "sentence2", "gold_label"
            ),
            "test": SplitFormat("test_matched.tsv", "sentence1", "sentence2"),
        },
        metrics=("accuracy",),
        tfds=TfdsFormat(
            name="glue/mnli",
            text_a="premise",
            text_b="hypothesis",
            labels=("contradiction", "entailment", "neutral"),
            splits={
                "train": "train",
                "dev": "validation_matched",
                "test": "test_matched",
            },
            downloads=("MNLI.zip",),
        ),
    ),
    "mrpc": Task(
        name="mrpc",
        display_name="MRPC",
        labels=("0", "1"),
        splits={
            "train": SplitFormat(
                "train.tsv", "#1 String", "#2 String", "Quality"
            ),
            "dev": SplitFormat("dev.tsv", "#1 String", "#2 String", "Quality"),
            "test": SplitFormat("test.tsv", "#1 String", "#2 String"),
        },
        metrics=("accuracy", "f1"),
        tfds=TfdsFormat(
            name="glue/mrpc",
            text_a="sentence1",
            text_b="sentence2",
            labels=("not_equivalent", "equivalent"),
            splits=_TFDS_SPLITS,
            downloads=(
                "data_mrpc_dev_ids.tsv",
                "msr_paraphrase_train.txt",
                "msr_paraphrase_test.txt",
            ),
        ),
    ),
}


def get_task(name: str) -> Task:
    """Returns the task called `name`, in any letter case.

    Raises:
        ValueError: If there is none, with the nearest name.
    """
    key = name.lower()
    if key not in TASKS:
        raise ValueError(f"Unknown task {name!r}; {did_you_mean(key, TASKS)}")
    return TASKS[key]
