"""The model that a run works with."""

import os
import pathlib

from absl import logging

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.source import Checkpoint, locate, locate_default
from adapter_bert.classifier import load_classifier
from adapter_bert.models.classifier import BertClassifier
from glue_tasks.task import Task


def find_checkpoint(
    init_checkpoint: str | os.PathLike | None, **files
) -> tuple[Checkpoint, str | None]:
    """Finds the pretrained encoder, the default one if none is named.

    Args:
        init_checkpoint: As in `locate`. None: as `locate_default` finds it.
        **files: Other arguments of both.

    Returns:
        The checkpoint, and a warning if the default's first choice was not at
        hand.
    """
    if init_checkpoint is None:
        return locate_default(**files)
    return locate(init_checkpoint, **files), None


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
    adapter: AdapterConfig,
    directory: pathlib.Path,
    max_seq_length: int | None,
) -> tuple[BertClassifier, int]:
    """Loads a model that has been trained for `task`, and its last step.

    That is the artifact in `directory`, else a checkpoint that itself holds
    adapters and head.

    Raises:
        ValueError: If neither is trained, or for another task.
    """
    if native.is_artifact(directory):
        details = native.read(directory).details
        if details.get("task") != task.name:
            raise ValueError(
                f"{directory}: trained for the task {details.get('task')!r}. "
                f"Received: --task_name={task.name}"
            )
        model = load_classifier(
            checkpoint,
            adapter=directory,
            labels=task.labels,
            max_seq_length=max_seq_length,
        )
        logging.info("Using the adapter in %s.", directory)
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
