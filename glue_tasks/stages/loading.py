"""The model that a run works with."""

import itertools
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from absl import logging

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native, random_encoder
from adapter_bert.checkpoints.source import Checkpoint, locate, locate_default
from adapter_bert.classifier import load_classifier
from adapter_bert.models.classifier import BertClassifier
from adapter_bert.tune_config import TuneConfig
from glue_tasks.task import Example, Task


def find_checkpoint(
    settings: Mapping[str, Any],
    recorded: bool,
    task: Task,
    adapter_dir: pathlib.Path,
) -> tuple[Checkpoint | None, str | None]:
    """Finds the pretrained encoder that is named, else the task's default.

    Args:
        settings: Arguments of `locate`, None for what was not named, and
            `allow_random_encoder`.
        recorded: Whether an adapter's own settings name the encoder.
        task: The task.
        adapter_dir: Where the adapter lies, and with it the vocabulary of its
            random encoder.

    Returns:
        The checkpoint, and a warning if it is not the one that the task would
        have; None if a random encoder is to take its place.
    """
    files = {k: v for k, v in settings.items() if k != "allow_random_encoder"}
    if files["init_checkpoint"] == random_encoder.NAME:
        files["vocab_file"] = _moved_along(files["vocab_file"], adapter_dir)
    if files["init_checkpoint"] is None:
        _check_vocab_file(files["vocab_file"])
        try:
            return _find_default(files, task)
        except FileNotFoundError:
            if not settings["allow_random_encoder"]:
                raise
            return None, random_encoder.WARNING
    try:
        checkpoint = locate(**files)
        is_random = checkpoint.kind == random_encoder.KIND
        return checkpoint, random_encoder.WARNING if is_random else None
    except FileNotFoundError as error:
        if not recorded:
            raise
        raise FileNotFoundError(
            f"The adapter was trained on {files['init_checkpoint']}, which "
            f"cannot be used as it was: {error} If something moved, say where "
            "it is now, with --init_checkpoint and the flags beside it."
        ) from error


def _moved_along(path, adapter_dir):
    """Returns the vocabulary beside the adapter if it is no longer at `path`.

    A random encoder's lies in the folder of the adapter.
    """
    if path is None or pathlib.Path(path).is_file():
        return path
    parts = pathlib.PurePath(path).parts[-2:]
    beside = adapter_dir.joinpath(*parts)
    return str(beside) if beside.is_file() else path


def _check_vocab_file(path):
    if path is not None and not pathlib.Path(path).is_file():
        raise FileNotFoundError(f"--vocab_file={path}: no such file.")


def _find_default(files, task):
    files = {k: v for k, v in files.items() if k != "init_checkpoint"}
    name = task.default_checkpoint
    if name is None:
        return locate_default(**files)
    try:
        return locate(name, **files), None
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{task.display_name} needs an encoder of its language; "
            f"{error} Name one with --init_checkpoint: {name} or another one, "
            "by its directory or Hub id. To try the pipeline all the same, "
            "add --allow_random_encoder: a small encoder at its random start, "
            "whose scores mean nothing."
        ) from error


def make_random(
    settings: Mapping[str, Any],
    directory: pathlib.Path,
    examples: Iterable[Example],
) -> Checkpoint:
    """Makes a random encoder.

    Args:
        settings: `vocab_file` and `do_lower_case`, as in `locate`.
        directory: Where a vocabulary of the texts' characters goes if there
            is no `vocab_file`.
        examples: The training rows.
    """
    vocab_file = settings["vocab_file"]
    if vocab_file is None:
        texts = ((row.text_a, row.text_b or "") for row in examples)
        vocab_file = random_encoder.write_vocabulary(
            directory, itertools.chain.from_iterable(texts)
        )
    return random_encoder.find(vocab_file, settings["do_lower_case"])


def record_effective(
    settings: dict[str, Any], checkpoint: Checkpoint, model: BertClassifier
) -> None:
    """Puts what was found and decided in place of what was left open."""
    settings["checkpoint"]["init_checkpoint"] = checkpoint.name
    settings["checkpoint"]["do_lower_case"] = checkpoint.do_lower_case
    if checkpoint.kind == random_encoder.KIND:
        settings["checkpoint"]["vocab_file"] = checkpoint.vocab_file
    settings["data"]["max_seq_length"] = model.max_seq_length


def load_untrained(
    checkpoint: Checkpoint,
    task: Task,
    adapter: AdapterConfig | None,
    tune: TuneConfig,
    max_seq_length: int | None,
    seed: int,
) -> BertClassifier:
    """Loads the encoder with fresh adapters and head for `task`."""
    return load_classifier(
        checkpoint,
        adapter=adapter,
        labels=task.labels,
        problem_type=task.problem_type,
        tune=tune,
        max_seq_length=max_seq_length,
        seed=seed,
    )


def load_trained(
    checkpoint: Checkpoint,
    task: Task,
    directory: pathlib.Path,
    adapter: AdapterConfig | None,
    tune: TuneConfig,
    max_seq_length: int | None,
    given: Sequence[str] = (),
) -> tuple[BertClassifier, int]:
    """Loads a model that has been trained for `task`, and its last step.

    That is the adapter in `directory`, else a checkpoint that itself holds
    adapters and head.

    Args:
        checkpoint: The pretrained encoder.
        task: The task.
        directory: Folder of the adapter, if there is one.
        adapter: Shape of the adapters in the checkpoint.
        tune: What trained in the checkpoint.
        max_seq_length: Longest input, in tokens. None: as in the training.
        given: Names of flags that decided `adapter` or `tune`.

    Raises:
        ValueError: If neither is trained, or for another task.
    """
    if native.is_artifact(directory):
        artifact = native.read(directory)
        details = artifact.details
        # `save_adapter` knows of no task; the labels are compared below.
        if details.get("task", task.name) not in (task.name, task.trained_as):
            raise ValueError(
                f"{directory}: trained for the task {details.get('task')!r}. "
                f"Received: --task_name={task.name}. Name that task, or an "
                "adapter of this one with --adapter_dir."
            )
        model = load_classifier(
            checkpoint,
            adapter=artifact,
            labels=task.labels,
            problem_type=task.problem_type,
            max_seq_length=max_seq_length,
        )
        logging.info("Using the adapter in %s.", directory)
        if (adapter, tune) != (model.adapter_config, model.tune):
            _warn_of_flags(directory, given)
        _warn_of_training(details)
        return model, details.get("global_step", 0)
    options = (adapter, tune, max_seq_length)
    model = load_untrained(checkpoint, task, *options, seed=1)
    report = model.load_report
    if not (report.adapters_loaded and report.head_loaded):
        raise ValueError(
            "Nothing to evaluate or predict with: "
            f"{directory} holds no trained adapter, and {report.source} has "
            f"no {'head' if report.adapters_loaded else 'adapters'} for "
            f"{task.display_name}. Train first with --do_train."
        )
    return model, report.global_step


def _warn_of_flags(directory, given):
    if given:
        logging.warning(
            "%s %s no effect: the adapter in %s has settings of its own.",
            ", ".join(f"--{name}" for name in given),
            "has" if len(given) == 1 else "have",
            directory,
        )


def _warn_of_training(details):
    """Warns if training was killed, or ended with an error."""
    step, num_steps = details.get("global_step"), details.get("num_train_steps")
    if num_steps is None or details.get("stopped_early"):
        return
    # The weights may be of an earlier step than the last one.
    if details.get("last_step", step) < num_steps:
        logging.warning(
            "Training of this adapter was cut short: its weights are those of "
            "step %d of %d.",
            step,
            num_steps,
        )
