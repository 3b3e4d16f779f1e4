"""Checkpoint directories of the Hugging Face Hub: cached or downloaded."""

import pathlib

from absl import logging

from adapter_bert.checkpoints import huggingface
from adapter_bert.hub_download import download

_FILES = ("config.json", "vocab.txt", "tokenizer_config.json")
_PATTERNS = [*_FILES, "model.safetensors*", "model-*.safetensors"]
_PICKLES = [huggingface.PICKLE, huggingface.PICKLE_INDEX, "pytorch_model-*.bin"]


def looks_like_id(name: str) -> bool:
    """Returns whether `name` could be a Hub id, such as `google-bert/x`."""
    from huggingface_hub import errors, utils

    try:
        utils.validate_repo_id(name)
    except errors.HFValidationError:
        return False
    return ".ckpt" not in name


def fetch(repo_id: str) -> pathlib.Path:
    """Returns a local directory with the files of `repo_id`.

    The local cache comes first; what is missing there is downloaded, if the
    Hub answers. `HF_HUB_OFFLINE` and `HF_ENDPOINT` are respected.

    Raises:
        FileNotFoundError: If neither has it, with the reason of each.
    """
    cached, missing = _find_cached(repo_id)
    if cached and not missing:
        return cached
    try:
        return _download(repo_id)
    except FileNotFoundError as error:
        if cached and not set(missing) & {"config.json", huggingface.WEIGHTS}:
            logging.warning(
                "%s: the cached copy has no %s, and %s",
                repo_id,
                " and no ".join(missing),
                error,
            )
            return cached
        lacks = f" (there without {', '.join(missing)})" if cached else ""
        raise FileNotFoundError(
            f"not in the local cache {_cache_folder()}{lacks}; {error}"
        ) from error


def _find_cached(repo_id: str) -> tuple[pathlib.Path | None, list[str]]:
    """Returns the cached snapshot, if any, and the files it lacks."""
    import huggingface_hub

    # A path, None if unknown, or another object if known not to exist.
    entries = {
        name: huggingface_hub.try_to_load_from_cache(repo_id, name)
        for name in (*_FILES, *huggingface.FILES)
    }
    paths = [path for path in entries.values() if isinstance(path, str)]
    missing = [name for name in _FILES if entries[name] is None]
    if not paths:
        return None, [*missing, huggingface.WEIGHTS]
    directory = pathlib.Path(paths[0]).parent
    try:
        huggingface.check_has_weights(str(directory))
    except (FileNotFoundError, ValueError):
        missing.append(huggingface.WEIGHTS)
    return directory, missing


def _download(repo_id: str) -> pathlib.Path:
    directory = download(repo_id, allow_patterns=_PATTERNS)
    # Second to the others: most ids have both, and each is large.
    if not any((directory / name).is_file() for name in huggingface.FILES):
        download(repo_id, allow_patterns=_PICKLES)
    return directory


def _cache_folder() -> str:
    from huggingface_hub import constants

    return constants.HF_HUB_CACHE
