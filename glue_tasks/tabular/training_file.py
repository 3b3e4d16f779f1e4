"""The training file as it was when dev rows were held out of it.

Which rows those are depends on every row of the file: of another file, a later
evaluation would score rows that the adapter was trained on.
"""

import dataclasses
import os
import pathlib

from glue_tasks.checksum import file_sha256
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.files import find_files


def with_checksum(
    config: TabularConfig, data_dir: str | os.PathLike | None
) -> TabularConfig:
    """Returns `config` with the checksum of the training file.

    There is none if no rows are held out of it, as there is a dev file.

    Args:
        config: Names the files, or does not.
        data_dir: Folder to look for the others in. None: there are no others.

    Raises:
        FileNotFoundError: If a file that is named, or the folder, is missing.
        ValueError: If a file's format is unknown, or two files are for one
            split.
    """
    files = find_files(config, data_dir)
    holds_out = "train" in files and "dev" not in files
    checksum = file_sha256(files["train"]) if holds_out else None
    return dataclasses.replace(config, train_sha256=checksum)


def check_unchanged(config: TabularConfig, path: pathlib.Path) -> None:
    """Checks that rows held out of `path` were not trained on.

    Raises:
        ValueError: If `config` has the checksum of another file.
    """
    if config.train_sha256 is None or config.train_sha256 == file_sha256(path):
        return
    raise ValueError(
        f"{path} is not the file that the adapter was trained on, or has "
        "changed since, so that nobody can tell which of its rows were held "
        "out to evaluate on. Name rows to evaluate on with --dev_file."
    )
