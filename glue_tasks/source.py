"""Decides where a task's rows come from, and says so.

1. The folder that the user gave; nothing else is tried then.
2. tensorflow-datasets, on disk or downloaded.
3. The sample that comes with this package.
"""

import functools
import os
import pathlib

from glue_tasks import readers, tfds_source
from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.task import Task, TaskData

_SAMPLES = pathlib.Path(__file__).parent / "samples"


def load_data(
    task: Task,
    data_dir: str | os.PathLike | None = None,
    on_bad_row: BadRowHandler = refuse,
) -> TaskData:
    """Finds the rows of `task`; no split is read yet.

    Args:
        task: The task.
        data_dir: Folder with the task's TSV files. None: tensorflow-datasets,
            else the sample of this package.
        on_bad_row: Takes the error of each row of the TSV files that cannot
            be read. Defaults to raising it.

    Raises:
        FileNotFoundError: If `data_dir` is no folder.
        ValueError: If there is neither data nor a sample.
    """
    if data_dir is not None:
        directory = readers.check_directory(task, data_dir)
        # The leaderboard that takes the task is GLUE's.
        name = f"{'GLUE ' if task.submission else ''}{task.display_name}"
        description = f"{name} from {directory}"
        return _from_directory(task, directory, description, None, on_bad_row)
    try:
        return _from_tfds(task)
    except tfds_source.UnavailableError as error:
        return _from_sample(task, str(error), on_bad_row)


def _from_directory(
    task: Task,
    directory: pathlib.Path,
    description: str,
    warning: str | None,
    on_bad_row: BadRowHandler,
) -> TaskData:
    split = functools.partial(
        readers.read_split, task, directory, on_bad_row=on_bad_row
    )
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


def _from_sample(
    task: Task, reason: str, on_bad_row: BadRowHandler
) -> TaskData:
    directory = _SAMPLES / task.name
    if not directory.is_dir():
        raise ValueError(
            f"No data for {task.display_name}: {reason}. Give --data_dir, a "
            f"folder with {', '.join(task.files)}"
        )
    return _from_directory(
        task,
        directory,
        f"bundled sample, not GLUE {task.display_name}",
        f"The scores are not {task.display_name}'s: the data is the small "
        f"sample that comes with this program, since {reason}. Give "
        "--data_dir for the real data or, to see a model learn from the "
        "sample, --learning_rate=1e-3 --num_train_epochs=15.",
        on_bad_row,
    )
