"""The only reader of flag values: turns them into `Settings`."""

import dataclasses
import os
import sys
from collections.abc import Sequence

from absl import app, flags

from adapter_bert import adapter_config
from adapter_bert.training.config import TrainConfig
from flags import adapter, run, tpu
from flags.settings import CheckpointConfig, DataConfig, RunConfig, Settings

FLAGS = flags.FLAGS

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
    ),
    "do_eval": ("eval_batch_size",),
    "do_predict": ("predict_batch_size",),
}


def parse_flags(argv: Sequence[str]) -> list[str]:
    """Parses the command line: a `flags_parser` for `app.run`.

    absl answers most mistakes with one line and status 1, but some, such as
    `--nodo_train=true`, with a traceback. Here all get the line.
    """
    try:
        return app.parse_flags_with_usage(argv)
    except ValueError as error:
        sys.exit(f"FATAL Flags parsing error: {error}")


def parse(argv: Sequence[str] = ()) -> Settings:
    """Returns the settings that the parsed flags describe.

    Args:
        argv: What `app.run` hands to `main`: the program's name, then
            whatever absl did not take for a flag.

    Raises:
        ValueError: If an argument is no flag or flags contradict each other.
    """
    _refuse_arguments(argv[1:])
    run_config = _run_config()
    checkpoint = _checkpoint_config()
    if run_config.do_train:
        _refuse_checkpoint_files_alone(checkpoint)
    return Settings(
        data=DataConfig(
            task_name=FLAGS.task_name.lower(),
            data_dir=_expand(FLAGS.data_dir),
            max_seq_length=_max_seq_length(run_config),
        ),
        checkpoint=checkpoint,
        adapter_recipe=FLAGS.adapter_recipe,
        adapter=_adapter_config(),
        train=_train_config(),
        run=run_config,
        defaulted_stages=_no_stage_given(),
        notes=_notes(run_config),
    )


def _max_seq_length(run_config: RunConfig) -> int | None:
    # A trained adapter knows its own length.
    if run_config.do_train or FLAGS["max_seq_length"].present:
        return FLAGS.max_seq_length
    return None


def _run_config() -> RunConfig:
    if _no_stage_given():
        stages = {"do_train": True, "do_eval": True, "do_predict": False}
    else:
        stages = {name: bool(FLAGS[name].value) for name in run.STAGES}
    output_dir = FLAGS.output_dir or f"output/{FLAGS.task_name.lower()}"
    return RunConfig(
        output_dir=_expand(output_dir),
        overwrite_output_dir=FLAGS.overwrite_output_dir,
        eval_batch_size=FLAGS.eval_batch_size,
        predict_batch_size=FLAGS.predict_batch_size,
        **stages,
    )


def _checkpoint_config() -> CheckpointConfig:
    return CheckpointConfig(
        init_checkpoint=_absolute(FLAGS.init_checkpoint),
        bert_config_file=_absolute(FLAGS.bert_config_file),
        vocab_file=_absolute(FLAGS.vocab_file),
        do_lower_case=FLAGS.do_lower_case,
    )


def _adapter_config() -> adapter_config.AdapterConfig:
    fields = {
        "size": FLAGS.adapter_size,
        "reduction_factor": FLAGS.adapter_reduction_factor,
        "init_scale": FLAGS.adapter_init_scale,
        "activation": FLAGS.adapter_activation,
        "train_layer_norms": FLAGS.train_layer_norms,
        "train_pooler": FLAGS.train_pooler,
    }
    changes = {k: value for k, value in fields.items() if value is not None}
    # Either way to give the width replaces the recipe's other one.
    if "size" in changes:
        changes["reduction_factor"] = None
    elif "reduction_factor" in changes:
        changes["size"] = None
    if FLAGS.adapter_layers is not None:
        changes["layers"] = adapter.parse_layers(FLAGS.adapter_layers)
    recipe = adapter_config.get_recipe(FLAGS.adapter_recipe)
    return dataclasses.replace(recipe, **changes)


def _train_config() -> TrainConfig:
    # The default of `iterations_per_loop` is meant for a TPU.
    given = FLAGS["iterations_per_loop"].present
    return TrainConfig(
        learning_rate=FLAGS.learning_rate,
        num_train_epochs=FLAGS.num_train_epochs,
        train_batch_size=FLAGS.train_batch_size,
        warmup_proportion=FLAGS.warmup_proportion,
        seed=FLAGS.seed,
        save_checkpoints_steps=FLAGS.save_checkpoints_steps,
        steps_per_call=FLAGS.iterations_per_loop if given else 1,
    )


def _notes(run_config: RunConfig) -> tuple[str, ...]:
    active = {name: getattr(run_config, name) for name in run.STAGES}
    notes = []
    for condition, names in _ONLY_WITH.items():
        given = [f"--{name}" for name in names if FLAGS[name].present]
        if given and not active.get(condition):
            verb = "has" if len(given) == 1 else "have"
            notes.append(
                f"{', '.join(given)} {verb} no effect without --{condition}."
            )
    return tuple(notes)


def _no_stage_given() -> bool:
    return all(FLAGS[name].value is None for name in run.STAGES)


def _refuse_arguments(arguments: Sequence[str]) -> None:
    # To absl `--do_train false` is true, with a loose argument behind it.
    if arguments:
        raise ValueError(
            "Every argument must be a flag in the form --name=value, booleans "
            f"too (--do_train=true). Received: {' '.join(arguments)}"
        )


def _refuse_checkpoint_files_alone(checkpoint: CheckpointConfig) -> None:
    files = {
        "bert_config_file": checkpoint.bert_config_file,
        "vocab_file": checkpoint.vocab_file,
    }
    given = [f"--{name}={path}" for name, path in files.items() if path]
    if given and not checkpoint.init_checkpoint:
        raise ValueError(
            "--init_checkpoint must be given together with the files that "
            f"belong to it. Received: {' '.join(given)}"
        )


def _absolute(path: str | None) -> str | None:
    """Makes an existing path absolute; an adapter records it for later runs."""
    path = _expand(path)
    if path and (os.path.exists(path) or os.path.exists(f"{path}.index")):
        return os.path.abspath(path)
    return path


def _expand(path: str | None) -> str | None:
    # Shells leave the `~` of `--data_dir=~/glue` as it is.
    return path if path is None else os.path.expanduser(path)
