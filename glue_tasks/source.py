"""Decides where a task's rows come from, and says so.

1. The folder that the user gave; nothing else is tried then.
2. tensorflow-datasets, on disk or downloaded.
3. The sample that comes with this package.
"""

import dataclasses
import functools
import os
import pathlib
from collections.abc import Callable

from glue_tasks import readers, tfds_source
from glue_tasks.task import Example, Task

_SAMPLES = pathlib.Path(__file__).parent / "samples"


@dataclasses.dataclass(frozen=True)
class TaskData:
    """A task's rows and where they are from.

    Attributes:
        task: What the rows mean.
        description: The source in a few words, for result files.
        warning: A sentence for the user if the data is not the task's own.
        split: Reads a split, `train`, `dev` or `test`, each time it is
            called.
    """

    task: Task
    description: str
    warning: str | None
    split: Callable[[str], list[Example]]


def load_data(
    task: Task, data_dir: str | os.PathLike | None = None
) -> TaskData:
    """Finds the rows of `task`; no split is read yet.

    Args:
        task: The task.
        data_dir: Folder with the task's TSV files. None: tensorflow-datasets,
            else the sample of this package.

    Raises:
        FileNotFoundError: If `data_dir` is no folder.
        ValueError: If there is neither data nor a sample.
    """
    if data_dir is not None:
        directory = readers.check_directory(task, data_dir)
        description = f"GLUE {task.display_name} from {directory}"
        return _from_directory(task, directory, description)
    try:
        return _from_tfds(task)
    except tfds_source.UnavailableError as error:
        return _from_sample(task, str(error))


def _from_directory(
    task: Task,
    directory: pathlib.Path,
    description: str,
    warning: str | None = None,
) -> TaskData:
    split = functools.partial(readers.read_split, task, directory)
    return TaskData(task, description, warning, split)


def _from_tfds(task: Task) -> TaskData:
    if task.tfds is None:
        raise tfds_source.UnavailableError(
            f"tensorflow-datasets does not have {task.display_name}"
        )
    builder = tfds_source.open_builder(task.tfds)
    split = functools.partial(tfds_source.read_split, builder, task)
    description = f"{task.tfds.name} of tensorflow-datasets"
    return TaskData(task, description, None, split)


def _from_sample(task: Task, reason: str) -> TaskData:
    directory = _SAMPLES / task.name
    if not directory.is_dir():
        files = ", ".join(layout.file for layout in task.splits.values())
        raise ValueError(
            f"No data for {task.display_name}: {reason}. Give --data_dir, a "
            f"folder with {files}"
        )
    return _from_directory(
        task,
        directory,
        f"bundled sample, not GLUE {task.display_name}",
        f"The scores are not {task.display_name}'s: the data is the small "
        f"sample that comes with this program, since {reason}. Give "
        "--data_dir for the real data or, to see a model learn from the "
        "sample, --learning_rate=1e-3 --num_train_epochs=15.",
    )
