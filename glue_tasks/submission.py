"""Predictions in the form of the GLUE leaderboard, and their zip file.

python -m glue_tasks.submission output --output=submission.zip
"""

import argparse
import logging as python_logging
import os
import pathlib
import sys
import zipfile
from collections.abc import Sequence

from absl import logging

from adapter_bert import files
from glue_tasks.registry import TASKS
from glue_tasks.scores import check_score
from glue_tasks.submission_check import (
    HEADER,
    TEST_ROWS,
    check_prediction,
    check_submission,
)
from glue_tasks.task import Task


def write_submission(
    directory: str | os.PathLike,
    task: Task,
    split: str,
    predictions: Sequence[str] | Sequence[float],
) -> pathlib.Path | None:
    """Writes a test split's predictions as the leaderboard wants them.

    Args:
        directory: Where the file goes; made if needed.
        task: The task. Its labels are written as they are named there.
        split: Name of the test split.
        predictions: A label a row, in the order of the split. For a
            regression a score a row, brought within the task's range and
            written with 3 decimals.

    Returns:
        The file; None if the leaderboard has none for this split.

    Raises:
        ValueError: If a prediction is no label of the task, or no number.
    """
    if split not in task.submission:
        return None
    rows = (
        f"{index}\t{_as_text(task, prediction)}\n"
        for index, prediction in enumerate(predictions)
    )
    path = pathlib.Path(directory) / task.submission[split]
    files.write_text(path, f"{HEADER}\n{''.join(rows)}")
    return path


def find_submissions(folder: str | os.PathLike) -> dict[str, pathlib.Path]:
    """Returns the leaderboard's files of a folder of runs, by their names.

    They are looked for in the folder, its folders and the folders of those.

    Raises:
        FileNotFoundError: If there is no such folder, or no file in it.
        ValueError: If two runs have the same file.
    """
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"No folder {folder}; expected one with the --output_dir of "
            "several runs"
        )
    found = {name: _find(folder, name) for name in TEST_ROWS}
    found = {name: paths for name, paths in found.items() if paths}
    if not found:
        raise FileNotFoundError(
            f"No predictions in {folder} or two levels below it; expected "
            f"{', '.join(TEST_ROWS)}, which --do_predict writes"
        )
    twice = [
        " and ".join(map(str, paths))
        for paths in found.values()
        if len(paths) > 1
    ]
    if twice:
        raise ValueError(
            "Each task must come from one run; move the others out of "
            f"{folder}. Received: {'; '.join(twice)}"
        )
    return {name: paths[0] for name, paths in found.items()}


def write_zip(
    folder: str | os.PathLike, output: str | os.PathLike
) -> pathlib.Path:
    """Checks the predictions of a folder of runs and writes them as one zip.

    A warning tells which tasks are missing.

    Args:
        folder: Folder of runs, as in `find_submissions`.
        output: The zip file to write. It holds no folders.

    Returns:
        The zip file.

    Raises:
        FileNotFoundError: If there are no predictions.
        ValueError: If they are not what the leaderboard takes.
    """
    output = pathlib.Path(output)
    if output.suffix != ".zip" or output.is_dir():
        raise ValueError(f"--output={output} must be the name of a .zip file")
    task_of = {
        name: task
        for task in TASKS.values()
        for name in task.submission.values()
    }
    found = find_submissions(folder)
    for name, path in found.items():
        check_submission(path, task_of[name], TEST_ROWS[name])
    with (
        files.replacing(output) as temporary,
        zipfile.ZipFile(
            temporary, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False
        ) as archive,
    ):
        for name, path in found.items():
            archive.write(path, name)
    logging.info("%s: %s", output, ", ".join(found))
    missing = [name for name in TEST_ROWS if name not in found]
    if missing:
        logging.warning(
            "The leaderboard takes only a zip file with all %d; missing: %s.",
            len(TEST_ROWS),
            ", ".join(missing),
        )
    return output


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command, turning a mistake into one message and status 1."""
    parser = argparse.ArgumentParser(
        prog="python -m glue_tasks.submission",
        description="Checks the GLUE predictions in a folder of runs and puts "
        "them into one zip file for https://gluebenchmark.com.",
    )
    parser.add_argument(
        "runs_folder",
        metavar="RUNS_FOLDER",
        help="folder with the --output_dir of every task's run, each run with "
        "--do_predict; files lie in it or up to two levels below",
    )
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="submission.zip",
        help="zip file to write (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    try:
        write_zip(options.runs_folder, options.output)
    except (ValueError, OSError) as error:
        sys.exit(f"ERROR: {error}")


def _find(folder: pathlib.Path, name: str) -> list[pathlib.Path]:
    paths = (path for i in range(3) for path in folder.glob("*/" * i + name))
    return sorted(path for path in paths if path.is_file())


def _as_text(task: Task, prediction: str | float) -> str:
    if task.problem_type != "regression":
        check_prediction(task, prediction)
        return prediction
    score = check_score(float(prediction), None)
    low, high = task.score_range or (score, score)
    return f"{min(max(low, score), high):.3f}"


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    python_logging.basicConfig(format="%(levelname)s %(message)s")
    main()
