"""Japanese text to words with MeCab."""

import re
import unicodedata
from collections.abc import Collection

from adapter_bert.tokenization.mecab_dictionaries import find_dictionary

_SURROGATE = re.compile("[\ud800-\udfff]")


class MecabWords:
    """Splits texts into the words that MeCab finds in them.

    Args:
        mecab_dic: Dictionary: `unidic_lite`, `ipadic`, `unidic`, or None for
            the one that `mecab_option` names.
        mecab_option: Further options of MeCab's command line.
        normalize_text: Whether texts become NFKC first.
        do_lower_case: Whether words are lower-cased.
        never_split: Words that keep their capitals.

    Attributes:
        package: Name and version of the dictionary's package, or None.
        version: Version of the dictionary. One without a package is told by
            its number of entries.

    Raises:
        ImportError: If fugashi or the dictionary is not installed.
        ValueError: If MeCab does not start with these options.
    """

    def __init__(
        self,
        mecab_dic: str | None = "unidic_lite",
        mecab_option: str = "",
        normalize_text: bool = True,
        do_lower_case: bool = False,
        never_split: Collection[str] = (),
    ):
        self.normalize_text = normalize_text
        self.do_lower_case = do_lower_case
        self._never_split = frozenset(never_split)
        dictionary = None if mecab_dic is None else find_dictionary(mecab_dic)
        if dictionary is not None:
            mecab_option = f"{dictionary.options} {mecab_option}"
        self._tagger = _start(mecab_option)
        self.package = dictionary and dictionary.package
        self.version = dictionary.version if dictionary else self._size()

    def split(self, text: str) -> list[str]:
        """Returns the words of a text."""
        if self.normalize_text:
            text = unicodedata.normalize("NFKC", text)
        try:
            words = self._surfaces(text)
        except UnicodeEncodeError:
            words = self._surfaces(_SURROGATE.sub("\ufffd", text))
        if not self.do_lower_case:
            return words
        keep = self._never_split
        return [word if word in keep else word.lower() for word in words]

    def _size(self):
        sizes = [str(part["size"]) for part in self._tagger.dictionary_info]
        return f"{' + '.join(sizes)} entries"

    def _surfaces(self, text):
        # One string with spaces between is a third faster than node by node,
        # but loses the whitespace that a word may have in it.
        if text.split(None, 1) == [text]:
            return self._tagger.parse(text).split(" ")
        return [node.surface for node in self._tagger(text)]


def _start(options):
    try:
        import fugashi
    except ImportError as error:
        raise ImportError(
            "word_tokenizer_type='mecab' needs the package fugashi: pip "
            f"install fugashi ({error})"
        ) from None
    try:
        tagger = fugashi.GenericTagger(f"{options} -Owakati")
    except (RuntimeError, ValueError) as error:
        raise ValueError(
            "`mecab_option` must be options that MeCab starts with. Received: "
            f"{options!r}: {_reason(error)}"
        ) from None
    charsets = {part["charset"] for part in tagger.dictionary_info}
    if odd := {c for c in charsets if c.lower().replace("-", "") != "utf8"}:
        raise ValueError(
            "MeCab's dictionary must be made for UTF-8. Received: "
            f"{', '.join(sorted(odd))} with {options!r}"
        )
    return tagger


def _reason(error):
    # fugashi writes a page; MeCab's own words stand above the last rule.
    lines = [line for line in str(error).splitlines() if line.strip("-")]
    return lines[-1] if lines else type(error).__name__
