"""How a Japanese tokenizer splits text, in the words of its config file."""

import dataclasses
from typing import Any

from adapter_bert.names import did_you_mean
from adapter_bert.tokenization.mecab_dictionaries import (
    require_dictionary_name,
)
from adapter_bert.validation import field_error, require_choice

WORD_TOKENIZERS = ("basic", "mecab")
SUBWORD_TOKENIZERS = ("wordpiece", "character")

# Known to transformers, and not to this project.
_ELSEWHERE = ("jumanpp", "sentencepiece", "sudachi")


@dataclasses.dataclass(frozen=True)
class JapaneseOptions:
    """The choices that make one Japanese tokenizer differ from another.

    Attributes:
        word_tokenizer_type: `basic` (at whitespace and punctuation) or
            `mecab`.
        subword_tokenizer_type: `wordpiece` or `character`.
        do_lower_case: Whether words are lower-cased; `basic` then also
            strips accents.
        never_split: Words that are not lower-cased, and that `basic` leaves
            whole.
        mecab_dic: Dictionary of `mecab`: `unidic_lite`, `ipadic` or `unidic`,
            or None for the one that `mecab_option` names.
        mecab_option: Further options of MeCab's command line.
        normalize_text: Whether `mecab` reads texts as NFKC.

    Raises:
        ValueError: If a value is none of those.
    """

    word_tokenizer_type: str = "basic"
    subword_tokenizer_type: str = "wordpiece"
    do_lower_case: bool = False
    never_split: tuple[str, ...] = ()
    mecab_dic: str | None = "unidic_lite"
    mecab_option: str = ""
    normalize_text: bool = True

    def __post_init__(self):
        for name, known in (
            ("word_tokenizer_type", WORD_TOKENIZERS),
            ("subword_tokenizer_type", SUBWORD_TOKENIZERS),
        ):
            _require_known(name, getattr(self, name), known)
        for name in ("do_lower_case", "normalize_text"):
            require_choice(name, getattr(self, name), (True, False))
        never_split = self.never_split
        if isinstance(never_split, str) or not all(
            isinstance(word, str) for word in never_split
        ):
            raise field_error("never_split", "a list of strings", never_split)
        object.__setattr__(self, "never_split", tuple(never_split))
        if not isinstance(self.mecab_option, str):
            raise field_error("mecab_option", "a string", self.mecab_option)
        if self.word_tokenizer_type == "mecab" and self.mecab_dic is not None:
            require_dictionary_name(self.mecab_dic)

    def get_config(self) -> dict[str, Any]:
        """Returns the choices that matter, for a JSON file."""
        config = dataclasses.asdict(self)
        config["never_split"] = list(self.never_split)
        if self.word_tokenizer_type != "mecab":
            for name in ("mecab_dic", "mecab_option", "normalize_text"):
                del config[name]
        return config


def _require_known(name, value, known):
    if value in known:
        return
    if value in _ELSEWHERE:
        raise ValueError(
            f"`{name}` must be {' or '.join(map(repr, known))}; {value} is "
            f"known to transformers but not supported here. "
            f"Received: {name}={value!r}"
        )
    raise ValueError(
        f"`{name}` must be {' or '.join(map(repr, known))}; "
        f"{did_you_mean(str(value), known)}. Received: {name}={value!r}"
    )
