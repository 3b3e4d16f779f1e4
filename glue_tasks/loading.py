"""The model that a run works with."""

import pathlib
from collections.abc import Mapping
from typing import Any

from absl import logging

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.source import Checkpoint, locate, locate_default
from adapter_bert.classifier import load_classifier
from adapter_bert.models.classifier import BertClassifier
from glue_tasks.task import Task

# Settings that say how an adapter came about, not how it is used.
_OF_TRAINING = ("adapter", "adapter_recipe", "train")


def find_checkpoint(
    files: Mapping[str, Any], recorded: bool
) -> tuple[Checkpoint, str | None]:
    """Finds the pretrained encoder that is named, else the default one.

    Args:
        files: Arguments of `locate`; None stands for what was not named.
        recorded: Whether an adapter's own settings name the encoder.

    Returns:
        The checkpoint, and a warning if the default's first choice was not at
        hand.
    """
    if files["init_checkpoint"] is None:
        others = {k: v for k, v in files.items() if k != "init_checkpoint"}
        return locate_default(**others)
    try:
        return locate(**files), None
    except FileNotFoundError as error:
        if not recorded:
            raise
        raise FileNotFoundError(
            f"The adapter was trained on {files['init_checkpoint']}, which "
            f"cannot be used as it was: {error} If something moved, say where "
            "it is now, with --init_checkpoint and the flags beside it."
        ) from error


def read_trained(directory: pathlib.Path) -> native.Artifact | None:
    """Reads the adapter in `directory`, if there is one."""
    return native.read(directory) if native.is_artifact(directory) else None


def effective_settings(
    settings: Mapping[str, Any], artifact: native.Artifact | None
) -> dict[str, Any]:
    """Returns the settings of a run that uses what another one trained.

    Unless this run names an encoder, it is the other one's.

    Args:
        settings: What this run's command line decided, by theme.
        artifact: The adapter, with the settings it was trained with.
    """
    trained = artifact.details.get("settings", {}) if artifact else {}
    used = {k: v for k, v in settings.items() if k not in _OF_TRAINING}
    used |= {k: trained[k] for k in _OF_TRAINING if k in trained}
    files = settings["checkpoint"]
    if files["init_checkpoint"] is None and "checkpoint" in trained:
        named = {k: v for k, v in files.items() if v is not None}
        used["checkpoint"] = {**trained["checkpoint"], **named}
    return used


def record_effective(
    settings: dict[str, Any], checkpoint: Checkpoint, model: BertClassifier
) -> None:
    """Puts what was found and decided in place of what was left open."""
    settings["checkpoint"]["init_checkpoint"] = checkpoint.name
    settings["checkpoint"]["do_lower_case"] = checkpoint.do_lower_case
    settings["data"]["max_seq_length"] = model.max_seq_length


def load_untrained(
    checkpoint: Checkpoint,
    task: Task,
    adapter: AdapterConfig,
    max_seq_length: int | None,
    seed: int,
) -> BertClassifier:
    """Loads the encoder with fresh adapters and head for `task`."""
    return load_classifier(
        checkpoint,
        adapter=adapter,
        labels=task.labels,
        max_seq_length=max_seq_length,
        seed=seed,
    )


def load_trained(
    checkpoint: Checkpoint,
    task: Task,
    directory: pathlib.Path,
    artifact: native.Artifact | None,
    adapter: AdapterConfig,
    max_seq_length: int | None,
) -> tuple[BertClassifier, int]:
    """Loads a model that has been trained for `task`, and its last step.

    That is `artifact`, read from `directory`, else a checkpoint that itself
    holds adapters and head.

    Raises:
        ValueError: If neither is trained, or for another task.
    """
    if artifact is not None:
        details = artifact.details
        # `save_adapter` knows of no task; the labels are compared below.
        if details.get("task", task.name) != task.name:
            raise ValueError(
                f"{directory}: trained for the task {details.get('task')!r}. "
                f"Received: --task_name={task.name}"
            )
        model = load_classifier(
            checkpoint,
            adapter=artifact,
            labels=task.labels,
            max_seq_length=max_seq_length,
        )
        _log_trained(directory, details, adapter, model.adapter_config)
        return model, details.get("global_step", 0)
    model = load_untrained(checkpoint, task, adapter, max_seq_length, seed=1)
    report = model.load_report
    if not (report.adapters_loaded and report.head_loaded):
        raise ValueError(
            "Nothing to evaluate or predict with: "
            f"{directory} holds no trained adapter, and {report.source} has "
            f"no {'head' if report.adapters_loaded else 'adapters'} for "
            f"{task.display_name}. Train first with --do_train."
        )
    return model, report.global_step


def _log_trained(directory, details, asked, found):
    logging.info("Using the adapter in %s.", directory)
    if asked not in (AdapterConfig(), found):
        logging.warning(
            "The flags that shape adapters and say what trains have no effect: "
            "the adapter in %s has settings of its own.",
            directory,
        )
    step, last = details.get("global_step"), details.get("num_train_steps")
    if last is not None and step < last:
        logging.warning(
            "Training of this adapter was cut short: %d of %d steps.",
            step,
            last,
        )
