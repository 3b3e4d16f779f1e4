"""Flags that choose the stages of a run and where its files go."""

from absl import flags

from flags import rules

STAGES = ("do_train", "do_eval", "do_predict")

flags.DEFINE_boolean(
    "do_train",
    None,
    "Whether to train on the task's training set. Default: true if no "
    "--do_... flag is given, else false.",
)
flags.DEFINE_boolean(
    "do_eval",
    None,
    "Whether to evaluate on the dev set. Default: true if no --do_... flag "
    "is given, else false.",
)
flags.DEFINE_boolean(
    "do_predict",
    None,
    "Whether to write predictions for the test set. Default: false.",
)
flags.DEFINE_string(
    "output_dir",
    None,
    "Directory for the trained adapter and the result files, made if absent. "
    "Default: output/ and the task's name in lower case.",
)
flags.DEFINE_boolean(
    "overwrite_output_dir",
    False,
    "Whether training may replace an adapter that --output_dir already holds. "
    "The old one and its results last until the new one is written; the "
    "training history is replaced at once.",
)
flags.DEFINE_integer(
    "eval_batch_size",
    8,
    "Examples per evaluation step, over all devices.",
    lower_bound=1,
)
flags.DEFINE_integer(
    "predict_batch_size",
    8,
    "Examples per prediction step, over all devices.",
    lower_bound=1,
)


def _check_stages(values) -> bool:
    # None given at all means that the defaults apply.
    return any(values.values()) or set(values.values()) == {None}


flags.register_multi_flags_validator(
    STAGES,
    _check_stages,
    message="At least one of `do_train`, `do_eval` or `do_predict` must be "
    "True.",
)
rules.require_text("output_dir")
