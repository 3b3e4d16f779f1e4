"""Flags that contradict each other, or that have no effect."""

from collections.abc import Mapping, Sequence

from absl import flags

from flags import fungi, tabular, task, tpu

_ONLY_WITH = {
    "use_tpu": tpu.ONLY_WITH_TPU,
    "do_train": (
        "train_batch_size",
        "learning_rate",
        "num_train_epochs",
        "warmup_proportion",
        "save_checkpoints_steps",
        "iterations_per_loop",
        "seed",
        "overwrite_output_dir",
        "evaluate_every",
        "keep_checkpoint",
        "early_stopping_patience",
        "class_weights",
        *tabular.SPLIT,
        "fungi_text",
        "fungi_target",
        "split",
        "allow_random_encoder",
    ),
    "do_predict": ("predict_batch_size", "predict_file", "test_file"),
}
_ONLY_WITH_ADAPTERS = (
    "adapter_recipe",
    "adapter_size",
    "adapter_reduction_factor",
    "adapter_init_scale",
    "adapter_activation",
    "adapter_layers",
    "train_layer_norms",
)
# What decides the adapters' shape, and what trains.
SHAPING = ("tune", "tune_top_k", *_ONLY_WITH_ADAPTERS, "train_pooler")
_ONLY_WITHOUT_TRAINING = {
    "adapter_dir": "Training writes its adapter to --output_dir.",
    "ablate_adapters": "Train first, then evaluate with --do_eval.",
}


def refuse_arguments(arguments: Sequence[str]) -> None:
    """Raises ValueError if there are arguments that are no flags."""
    # To absl `--do_train false` is true, with a loose argument behind it.
    if arguments:
        raise ValueError(
            "Every argument must be a flag in the form --name=value, booleans "
            f"too (--do_train=true). Received: {' '.join(arguments)}"
        )


def refuse_contradictions(
    values: flags.FlagValues, stages: Mapping[str, bool]
) -> None:
    """Raises ValueError if two flags cannot both be meant.

    Args:
        values: The parsed flags.
        stages: Which of `do_train`, `do_eval`, `do_predict` run.
    """
    if stages["do_train"]:
        for name, advice in _ONLY_WITHOUT_TRAINING.items():
            if values[name].value is not None:
                raise ValueError(
                    f"--{name}={values[name].value} cannot go with training. "
                    f"{advice}"
                )
        _refuse_checkpoint_files_alone(values)
    name = task.full_name(values.task_name)
    _refuse_flags_of(task.TABULAR, name, _of_tables(values, name), values)
    _refuse_flags_of(task.FUNGI, name, fungi.NAMES, values)
    if values.dataset is not None and values.data_dir is not None:
        raise ValueError(
            "Only one of --data_dir and --dataset may be given. Received: "
            f"--data_dir={values.data_dir} --dataset={values.dataset}"
        )
    if values.train_file is not None and values.data_dir is not None:
        raise ValueError(
            "Training rows come from --train_file or from the train.* of "
            "--data_dir, not from both. Received: --train_file="
            f"{values.train_file} --data_dir={values.data_dir}"
        )


def notes_on(
    values: flags.FlagValues, stages: Mapping[str, bool]
) -> tuple[str, ...]:
    """Returns one sentence for each kind of given flags without effect."""
    notes, named = [], set()
    idle = _idle_without(values, stages) | _idle_beside(values, stages)
    for condition, names in idle.items():
        given = [n for n in names if values[n].present and n not in named]
        if given:
            verb = "has" if len(given) == 1 else "have"
            flags_given = ", ".join(f"--{name}" for name in given)
            notes.append(f"{flags_given} {verb} no effect {condition}.")
            named.update(given)
    return tuple(notes)


def _idle_without(values, stages):
    """Returns flags that need another one, by words that name it."""
    idle = {
        f"without --{condition}": names
        for condition, names in _ONLY_WITH.items()
        if not stages.get(condition)
    }
    # An evaluation can take place in training, too.
    if not stages["do_eval"] and values.evaluate_every is None:
        idle["without --do_eval"] = ("eval_batch_size",)
    if values.tune not in (None, "adapters"):
        idle["without --tune=adapters"] = _ONLY_WITH_ADAPTERS
    # A trained adapter knows its own type.
    label_type = values.label_type or ("class" if stages["do_train"] else None)
    if label_type not in (None, "multi"):
        idle["without --label_type=multi"] = ("label_separator",)
    return idle


def _idle_beside(values, stages):
    """Returns flags that another one leaves no room for, likewise."""
    idle = {}
    if values.tune in ("full", "top_k"):
        idle[f"with --tune={values.tune}, where the pooler trains"] = (
            "train_pooler",
        )
    if values.evaluate_every is not None and values.keep_checkpoint != "last":
        idle["where the best weights are kept"] = ("save_checkpoints_steps",)
    if values.init_checkpoint is not None:
        idle["beside --init_checkpoint"] = ("allow_random_encoder",)
    if values.dev_file is not None:
        idle["beside --dev_file"] = tabular.SPLIT
    if values.predict_file is not None and stages["do_predict"]:
        reads_data = stages["do_train"] or stages["do_eval"]
        others = ("test_file",) if reads_data else ("test_file", "data_dir")
        idle["beside --predict_file"] = others
    return idle


def _refuse_checkpoint_files_alone(values):
    files = ["bert_config_file", "vocab_file"]
    if values.allow_random_encoder:
        # A random encoder has a shape of its own, but may be told its words.
        files.remove("vocab_file")
    given = [f"--{n}={values[n].value}" for n in files if values[n].value]
    if given and not values.init_checkpoint:
        raise ValueError(
            "--init_checkpoint must be given together with the files that "
            f"belong to it. Received: {' '.join(given)}"
        )


def _of_tables(values, name):
    """Returns flags that only the user's own tables know."""
    names = [*tabular.FILES, "dev_share", *tabular.COLUMNS, "label_thresholds"]
    if name != task.FUNGI:
        names.append("split_seed")
        if values.predict_file is not None:
            names = [n for n in names if n not in tabular.TEXT_COLUMNS]
    return names


def _refuse_flags_of(owner, name, names, values):
    given = [f"--{n}" for n in names if values[n].value is not None]
    if given and name != owner:
        raise ValueError(
            f"{', '.join(given)}: only for --task_name={owner}. "
            f"Received: --task_name={values.task_name}"
        )
