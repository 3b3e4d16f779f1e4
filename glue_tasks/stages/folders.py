"""The folders of a run, checked before anything slow begins."""

import os
import pathlib
from typing import Any

from adapter_bert.checkpoints.adapter_json import CONFIG, read_adapter_json
from adapter_bert.validation import require_fields
from glue_tasks import registry
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.tabular.config import TabularConfig


def check_output_dir(output_dir: str) -> None:
    """Raises ValueError if `output_dir` is a file, or inside of one."""
    directory = pathlib.Path(output_dir)
    for path in (directory, *directory.parents):
        if path.exists() and not path.is_dir():
            raise ValueError(
                f"--output_dir={directory}: {path} is a file, not a directory."
            )


def refuse_trained(output_dir: str) -> None:
    """Raises ValueError if `output_dir` holds an adapter already."""
    if _holds_adapter(output_dir):
        raise ValueError(
            f"--output_dir={output_dir} already holds a trained adapter. "
            "Train into another --output_dir, replace it with "
            "--overwrite_output_dir, or use it with --do_eval or "
            "--do_predict alone."
        )


def read_trained(
    adapter_dir: str, output_dir: str, init_checkpoint: str | None, task: str
) -> dict[str, Any]:
    """Returns what the adapter to use says of itself, empty without one.

    Args:
        adapter_dir: Folder of the adapter.
        output_dir: Folder for the results.
        init_checkpoint: Checkpoint that may hold adapters itself.
        task: Name of the task.

    Raises:
        ValueError: If there is nothing that could be trained, the results
            would lie beside another adapter, or `adapter.json` is damaged or
            of another format.
    """
    own = os.path.realpath(adapter_dir) == os.path.realpath(output_dir)
    if not _holds_adapter(adapter_dir):
        if own and init_checkpoint is not None:
            return {}
        name = "output_dir" if own else "adapter_dir"
        raise ValueError(
            f"Nothing to evaluate or predict with: --{name}={adapter_dir} "
            "holds no trained adapter, and no --init_checkpoint was given "
            f"that has one. {_advice(task)}"
        )
    if not own and _holds_adapter(output_dir):
        raise ValueError(
            f"--output_dir={output_dir} holds an adapter of its own; give the "
            f"results of --adapter_dir={adapter_dir} another --output_dir."
        )
    values = read_adapter_json(adapter_dir)
    data = values.get("settings", {}).get("data", {})
    try:
        require_fields(TabularConfig, data.get("tabular", {}))
        require_fields(FungiConfig, data.get("fungi", {}))
    except ValueError as error:
        path = pathlib.Path(adapter_dir) / CONFIG
        raise ValueError(f"{path}: {error}") from None
    return values


def make_directory(path: str) -> pathlib.Path:
    """Makes a folder for results, if it is not there.

    Raises:
        ValueError: If it cannot be made.
    """
    try:
        pathlib.Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"--output_dir={path} cannot be made: {error}"
        ) from error
    return pathlib.Path(path)


def _holds_adapter(directory):
    return (pathlib.Path(directory) / CONFIG).is_file()


def _advice(name):
    task = registry.TASKS.get(name)
    if task is None or task.trained_as is None:
        return "Train first with --do_train."
    return (
        f"Train --task_name={task.trained_as} and name its --output_dir with "
        "--adapter_dir."
    )
