"""Words of every Unicode character, against the original's rules."""

import os
import pathlib
import subprocess
import sys
import unicodedata

import pytest
import tensorflow as tf

from adapter_bert.tokenization.words import split_words
from tests.tokenization.original_rules import split_words as original_words

# TensorFlow lowers with ICU's tables of Unicode 13; Python 3.11 knows 14. All
# that follows was new in 14 but U+1734, which stopped being ignorable there.
NEW_CAPITALS = """2C2F A7C0 A7D0 A7D6 A7D8 10570-1057A 1057C-1058A
    1058C-10592 10594-10595"""
NEW_AROUND_A_SIGMA = """888 898-89F 8C9-8D2 C3C 1734 180F 1AC1-1ACE 1DFA 2C5F
    A7C1 A7D1 A7D3 A7D5 A7D7 A7D9 A7F2-A7F4 FBC2 10597-105A1 105A3-105B1
    105B3-105B9 105BB-105BC 10780-10785 10787-107B0 107B2-107BA 10F82-10F85
    11070 11073-11074 110C2 1AFF0-1AFF3 1AFF5-1AFFB 1AFFD-1AFFE 1CF00-1CF2D
    1CF30-1CF46 1DF00-1DF09 1DF0B-1DF1E 1E2AE"""

python_of_unicode_14 = pytest.mark.skipif(
    unicodedata.unidata_version != "14.0.0",
    reason="the lists of new characters are Python 3.11's",
)


def code_points(ranges):
    """Reads code points such as `2C2F 10570-1057A`."""
    ends = [entry.split("-") for entry in ranges.split()]
    return {
        code
        for end in ends
        for code in range(int(end[0], 16), int(end[-1], 16) + 1)
    }


def assigned(skipped=()):
    """Yields all characters but the later two thirds of private use."""
    for code in range(0xF0100):
        category = unicodedata.category(chr(code))
        if category not in ("Cn", "Cs", *skipped):
            yield chr(code)


def differing(characters, pattern, do_lower_case):
    """Code points for which ours and the original's words differ."""
    texts = [pattern.replace("{}", character) for character in characters]
    ours = tf.strings.reduce_join(
        split_words(tf.constant(texts), do_lower_case), separator="|", axis=1
    )
    return {
        ord(character)
        for character, text, words in zip(
            characters, texts, ours.numpy(), strict=True
        )
        if words.decode() != "|".join(original_words(text, do_lower_case))
    }


@python_of_unicode_14
def test_every_character_alone_and_in_a_word_cased():
    assert not differing(list(assigned()), "{} a{}b", do_lower_case=False)


@python_of_unicode_14
def test_every_character_alone_and_in_a_word_uncased():
    found = differing(list(assigned()), "{} a{}b", do_lower_case=True)
    assert found <= code_points(NEW_CAPITALS)


@python_of_unicode_14
@pytest.mark.parametrize("pattern", ["ΑΣ{}Α {}Σ", "ΑΣ{} Α{}Σ", "Α'{}Σ{}:Α"])
def test_every_character_around_a_sigma(pattern):
    characters = [
        character
        for character in assigned(skipped=["Co"])
        # Ideographs and the like; the rule knows cased or ignorable letters.
        if character < "\u3400" or unicodedata.category(character) != "Lo"
    ]
    assert len(characters) > 15_000
    found = differing(characters, pattern, do_lower_case=True)
    assert found <= code_points(NEW_CAPITALS) | code_points(NEW_AROUND_A_SIGMA)


def test_bytes_that_are_not_utf8_are_dropped():
    texts = [b"a\xe4\xb8b", b"\xed\xa0\x80c", b"\xc0\x80d", b"e\xff \xf0\x9f"]
    words = split_words(tf.constant(texts), do_lower_case=True)
    assert words.to_list() == [[b"ab"], [b"c"], [b"d"], [b"e"]]


def test_a_turkish_locale_changes_nothing():
    text = "DIVIDING I\u0307I\u0300\u0130"
    script = (
        "import tensorflow as tf\n"
        "from adapter_bert.tokenization.words import split_words\n"
        f"words = split_words(tf.constant([{text!r}]), True)\n"
        "print(ascii([word.decode() for word in words[0].numpy()]))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=pathlib.Path(__file__).parents[2],
        env=os.environ | {"LC_ALL": "tr_TR.UTF-8", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == ascii(original_words(text, True))
