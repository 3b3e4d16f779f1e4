"""Which file holds which split of the user's own data."""

import os
import pathlib
from collections.abc import Mapping

from glue_tasks.quoting import quote
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.formats import FORMATS, find_format

# The names, without suffix, under which a folder may hold each split.
_NAMES = {
    "train": ("train",),
    "dev": ("dev", "valid", "validation"),
    "test": ("test",),
}


def find_files(
    config: TabularConfig, data_dir: str | os.PathLike | None
) -> dict[str, pathlib.Path]:
    """Finds the files of the splits there are.

    Args:
        config: Names the files, or does not.
        data_dir: Folder with files such as `train.csv` and `dev.csv`, for
            the splits that `config` names no file for. None: there is none.

    Returns:
        Paths by split, `train`, `dev` or `test`.

    Raises:
        FileNotFoundError: If a file that is named, or the folder, is missing.
        ValueError: If a file's format is unknown, or two files are for one
            split.
    """
    named = {split: getattr(config, f"{split}_file") for split in _NAMES}
    named = {k: pathlib.Path(v).expanduser() for k, v in named.items() if v}
    for split, path in named.items():
        check_table(f"{split}_file", path)
    if data_dir is None:
        return named
    directory = _check_directory(data_dir)
    found = {
        split: _find(directory, split) for split in _NAMES if split not in named
    }
    return named | {k: v for k, v in found.items() if v is not None}


def check_table(flag: str, path: pathlib.Path) -> None:
    """Checks a file that a flag names.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If its suffix names no format of tables.
    """
    find_format(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"--{flag}={path} is not a file; expected a table with rows of "
            "texts"
        )


def explain_missing(split: str, data_dir: str | os.PathLike | None) -> str:
    """Returns what to say of a split that has no file."""
    message = f"No {split} rows: give --{split}_file"
    if data_dir is None:
        return message
    names = " or ".join(_NAMES[split])
    found = quote(sorted(os.listdir(pathlib.Path(data_dir).expanduser())))
    return (
        f"{message}, or have a file named {names} with a suffix among "
        f"{', '.join(FORMATS)} in {data_dir}. Found there: {found}"
    )


def name_data(files: Mapping[str, pathlib.Path]) -> str | None:
    """Returns what to call the data that lies in `files`, by split."""
    if not files:
        return None
    path = files[min(files, key=list(_NAMES).index)]
    if any(path.stem.lower() in names for names in _NAMES.values()):
        # Of `reviews/train.csv`, the folder has the telling name.
        return path.resolve().parent.name
    return path.stem


def _check_directory(data_dir: str | os.PathLike) -> pathlib.Path:
    directory = pathlib.Path(data_dir).expanduser()
    if not directory.is_dir():
        names = ", ".join(f"train{suffix}" for suffix in FORMATS)
        raise FileNotFoundError(
            f"{directory} is not a folder; expected one with one of {names}"
        )
    return directory


def _find(directory: pathlib.Path, split: str) -> pathlib.Path | None:
    found = sorted(
        path
        for path in directory.iterdir()
        if path.stem.lower() in _NAMES[split]
        and path.suffix.lower() in FORMATS
        and path.is_file()
    )
    if len(found) > 1:
        listed = " and ".join(path.name for path in found)
        raise ValueError(
            f"{directory} must have one file of {split} rows. "
            f"Received: {listed}. Name the one to use with --{split}_file."
        )
    return found[0] if found else None
