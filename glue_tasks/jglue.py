"""The tasks of JGLUE on texts and pairs (https://github.com/yahoojapan/JGLUE).

JCoLA, which belongs to it, has a home of its own:
https://github.com/osekilab/JCoLA. MARC-ja is no longer distributed; whoever
made it with JGLUE's script has its files.

Labels have the order in which JGLUE's pages name them. File names have the
data's version in them; the newest one in a folder is read. Of JSTS, JNLI and
JCommonsenseQA, test sets are there from version 1.2 on, with labels.
"""

import dataclasses

from glue_tasks.split_format import SplitFormat
from glue_tasks.task import Task

# What Japanese tasks take where no encoder is named.
JAPANESE_ENCODER = "cl-tohoku/bert-base-japanese-v3"

_VERSIONS = ("v1.3", "v1.2", "v1.1", "v1.0")
_FILES = {"train": "train", "dev": "valid", "test": "test"}
_CHOICES = tuple(f"choice{i}" for i in range(5))


def _three_files(
    text_a: str, text_b: str | None = None, choices: tuple[str, ...] = ()
) -> dict[str, SplitFormat]:
    """Returns the splits of a task, every one of them labeled."""
    return {
        split: SplitFormat(
            f"{name}-{_VERSIONS[0]}.json",
            text_a,
            text_b,
            "label",
            other_files=tuple(f"{name}-{v}.json" for v in _VERSIONS[1:]),
            choices=choices,
        )
        for split, name in _FILES.items()
    }


def _jcola(part: str) -> SplitFormat:
    return SplitFormat(
        f"{part}-v1.0.json",
        "sentence",
        label="label",
        other_files=(f"{part}-v1.0.jsonl", f"{part}-v1.0.tsv"),
    )


JSTS = Task(
    name="jsts",
    display_name="JSTS",
    labels=("score",),
    splits=_three_files("sentence1", "sentence2"),
    # JGLUE gives both, in this order.
    metrics=("pearson", "spearman"),
    default_checkpoint=JAPANESE_ENCODER,
    problem_type="regression",
    score_range=(0.0, 5.0),
)

JNLI = Task(
    name="jnli",
    display_name="JNLI",
    labels=("entailment", "contradiction", "neutral"),
    splits=_three_files("sentence1", "sentence2"),
    metrics=("accuracy",),
    default_checkpoint=JAPANESE_ENCODER,
)

JCOLA = Task(
    name="jcola",
    display_name="JCoLA",
    labels=("0", "1"),
    splits={
        "train": _jcola("in_domain_train"),
        "dev": _jcola("in_domain_valid"),
        "dev_out_of_domain": _jcola("out_of_domain_valid"),
    },
    # CoLA's; the authors give both.
    metrics=("matthews", "accuracy"),
    default_checkpoint=JAPANESE_ENCODER,
)

JCOMMONSENSEQA = Task(
    name="jcommonsenseqa",
    display_name="JCommonsenseQA",
    labels=("0", "1"),
    splits=_three_files("question", choices=_CHOICES),
    metrics=("accuracy",),
    default_checkpoint=JAPANESE_ENCODER,
)

_MARC_JA_FILES = _three_files("sentence")

MARC_JA = Task(
    name="marcja",
    display_name="MARC-ja",
    labels=("positive", "negative"),
    # JGLUE's script takes the labels out of the test set.
    splits={
        **_MARC_JA_FILES,
        "test": dataclasses.replace(_MARC_JA_FILES["test"], label=None),
    },
    metrics=("accuracy",),
    default_checkpoint=JAPANESE_ENCODER,
)
