"""A data set's CSV file from the Hugging Face Hub: cached or downloaded."""

import pathlib

from adapter_bert.hub_download import download

DEFAULT = "Atsushi/fungi_diagnostic_chars_comparison_japanese"
_OPTIONS = {"repo_type": "dataset", "allow_patterns": ["*.csv", "*.CSV"]}


def fetch(repo_id: str) -> pathlib.Path:
    """Returns the local folder of one revision of `repo_id`, with its CSVs.

    The local cache comes first; what is missing there is downloaded, if the
    Hub answers. `HF_HUB_OFFLINE` and `HF_ENDPOINT` are respected. The folder
    is named after the revision.

    Raises:
        FileNotFoundError: If neither has it, with the reason of each.
        ValueError: If `repo_id` can be no name there.
    """
    from huggingface_hub import constants, errors, utils

    try:
        utils.validate_repo_id(repo_id)
    except errors.HFValidationError:
        raise ValueError(
            "`dataset` must be the name of a data set on the Hugging Face "
            f"Hub, such as {DEFAULT}. Received: dataset={repo_id!r}"
        ) from None
    cached = _find_cached(repo_id)
    if cached is not None:
        return cached
    try:
        return download(repo_id, **_OPTIONS)
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"The data set {repo_id} is not in the local cache "
            f"{constants.HF_HUB_CACHE}, and {error}. If you have its CSV "
            "file, give it with --data_dir"
        ) from error


def _find_cached(repo_id: str) -> pathlib.Path | None:
    import huggingface_hub
    from huggingface_hub import errors

    try:
        folder = huggingface_hub.snapshot_download(
            repo_id, local_files_only=True, **_OPTIONS
        )
    except errors.LocalEntryNotFoundError:
        return None
    # A revision may be cached for another of its files.
    return pathlib.Path(folder) if list_csv_files(folder) else None


def list_csv_files(folder: str | pathlib.Path) -> list[pathlib.Path]:
    """Returns the CSV files in `folder` and below it, by name."""
    return sorted(
        path
        for path in pathlib.Path(folder).rglob("*")
        if path.suffix.lower() == ".csv" and path.is_file()
    )
