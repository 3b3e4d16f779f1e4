"""The vocabulary file of a BERT tokenizer."""

import os
import pathlib

_SPECIAL = ("[CLS]", "[SEP]", "[UNK]")
_MAX_PIECE_SIZE = 256  # bytes; FastWordpieceTokenizer refuses longer ones.


def read_vocab(vocab_file: str | os.PathLike) -> tuple[str, ...]:
    """Returns the lines of a vocabulary, without surrounding whitespace.

    Args:
        vocab_file: UTF-8 file with one token a line. A token's id is its line
            number, counted from 0; of equal lines the last one counts.

    Raises:
        FileNotFoundError: If `vocab_file` is not there.
        ValueError: If it is not a vocabulary for BERT.
    """
    path = pathlib.Path(vocab_file)
    if not path.is_file():
        raise FileNotFoundError(
            f"`vocab_file` must be an existing file. Received: {path}"
        )
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"A vocabulary must be UTF-8. Received: {path}, line {line}: "
            f"{error.reason}"
        ) from None
    # `str.splitlines` would also cut at tokens such as U+2028.
    vocab = tuple(line.strip() for line in text.removesuffix("\n").split("\n"))
    _check_vocab(path, vocab)
    return vocab


def _check_vocab(path, vocab):
    if missing := [token for token in _SPECIAL if token not in vocab]:
        raise ValueError(
            f"A vocabulary must contain {', '.join(_SPECIAL)}. "
            f"Received: {path}, without {', '.join(missing)}"
        )
    for line, token in enumerate(vocab, 1):
        if (size := len(token.removeprefix("##").encode())) > _MAX_PIECE_SIZE:
            raise ValueError(
                f"A token must be at most {_MAX_PIECE_SIZE} bytes long. "
                f"Received: {path}, line {line}: {size} bytes"
            )
