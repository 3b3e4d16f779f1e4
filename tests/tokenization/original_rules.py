"""The original BERT tokenizer's rules in plain Python, for comparison.

Written from the description in words; slow and meant to be read.
"""

import unicodedata

CJK_BLOCKS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def clean(text):
    """Drops what is invisible, makes whitespace spaces, spaces out CJK."""
    characters = []
    for character in text:
        category = unicodedata.category(character)
        if character in "\t\n\r" or category == "Zs":
            characters.append(" ")
        elif category in ("Cc", "Cf") or character == "\ufffd":
            continue
        elif any(low <= ord(character) <= high for low, high in CJK_BLOCKS):
            characters.append(f" {character} ")
        else:
            characters.append(character)
    return "".join(characters)


def strip_accents(token):
    return "".join(
        character
        for character in unicodedata.normalize("NFD", token)
        if unicodedata.category(character) != "Mn"
    )


def is_punctuation(character):
    return character in ASCII_PUNCTUATION or unicodedata.category(
        character
    ).startswith("P")


def split_words(text, do_lower_case):
    """Returns the words of `text`, each punctuation mark one of them."""
    words = []
    for token in clean(text).split():
        if do_lower_case:
            token = strip_accents(token.lower())
        word = ""
        for character in token:
            if is_punctuation(character):
                words += [word, character]
                word = ""
            else:
                word += character
        words.append(word)
    # The original joins the words with spaces and splits once more.
    return " ".join(words).split()


def split_pieces(word, ids):
    """Cuts `word` into the longest known pieces, greedily from the left."""
    if len(word) > 200:
        return ["[UNK]"]
    pieces = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            if prefix + word[start:end] in ids:
                pieces.append(prefix + word[start:end])
                start = end
                break
        else:
            return ["[UNK]"]
    return pieces


def tokenize(text, ids, do_lower_case):
    """Returns the ids of `text`; `ids` maps every token to its own."""
    return [
        ids[piece]
        for word in split_words(text, do_lower_case)
        for piece in split_pieces(word, ids)
    ]


def pack(first, second, max_seq_length, cls_id, sep_id):
    """Returns the ids and segment ids of one row, from lists of ids."""
    first, second = list(first), list(second or [])
    if second:
        while len(first) + len(second) > max_seq_length - 3:
            (first if len(first) > len(second) else second).pop()
    else:
        first = first[: max_seq_length - 2]
    input_ids = [cls_id, *first, sep_id]
    segment_ids = [0] * len(input_ids)
    if second:
        input_ids += [*second, sep_id]
        segment_ids += [1] * (len(second) + 1)
    return input_ids, segment_ids
