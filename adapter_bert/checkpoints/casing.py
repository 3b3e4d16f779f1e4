"""Which tokenizer a checkpoint wants: lower-casing, and refusals."""

import pathlib
import re

from absl import logging

from adapter_bert.config import read_json

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


def resolve_do_lower_case(
    directory: pathlib.Path, name: str, do_lower_case: bool | None
) -> bool:
    """Returns whether to lower-case: as asked, or as the checkpoint says.

    Args:
        directory: Where `tokenizer_config.json` may lie.
        name: What the checkpoint is called; `cased` or `uncased` in it tells
            where that file does not.
        do_lower_case: Wins if given, with a warning where it contradicts the
            file or the name. None: the file's value, else the name's, else
            True.

    Raises:
        ValueError: If the file asks for another tokenizer than WordPiece on
            words split at spaces and punctuation.
    """
    path = directory / TOKENIZER_CONFIG
    values = read_json(path) if path.is_file() else {}
    _refuse_other_tokenizers(values, path)
    own = values.get("do_lower_case", _casing_of(name))
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
    lower = True if own is None else own
    lower = lower if do_lower_case is None else do_lower_case
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


def _refuse_other_tokenizers(values: dict, path: pathlib.Path) -> None:
    japanese = "Japanese tokenizers are not supported yet"
    for key, only in (
        ("word_tokenizer_type", "basic"),
        ("subword_tokenizer_type", "wordpiece"),
    ):
        if values.get(key, only) != only:
            raise ValueError(
                f"{path}: `{key}` must be {only!r}; {japanese}. "
                f"Received: {key}={values[key]!r}"
            )
    name = str(values.get("tokenizer_class", ""))
    if name.startswith("BertJapaneseTokenizer"):
        raise ValueError(
            f"{path}: {japanese}. Received: tokenizer_class={name!r}"
        )


def _warn_of_ignored_options(
    values: dict, path: pathlib.Path, lower: bool
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
