"""Flags that choose the stages of a run and where its files go."""

from absl import flags

from flags import lists, rules

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
    "Whether to write predictions for the test set, or for --predict_file. "
    "Default: true if no --do_... flag but --predict_file is given, else "
    "false.",
)
flags.DEFINE_string(
    "predict_file",
    None,
    "Rows to predict instead of the test set: TSV, CSV, JSON Lines or Parquet, "
    "told by the suffix. The same rows come back in --output_dir as "
    "NAME.predictions.SUFFIX, with a column prediction and a probability for "
    "each label.",
)
flags.DEFINE_string(
    "adapter_dir",
    None,
    "Directory of the trained adapter to evaluate or predict with. Results go "
    "to --output_dir, which must not hold another adapter. Default: "
    "--output_dir.",
)
flags.DEFINE_string(
    "ablate_adapters",
    None,
    "Blocks, such as 0-4, whose adapters are left out of an evaluation, "
    "without training anew. Its results go into a folder of their own in "
    "--output_dir.",
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
rules.require_text("output_dir", "predict_file", "adapter_dir")
rules.require_form("ablate_adapters", lists.parse_layers)
