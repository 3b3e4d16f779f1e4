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
    directory: pathlib.Path, do_lower_case: bool | None
) -> bool:
    """Returns whether to lower-case, from the argument or the directory.

    Args:
        directory: Where `tokenizer_config.json` may lie.
        do_lower_case: Wins if given. None: the file's value, else True.

    Raises:
        ValueError: If the file asks for another tokenizer than WordPiece on
            words split at spaces and punctuation.
    """
    path = directory / TOKENIZER_CONFIG
    values = read_json(path) if path.is_file() else {}
    _refuse_other_tokenizers(values, path)
    lower = values.get("do_lower_case", True)
    if not isinstance(lower, bool):
        raise ValueError(
            f"{path}: `do_lower_case` must be true or false. "
            f"Received: do_lower_case={lower!r}"
        )
    lower = lower if do_lower_case is None else do_lower_case
    _warn_of_ignored_options(values, path, lower)
    return lower


def check_casing(name: str, do_lower_case: bool) -> None:
    """Refuses a casing that contradicts the checkpoint's own name.

    Args:
        name: TF1 prefix, directory or Hub id. What tells is the released TF1
            models' names, and a part `cased` or `uncased`.
        do_lower_case: Whether texts are to be lower-cased.

    Raises:
        ValueError: If the named model was trained the other way.
    """
    path = pathlib.PurePath(name)
    folder = path.parent.name if path.name == "bert_model.ckpt" else path.name
    expected = _casing_of(folder)
    if expected not in (None, do_lower_case):
        casing = "lower-cased" if expected else "cased"
        raise ValueError(
            f"`do_lower_case` must be {expected} for {folder}, which by its "
            f"name was trained on {casing} text: "
            f"--do_lower_case={str(expected).lower()}. "
            f"Received: do_lower_case={do_lower_case}, init_checkpoint={name}"
        )


def _casing_of(name: str) -> bool | None:
    """Whether the name tells of lower-cased text; None if it tells nothing."""
    if name in _RELEASED:
        return _RELEASED[name]
    parts = re.split(r"[^a-z]+", name.lower())
    if "uncased" in parts:
        return True
    return False if "cased" in parts else None


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
