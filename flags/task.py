"""Flags that name the task and say how its texts are read."""

from absl import flags

from adapter_bert.names import did_you_mean
from flags import rules
from glue_tasks import registry
from glue_tasks.fungi.config import NAME as FUNGI
from glue_tasks.tabular.config import NAME as TABULAR

_KNOWN = (*registry.TASKS, FUNGI, TABULAR)

flags.DEFINE_string(
    "task_name",
    None,
    f"Task to run, in upper or lower case: {', '.join(_KNOWN)}; the last is a "
    "table of your own. Required.",
)
flags.DEFINE_string(
    "data_dir",
    None,
    "Directory with the task's own files, train.*, dev.* and test.* of "
    "--task_name=tabular, or the CSV file of --task_name=fungi. Without it a "
    "GLUE task comes from tensorflow-datasets, and MRPC, where that cannot be "
    "had, from a sample bundled with this project, as fungi does; XNLI and "
    "JGLUE need it.",
)
flags.DEFINE_boolean(
    "skip_bad_rows",
    False,
    "Whether rows that cannot be read are left out, counted and listed in "
    "skipped_rows.txt, instead of ending the run. Predictions are then "
    "numbered without them, and none are written for the GLUE leaderboard.",
)
flags.DEFINE_integer(
    "max_seq_length",
    128,
    "Longest input, in WordPiece tokens with [CLS] and [SEP]. Longer texts "
    "are truncated. Without it, evaluation and prediction alone take the "
    "length that the adapter was trained with.",
    lower_bound=3,  # [CLS], [SEP] and one token of text
)
flags.DEFINE_boolean(
    "do_lower_case",
    None,
    "Whether texts are lower-cased: true for uncased checkpoints, false for "
    "cased ones. Without it the checkpoint's tokenizer_config.json decides, "
    "else the word cased or uncased in its name, else it is true.",
)


def full_name(name: str) -> str:
    """Returns the one name of a task that may be written in several ways."""
    if name.lower() in (FUNGI, TABULAR):
        return name.lower()
    return registry.get_task(name).name


def _check_task(name) -> bool:
    if name is None:
        raise flags.ValidationError(
            "a task is required, for example --task_name=MRPC. "
            f"Known: {', '.join(_KNOWN)}."
        )
    try:
        full_name(name)
    except ValueError as error:
        hint = did_you_mean(registry.task_key(name), _KNOWN)
        message = f"Unknown task {name!r}; {hint}"
        raise flags.ValidationError(message) from error
    return True


flags.register_validator("task_name", _check_task)
rules.require_text("data_dir")
