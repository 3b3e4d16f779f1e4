"""Which tokenizer a checkpoint wants, and whether it lower-cases."""

import pathlib
import re
from collections.abc import Mapping
from typing import Any

from absl import logging

from adapter_bert.config import read_json
from adapter_bert.tokenization.japanese_config import is_japanese

TOKENIZER_CONFIG = "tokenizer_config.json"

# The checkpoints whose names the original checks, by `do_lower_case`.
_RELEASED = {
    "uncased_L-24_H-1024_A-16": True,
    "uncased_L-12_H-768_A-12": True,
    "multilingual_L-12_H-768_A-12": True,
    "chinese_L-12_H-768_A-12": True,
    "cased_L-12_H-768_A-12": False,
    "cased_L-24_H-1024_A-16": False,
    "multi_cased_L-12_H-768_A-12": False,
}


def read_tokenizer_config(
    directory: pathlib.Path, config_file: str | None
) -> Mapping[str, Any]:
    """Returns what `tokenizer_config.json` says; nothing without that file.

    Args:
        directory: Where the file may lie.
        config_file: The encoder's config, if it has a file.

    Raises:
        FileNotFoundError: If it is not there, though the encoder's config
            asks for a Japanese tokenizer.
    """
    path = directory / TOKENIZER_CONFIG
    if path.is_file():
        return read_json(path)
    if config_file is not None and is_japanese(read_json(config_file)):
        raise FileNotFoundError(
            f"{path}: no such file. {config_file} asks for a Japanese "
            "tokenizer, and that file says how it splits words."
        )
    return {}


def resolve_do_lower_case(
    values: Mapping[str, Any],
    directory: pathlib.Path,
    name: str,
    do_lower_case: bool | None,
) -> bool:
    """Returns whether to lower-case: as asked, or as the checkpoint says.

    Args:
        values: What `tokenizer_config.json` says.
        directory: Where it lies.
        name: What the checkpoint is called; `cased` or `uncased` in it tells
            where that file does not. Without either a Japanese tokenizer
            keeps the case, another one does not.
        do_lower_case: Wins if given, with a warning where it contradicts the
            file or the name. None: the file's value, else the name's, else
            the default.

    Raises:
        ValueError: If the file's value is neither true nor false.
    """
    path = directory / TOKENIZER_CONFIG
    japanese = is_japanese(values)
    own = values.get("do_lower_case", None if japanese else _casing_of(name))
    if own is not None and not isinstance(own, bool):
        raise ValueError(
            f"{path}: `do_lower_case` must be true or false. "
            f"Received: do_lower_case={own!r}"
        )
    if None not in (own, do_lower_case) and own != do_lower_case:
        logging.warning(
            "%s is a checkpoint for %s text, but do_lower_case=%s was asked "
            "for.",
            name,
            "lower-cased" if own else "cased",
            do_lower_case,
        )
    lower = not japanese if own is None else own
    lower = lower if do_lower_case is None else do_lower_case
    if not japanese:
        _warn_of_ignored_options(values, path, lower)
    return lower


def check_casing(prefix: str, do_lower_case: bool) -> None:
    """Refuses a casing that contradicts the name of a released checkpoint.

    Args:
        prefix: TF1 checkpoint; only `.../<model name>/bert_model.ckpt` tells.
        do_lower_case: Whether texts are to be lower-cased.

    Raises:
        ValueError: If the named model was trained the other way.
    """
    match = re.search(r"([A-Za-z0-9_-]+)/bert_model\.ckpt", prefix)
    name = match.group(1) if match else None
    expected = _RELEASED.get(name, do_lower_case)
    if expected != do_lower_case:
        casing = "lower-cased" if expected else "cased"
        raise ValueError(
            f"`do_lower_case` must be {expected} for {name}, which was "
            f"trained on {casing} text: --do_lower_case={str(expected).lower()}"
            f". Received: do_lower_case={do_lower_case}, "
            f"init_checkpoint={prefix}"
        )


def _casing_of(name: str) -> bool | None:
    """Whether the name tells of lower-cased text; None if it tells nothing."""
    parts = re.split(r"[^a-z]+", pathlib.PurePath(name).name.lower())
    if ("uncased" in parts) == ("cased" in parts):
        return None
    return "uncased" in parts


def _warn_of_ignored_options(
    values: Mapping[str, Any], path: pathlib.Path, lower: bool
) -> None:
    strip = values.get("strip_accents")
    ours = {
        "strip_accents": lower if strip is None else strip,
        "tokenize_chinese_chars": values.get("tokenize_chinese_chars", True),
    }
    does = {"strip_accents": lower, "tokenize_chinese_chars": True}
    for key, value in ours.items():
        if value != does[key]:
            logging.warning(
                "%s: %s=%r is not followed; this tokenizer acts as with %r.",
                path,
                key,
                value,
                does[key],
            )
