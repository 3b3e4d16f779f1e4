"""Words to the ids of their pieces or characters, without TensorFlow."""

import unicodedata
from collections.abc import Callable, Mapping

_MAX_WORD_SIZE = 100  # characters; longer words are unknown.
_MAX_WORDS = 2**18
_UNKNOWN = "[UNK]"


class WordIds(dict):
    """Ids of words: worked out once, then looked up.

    Starts anew when it holds 2**18 words, about 100 MB.

    Args:
        spell: Returns the ids of a word.
    """

    def __init__(self, spell: Callable[[str], tuple[int, ...]]):
        self._spell = spell

    def __missing__(self, word):
        ids = self._spell(word)
        if len(word) <= _MAX_WORD_SIZE:
            if len(self) >= _MAX_WORDS:
                self.clear()
            self[word] = ids
        return ids


class Pieces:
    """Spells a word with the longest pieces of a vocabulary, from the left.

    Args:
        ids: Ids of the tokens; pieces inside a word start with "##".
    """

    def __init__(self, ids: Mapping[str, int]):
        self._ids = ids
        self._unknown = (ids[_UNKNOWN],)
        self._longest = max(map(len, ids))

    def __call__(self, word: str) -> tuple[int, ...]:
        """Returns ids; [UNK]'s alone if the vocabulary cannot spell it."""
        parts = word.split()
        return tuple(i for part in parts for i in self._spell(part))

    def _spell(self, word):
        if len(word) > _MAX_WORD_SIZE:
            return self._unknown
        found, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                index = self._ids.get(prefix + word[start:end])
                if index is not None:
                    break
            else:
                return self._unknown
            found.append(index)
            start = end
        return found


class Characters:
    """Spells a word, as NFKC, with one token for each character.

    Args:
        ids: Ids of the tokens.
    """

    def __init__(self, ids: Mapping[str, int]):
        self._ids = ids
        self._unknown = ids[_UNKNOWN]

    def __call__(self, word: str) -> tuple[int, ...]:
        """Returns ids, [UNK]'s for a character without a token."""
        characters = unicodedata.normalize("NFKC", word)
        return tuple(self._ids.get(c, self._unknown) for c in characters)
