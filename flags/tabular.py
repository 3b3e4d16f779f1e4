"""Flags for the user's own data, --task_name=tabular, and for --predict_file.

Nothing given means: as the adapter in use was trained, else as each flag says.
"""

from absl import flags

from flags import lists, rules
from glue_tasks.tabular.config import BEST

TEXT_COLUMNS = ("text_a_column", "text_b_column")
COLUMNS = (*TEXT_COLUMNS, "label_column", "label_type", "label_separator")
FILES = ("train_file", "dev_file", "test_file")
SPLIT = ("dev_share", "split_seed")  # of the training rows
_FORMATS = "TSV, CSV, JSON Lines or Parquet, told by the suffix"

flags.DEFINE_string(
    "train_file",
    None,
    f"Training rows of --task_name=tabular: {_FORMATS}. Instead of the three "
    "files, --data_dir may name a folder with train.*, dev.* and test.*.",
)
flags.DEFINE_string(
    "dev_file",
    None,
    "Rows to evaluate on, with labels. Without it a share of the training "
    "rows is set aside for that, chosen by --split_seed.",
)
flags.DEFINE_string(
    "test_file",
    None,
    "Rows to predict with --do_predict; needs no labels.",
)
flags.DEFINE_float(
    "dev_share",
    None,
    "Share of the training rows that is set aside where there is no dev file, "
    "the same share of each class. Default: 0.1.",
)
flags.DEFINE_integer(
    "split_seed",
    None,
    "Decides which training rows are set aside. Runs that differ in --seed "
    "alone share their dev rows. Default: 1.",
    lower_bound=0,
    upper_bound=2**31 - 1,
)
flags.DEFINE_string(
    "text_a_column",
    None,
    "Column of the text, or of the first of two. Default: text; for "
    "--predict_file with another task, that of the task's own files.",
)
flags.DEFINE_string(
    "text_b_column",
    None,
    "Column of the second text. Default: texts are single.",
)
flags.DEFINE_string(
    "label_column",
    None,
    "Column of the label or score. Default: label.",
)
flags.DEFINE_string(
    "label_type",
    None,
    "What the label column holds: class, one label a row; multi, any number "
    "of labels a row; score, a number. Default: class.",
)
flags.DEFINE_string(
    "label_separator",
    None,
    "What stands between the labels of a row with --label_type=multi; JSON "
    "Lines and Parquet may hold lists instead. Default: a comma.",
)
flags.DEFINE_string(
    "label_thresholds",
    None,
    "Probability from which on a label is predicted, with --label_type=multi: "
    "one number for all, label=number,... or best, which takes each label's "
    "threshold with the best F1 on the dev set. A run that trains or "
    "evaluates keeps them with the adapter, if that lies in --output_dir. "
    "Default: 0.5, or the adapter's.",
)


def parse_thresholds(text: str) -> str | float | dict[str, float]:
    """Returns `best`, one probability for all labels, or some by label.

    Raises:
        ValueError: If `text` is none of these, or not between 0 and 1.
    """
    if text == BEST:
        return text
    if "=" in text:
        thresholds = lists.parse_named_numbers(text)
        values = thresholds.values()
    else:
        thresholds = _number(text)
        values = (thresholds,)
    if not all(0 < value < 1 for value in values):
        raise ValueError(
            f"must be probabilities between 0 and 1. Received: {text!r}"
        )
    return thresholds


def _number(text):
    try:
        return float(text)
    except ValueError:
        raise ValueError(
            f"must be a number, label=number,... or {BEST}. Received: {text!r}"
        ) from None


rules.require_form("label_thresholds", parse_thresholds)
flags.register_validator(
    "dev_share",
    lambda value: value is None or 0 < value < 1,
    message="must be a number above 0 and below 1.",
)
rules.require_text(*FILES, *COLUMNS)
rules.require_choice("label_type", ("class", "multi", "score"))
