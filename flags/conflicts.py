"""Flags that contradict each other, or that have no effect."""

from collections.abc import Mapping, Sequence

from absl import flags

from flags import tabular, task, tpu

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
    ),
    "do_predict": ("predict_batch_size", "predict_file"),
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
    _refuse_tables_of_other_tasks(values)


def notes_on(
    values: flags.FlagValues, stages: Mapping[str, bool]
) -> tuple[str, ...]:
    """Returns one sentence for each kind of given flags without effect."""
    # An evaluation can take place in training, too.
    evaluates = stages["do_eval"] or values.evaluate_every is not None
    missing = {
        condition: (names, condition)
        for condition, names in _ONLY_WITH.items()
        if not stages.get(condition)
    }
    if not evaluates:
        missing["do_eval"] = (("eval_batch_size",), "do_eval")
    if values.tune not in (None, "adapters"):
        missing["tune"] = (_ONLY_WITH_ADAPTERS, "tune=adapters")
    notes = []
    for names, condition in missing.values():
        given = [f"--{name}" for name in names if values[name].present]
        if given:
            verb = "has" if len(given) == 1 else "have"
            notes.append(
                f"{', '.join(given)} {verb} no effect without --{condition}."
            )
    return tuple(notes)


def _refuse_checkpoint_files_alone(values):
    files = ("bert_config_file", "vocab_file")
    given = [f"--{n}={values[n].value}" for n in files if values[n].value]
    if given and not values.init_checkpoint:
        raise ValueError(
            "--init_checkpoint must be given together with the files that "
            f"belong to it. Received: {' '.join(given)}"
        )


def _refuse_tables_of_other_tasks(values):
    if task.full_name(values.task_name) == task.TABULAR:
        return
    names = [*tabular.FILES, "dev_share", *tabular.COLUMNS, "label_thresholds"]
    if values.predict_file is not None:
        names = [n for n in names if n not in tabular.TEXT_COLUMNS]
    given = [f"--{n}" for n in names if values[n].value is not None]
    if given:
        raise ValueError(
            f"{', '.join(given)}: only for --task_name={task.TABULAR}, your "
            "own data (the text columns for --predict_file too). "
            f"Received: --task_name={values.task_name}"
        )
