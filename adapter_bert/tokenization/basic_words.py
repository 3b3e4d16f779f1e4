"""Text to words at whitespace and punctuation, without TensorFlow.

Unlike the words of an English BERT, ideographs do not stand alone here.
"""

import unicodedata
from collections.abc import Collection

_REPLACEMENT_CHARACTER = 0xFFFD


class BasicWords:
    """Splits texts at whitespace and around punctuation.

    Args:
        do_lower_case: Whether words are lower-cased and lose their accents,
            the voicing marks of kana among them.
        never_split: Words that stay as they are.
    """

    def __init__(
        self, do_lower_case: bool = False, never_split: Collection[str] = ()
    ):
        self.do_lower_case = do_lower_case
        self._never_split = frozenset(never_split)
        self._clean = _Table(_cleaned)
        self._apart = _Table(_set_apart)

    def split(self, text: str) -> list[str]:
        """Returns the words of a text."""
        text = unicodedata.normalize("NFC", text.translate(self._clean))
        words = []
        for token in text.split():
            if self.do_lower_case and token not in self._never_split:
                token = _strip_accents(token.lower())
            if token in self._never_split:
                words.append(token)
            else:
                words += token.translate(self._apart).split()
        return words


class _Table(dict):
    """What `str.translate` looks characters up in, filled as they come."""

    def __init__(self, translate):
        self._translate = translate

    def __missing__(self, code):
        self[code] = result = self._translate(code)
        return result


def _cleaned(code):
    character = chr(code)
    category = unicodedata.category(character)
    if character in "\t\n\r" or category == "Zs":
        return " "
    if code == _REPLACEMENT_CHARACTER or category.startswith("C"):
        return None
    return code


def _set_apart(code):
    character = chr(code)
    # Unicode calls some of ASCII's punctuation symbols: "$", "+", "^", "|".
    symbol = character.isascii() and not character.isalnum() and code > 0x20
    if symbol and code < 0x7F:
        return f" {character} "
    if unicodedata.category(character).startswith("P"):
        return f" {character} "
    return code


def _strip_accents(word):
    return "".join(
        character
        for character in unicodedata.normalize("NFD", word)
        if unicodedata.category(character) != "Mn"
    )
