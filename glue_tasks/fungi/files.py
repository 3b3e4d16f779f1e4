"""Which CSV file holds the fungi data."""

import os
import pathlib
from collections.abc import Sequence

from glue_tasks.fungi import hub
from glue_tasks.quoting import quote

SAMPLE = pathlib.Path(__file__).parents[1] / "samples" / "fungi" / "fungi.csv"


def find_file(
    data_dir: str | os.PathLike | None, dataset: str | None
) -> tuple[pathlib.Path, str]:
    """Finds the file that the user means, or the sample.

    Args:
        data_dir: The file, or a folder with one CSV file. None: see
            `dataset`.
        dataset: Its name on the Hugging Face Hub. None, as `data_dir`: the
            sample of this package.

    Returns:
        The file, and the source in a few words, for result files.

    Raises:
        FileNotFoundError: If there is no such file, or the Hub has none.
        ValueError: If both arguments are given, or the file is not clear.
    """
    if data_dir is not None and dataset is not None:
        raise ValueError(
            "Only one of `data_dir` and `dataset` must be given. "
            f"Received: data_dir={os.fspath(data_dir)}, dataset={dataset}"
        )
    if data_dir is not None:
        path = _find_local(pathlib.Path(data_dir).expanduser())
        return path, f"fungi from {path}"
    if dataset is not None:
        folder = hub.fetch(dataset)
        path = _only(hub.list_csv_files(folder), f"{dataset} on the Hub")
        return path, f"{dataset} of the Hugging Face Hub, {folder.name[:12]}"
    return SAMPLE, "bundled sample, not the fungi data set"


def _find_local(path: pathlib.Path) -> pathlib.Path:
    if path.is_dir():
        found = [p for p in path.iterdir() if p.suffix.lower() == ".csv"]
        return _only(sorted(filter(pathlib.Path.is_file, found)), str(path))
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is neither a file nor a folder; expected the data set's "
            "CSV file, or a folder with it"
        )
    if path.suffix.lower() != ".csv":
        raise ValueError(
            f"{path}: the data set must be a .csv file. "
            f"Received: {path.suffix or 'no suffix'}"
        )
    return path


def _only(found: Sequence[pathlib.Path], where: str) -> pathlib.Path:
    if not found:
        raise FileNotFoundError(
            f"{where} has no .csv file; expected the data set's one"
        )
    if len(found) > 1:
        raise ValueError(
            f"{where} must have one .csv file. Received: "
            f"{quote(path.name for path in found)}. Name the one to use: "
            f"--data_dir={found[0]}"
        )
    return found[0]
