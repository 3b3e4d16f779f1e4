"""The tasks of the GLUE benchmark (https://gluebenchmark.com).

Labels have the original adapter-BERT's order where it has the task, which is
not tensorflow-datasets' for MNLI, and tensorflow-datasets' order elsewhere.
File names are those of the benchmark's own download.
"""

from collections.abc import Mapping

from glue_tasks.split_format import SplitFormat
from glue_tasks.task import Task, TfdsFormat

_BINARY = ("0", "1")
# The original's order. Submissions hold the names, so AX can share it.
_NLI = ("contradiction", "entailment", "neutral")
_ENTAILMENT = ("entailment", "not_entailment")
_TFDS_SPLITS = {"train": "train", "dev": "validation", "test": "test"}


def _three_files(
    text_a: str, text_b: str | None, label: str, skips_short_rows: bool = False
) -> dict[str, SplitFormat]:
    """Returns splits whose files have a header; the test's lacks the label.

    Predictions are counted by row, so no test row may be passed over.
    """
    columns = {"train": label, "dev": label, "test": None}
    return {
        split: SplitFormat(
            f"{split}.tsv",
            text_a,
            text_b,
            column,
            skips_short_rows=skips_short_rows and column is not None,
        )
        for split, column in columns.items()
    }


def _tfds(
    config: str,
    texts: tuple[str, str | None],
    labels: tuple[str, ...] | None,
    downloads: tuple[str, ...],
    splits: Mapping[str, str] = _TFDS_SPLITS,
) -> TfdsFormat:
    return TfdsFormat(f"glue/{config}", *texts, labels, splits, downloads)


COLA = Task(
    name="cola",
    display_name="CoLA",
    labels=_BINARY,
    splits={
        "train": SplitFormat("train.tsv", text_a=3, label=1),
        "dev": SplitFormat("dev.tsv", text_a=3, label=1),
        "test": SplitFormat("test.tsv", text_a="sentence"),
    },
    metrics=("matthews", "accuracy"),
    tfds=_tfds(
        "cola",
        ("sentence", None),
        ("unacceptable", "acceptable"),
        ("CoLA.zip",),
    ),
    submission={"test": "CoLA.tsv"},
)

SST2 = Task(
    name="sst2",
    display_name="SST-2",
    labels=_BINARY,
    splits=_three_files("sentence", None, "label"),
    metrics=("accuracy",),
    tfds=_tfds(
        "sst2", ("sentence", None), ("negative", "positive"), ("SST-2.zip",)
    ),
    submission={"test": "SST-2.tsv"},
)

MRPC = Task(
    name="mrpc",
    display_name="MRPC",
    labels=_BINARY,
    splits=_three_files("#1 String", "#2 String", "Quality"),
    metrics=("accuracy", "f1"),
    tfds=_tfds(
        "mrpc",
        ("sentence1", "sentence2"),
        ("not_equivalent", "equivalent"),
        (
            "data_mrpc_dev_ids.tsv",
            "msr_paraphrase_train.txt",
            "msr_paraphrase_test.txt",
        ),
    ),
    submission={"test": "MRPC.tsv"},
)

STSB = Task(
    name="stsb",
    display_name="STS-B",
    labels=("score",),
    splits=_three_files("sentence1", "sentence2", "score"),
    metrics=("spearman", "pearson"),
    tfds=_tfds("stsb", ("sentence1", "sentence2"), None, ("STS-B.zip",)),
    problem_type="regression",
    score_range=(0.0, 5.0),
    submission={"test": "STS-B.tsv"},
)

QQP = Task(
    name="qqp",
    display_name="QQP",
    labels=_BINARY,
    # Some published rows lack columns; tensorflow-datasets drops them, too.
    splits=_three_files(
        "question1", "question2", "is_duplicate", skips_short_rows=True
    ),
    metrics=("accuracy", "f1"),
    tfds=_tfds(
        "qqp",
        ("question1", "question2"),
        ("not_duplicate", "duplicate"),
        ("QQP.zip",),
    ),
    submission={"test": "QQP.tsv"},
)

MNLI = Task(
    name="mnli",
    display_name="MNLI",
    labels=_NLI,
    splits={
        split: SplitFormat(f"{file}.tsv", "sentence1", "sentence2", label)
        for split, file, label in (
            ("train", "train", "gold_label"),
            ("dev", "dev_matched", "gold_label"),
            ("dev_mismatched", "dev_mismatched", "gold_label"),
            ("test", "test_matched", None),
            ("test_mismatched", "test_mismatched", None),
        )
    },
    metrics=("accuracy",),
    tfds=_tfds(
        "mnli",
        ("premise", "hypothesis"),
        _NLI,
        ("MNLI.zip",),
        splits={
            "train": "train",
            "dev": "validation_matched",
            "dev_mismatched": "validation_mismatched",
            "test": "test_matched",
            "test_mismatched": "test_mismatched",
        },
    ),
    submission={"test": "MNLI-m.tsv", "test_mismatched": "MNLI-mm.tsv"},
)

QNLI = Task(
    name="qnli",
    display_name="QNLI",
    labels=_ENTAILMENT,
    splits=_three_files("question", "sentence", "label"),
    metrics=("accuracy",),
    tfds=_tfds("qnli", ("question", "sentence"), _ENTAILMENT, ("QNLIv2.zip",)),
    submission={"test": "QNLI.tsv"},
)

RTE = Task(
    name="rte",
    display_name="RTE",
    labels=_ENTAILMENT,
    splits=_three_files("sentence1", "sentence2", "label"),
    metrics=("accuracy",),
    tfds=_tfds("rte", ("sentence1", "sentence2"), _ENTAILMENT, ("RTE.zip",)),
    submission={"test": "RTE.tsv"},
)

WNLI = Task(
    name="wnli",
    display_name="WNLI",
    labels=_BINARY,
    splits=_three_files("sentence1", "sentence2", "label"),
    metrics=("accuracy",),
    tfds=_tfds(
        "wnli",
        ("sentence1", "sentence2"),
        ("not_entailment", "entailment"),
        ("WNLI.zip",),
    ),
    submission={"test": "WNLI.tsv"},
)

AX = Task(
    name="ax",
    display_name="AX",
    labels=_NLI,
    splits={
        "test": SplitFormat(
            "diagnostic.tsv",
            "sentence1",
            "sentence2",
            other_files=("AX.tsv",),
        )
    },
    metrics=("accuracy",),
    tfds=_tfds(
        "ax",
        ("premise", "hypothesis"),
        _NLI,
        ("tsvsWithoutLabels_AX.tsv",),
        splits={"test": "test"},
    ),
    submission={"test": "AX.tsv"},
    trained_as="mnli",
)
