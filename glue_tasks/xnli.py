"""XNLI, in the one language that the original BERT script had.

Training rows are MultiNLI in translation, in a file of the language's own.
The files to evaluate and predict on hold every language; both are labeled.
"""

from glue_tasks.split_format import SplitFormat
from glue_tasks.task import Task

_LANGUAGE = "zh"


def _every_language(file: str) -> SplitFormat:
    return SplitFormat(
        file,
        "sentence1",
        "sentence2",
        "gold_label",
        where={"language": _LANGUAGE},
    )


XNLI = Task(
    name="xnli",
    display_name="XNLI",
    labels=("contradiction", "entailment", "neutral"),
    splits={
        "train": SplitFormat(
            f"multinli/multinli.train.{_LANGUAGE}.tsv",
            "premise",
            "hypo",
            "label",
            label_aliases={"contradictory": "contradiction"},
        ),
        "dev": _every_language("xnli.dev.tsv"),
        "test": _every_language("xnli.test.tsv"),
    },
    metrics=("accuracy",),
    default_checkpoint="google-bert/bert-base-multilingual-cased",
)
