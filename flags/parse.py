"""The only reader of flag values: turns them into `Settings`."""

import dataclasses
import os
import pathlib
import sys
from collections.abc import Sequence
from typing import Any

from absl import app, flags

from adapter_bert import adapter_config
from adapter_bert.training.config import TrainConfig
from adapter_bert.tune_config import TuneConfig
from flags import adapter, conflicts, lists, run, tabular, task, training
from flags.settings import CheckpointConfig, DataConfig, RunConfig, Settings
from glue_tasks.fungi.config import NAME as FUNGI

FLAGS = flags.FLAGS

_RECIPES = pathlib.Path(__file__).parent / "recipes"


def parse_flags(argv: Sequence[str]) -> list[str]:
    """Parses the command line: a `flags_parser` for `app.run`.

    absl answers most mistakes with one line and status 1, but some, such as
    `--nodo_train=true`, with a traceback. Here all get the line.
    """
    try:
        rest = app.parse_flags_with_usage(argv)
        if task.full_name(FLAGS.task_name) == FUNGI and _stages()["do_train"]:
            # The adapters and rates of its recipe are the task's defaults.
            again = [argv[0], *_fungi_recipe(), *argv[1:]]
            FLAGS.unparse_flags()
            rest = app.parse_flags_with_usage(again)
        return rest
    except ValueError as error:
        sys.exit(f"FATAL Flags parsing error: {error}")


def _fungi_recipe() -> list[str]:
    text = (_RECIPES / f"{FUNGI}.flags").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("--")]
    if FLAGS.tune not in (None, "adapters"):
        lines = [line for line in lines if "--adapter_" not in line]
    return lines


def parse(argv: Sequence[str] = ()) -> Settings:
    """Returns the settings that the parsed flags describe.

    Args:
        argv: What `app.run` hands to `main`: the program's name, then
            whatever absl did not take for a flag.

    Raises:
        ValueError: If an argument is no flag or flags contradict each other.
    """
    conflicts.refuse_arguments(argv[1:])
    stages = _stages()
    conflicts.refuse_contradictions(FLAGS, stages)
    tune = _tune_config()
    has_adapters = tune.method == "adapters"
    return Settings(
        data=_data_config(stages),
        checkpoint=_checkpoint_config(stages["do_train"]),
        adapter_recipe=FLAGS.adapter_recipe if has_adapters else None,
        adapter=_adapter_config() if has_adapters else None,
        tune=tune,
        train=_train_config(),
        run=_run_config(stages),
        defaulted_stages=_no_stage_given(),
        notes=conflicts.notes_on(FLAGS, stages),
        shaping_flags=tuple(n for n in conflicts.SHAPING if FLAGS[n].present),
    )


def _stages() -> dict[str, bool]:
    if not _no_stage_given():
        return {name: bool(FLAGS[name].value) for name in run.STAGES}
    # A file to predict, and nothing to train on: the adapter is there.
    trains = not FLAGS.predict_file or FLAGS.train_file is not None
    return {
        "do_train": trains,
        "do_eval": trains,
        "do_predict": FLAGS.predict_file is not None,
    }


def _no_stage_given() -> bool:
    return all(FLAGS[name].value is None for name in run.STAGES)


def _data_config(stages: dict[str, bool]) -> DataConfig:
    # A trained adapter knows its own length.
    own_length = not (stages["do_train"] or FLAGS["max_seq_length"].present)
    return DataConfig(
        task_name=task.full_name(FLAGS.task_name),
        data_dir=_absolute(FLAGS.data_dir),
        max_seq_length=None if own_length else FLAGS.max_seq_length,
        tabular=_tabular_fields(stages["do_train"]),
        fungi=_fungi_fields(stages["do_train"]),
        dataset=FLAGS.dataset,
        predict_file=_absolute(FLAGS.predict_file),
        skip_bad_rows=FLAGS.skip_bad_rows,
    )


def _tabular_fields(trains: bool) -> dict[str, Any]:
    names = (*tabular.COLUMNS, *tabular.FILES)
    fields = {n: FLAGS[n].value for n in names if FLAGS[n].value is not None}
    for name in set(fields) & set(tabular.FILES):
        fields[name] = _absolute(fields[name])
    if trains and task.full_name(FLAGS.task_name) != FUNGI:
        # Later, other rows than these would be rows that were trained on.
        split = {"dev_share": FLAGS.dev_share, "seed": FLAGS.split_seed}
        fields |= {k: value for k, value in split.items() if value is not None}
    return fields


def _fungi_fields(trains: bool) -> dict[str, Any]:
    if not trains:
        # Later, other rows than these would be rows that were trained on.
        return {}
    fields = {
        "text": FLAGS.fungi_text,
        "target": FLAGS.fungi_target,
        "split": FLAGS.split,
        "seed": FLAGS.split_seed,
    }
    return {k: value for k, value in fields.items() if value is not None}


def _run_config(stages: dict[str, bool]) -> RunConfig:
    default = f"output/{task.full_name(FLAGS.task_name)}"
    output_dir = _expand(FLAGS.output_dir or default)
    thresholds, ablated = FLAGS.label_thresholds, FLAGS.ablate_adapters
    return RunConfig(
        output_dir=output_dir,
        adapter_dir=_expand(FLAGS.adapter_dir) or output_dir,
        overwrite_output_dir=FLAGS.overwrite_output_dir,
        eval_batch_size=FLAGS.eval_batch_size,
        predict_batch_size=FLAGS.predict_batch_size,
        ablate_adapters=lists.parse_layers(ablated) if ablated else (),
        label_thresholds=thresholds and tabular.parse_thresholds(thresholds),
        **stages,
    )


def _checkpoint_config(trains: bool) -> CheckpointConfig:
    return CheckpointConfig(
        init_checkpoint=_absolute(FLAGS.init_checkpoint),
        bert_config_file=_absolute(FLAGS.bert_config_file),
        vocab_file=_absolute(FLAGS.vocab_file),
        do_lower_case=FLAGS.do_lower_case,
        allow_random_encoder=trains and FLAGS.allow_random_encoder,
    )


def _tune_config() -> TuneConfig:
    method = FLAGS.tune or "adapters"
    frozen_otherwise = method in ("layer_norm", "head")
    return TuneConfig(
        method,
        top_k=FLAGS.tune_top_k,
        train_pooler=frozen_otherwise and bool(FLAGS.train_pooler),
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
    period, weights = FLAGS.evaluate_every, FLAGS.class_weights
    return TrainConfig(
        learning_rate=FLAGS.learning_rate,
        num_train_epochs=FLAGS.num_train_epochs,
        train_batch_size=FLAGS.train_batch_size,
        warmup_proportion=FLAGS.warmup_proportion,
        seed=FLAGS.seed,
        save_checkpoints_steps=FLAGS.save_checkpoints_steps,
        steps_per_call=FLAGS.iterations_per_loop if given else 1,
        evaluate_every=period and training.parse_period(period),
        early_stopping_patience=FLAGS.early_stopping_patience,
        keep_checkpoint=FLAGS.keep_checkpoint,
        class_weights=weights and training.parse_class_weights(weights),
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
