"""A small encoder at its random start, to try a pipeline without weights.

It knows nothing; what is trained on it shows that everything runs, and no
more.
"""

import hashlib
import json
import os
import pathlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

from adapter_bert import files
from adapter_bert.checkpoints.casing import (
    TOKENIZER_CONFIG,
    read_tokenizer_config,
    resolve_do_lower_case,
)
from adapter_bert.checkpoints.checkpoint import Checkpoint
from adapter_bert.config import EncoderConfig
from adapter_bert.tokenization.vocabulary import read_vocab

NAME = "random-encoder"
KIND = "random"
NOTE = "RANDOM_ENCODER.txt"
# One seed for every run: an adapter is used on the encoder it was trained on.
SEED = 0
WARNING = (
    "The encoder is random: it has 2 layers at their random start and knows no "
    "language. This run shows that the pipeline works; its scores mean nothing."
)

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_MAX_CHARACTERS = 6000
_SHAPE = {
    "hidden_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 512,
    "hidden_act": "gelu",
    # 1 / sqrt(hidden_size): at BERT's 0.02 so narrow an encoder would attend
    # to everything alike, and learn next to nothing.
    "initializer_range": 0.09,
}


def find(
    vocab_file: str | os.PathLike | None, do_lower_case: bool | None = None
) -> Checkpoint:
    """Returns the random encoder for a vocabulary.

    Args:
        vocab_file: The vocabulary; a `tokenizer_config.json` beside it says
            how texts are split.
        do_lower_case: None: as that file says.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If no vocabulary is named, or it is none.
    """
    if vocab_file is None:
        raise ValueError(
            f"--init_checkpoint={NAME} needs a vocabulary: name it with "
            "--vocab_file."
        )
    path = pathlib.Path(vocab_file)
    values = read_tokenizer_config(path.parent, None)
    return Checkpoint(
        name=NAME,
        kind=KIND,
        path=NAME,
        encoder_config=EncoderConfig(
            vocab_size=len(read_vocab(path)), **_SHAPE
        ),
        config_file=NAME,
        vocab_file=os.path.abspath(path),
        do_lower_case=resolve_do_lower_case(
            values, path.parent, NAME, do_lower_case
        ),
        description=f"random encoder with the vocabulary {path}",
        tokenizer_config=values,
    )


def mark(directory: pathlib.Path, checkpoint: Checkpoint) -> None:
    """Leaves a note beside results if their encoder is random, else none.

    Tables of predictions have no place for it in themselves.
    """
    path = directory / NOTE
    if checkpoint.kind == KIND:
        files.write_text(path, f"{WARNING}\n")
    else:
        path.unlink(missing_ok=True)


def write_vocabulary(
    directory: str | os.PathLike, texts: Iterable[str]
) -> pathlib.Path:
    """Writes a vocabulary of the characters of `texts`, and its tokenizer.

    They go into a folder that is named by their content, so that what an
    earlier adapter was trained with is never replaced.

    Args:
        directory: Where that folder goes.
        texts: The training texts.

    Returns:
        The vocabulary's path.
    """
    counts = Counter()
    for text in texts:
        # As the tokenizer will see it.
        counts.update(unicodedata.normalize("NFKC", text))
    known = [c for c, _ in counts.most_common(_MAX_CHARACTERS) if c.strip()]
    lines = "".join(f"{line}\n" for line in [*_SPECIAL, *sorted(known)])
    name = hashlib.sha256(lines.encode()).hexdigest()[:12]
    folder = pathlib.Path(directory) / f"vocabulary_{name}"
    values = {
        "tokenizer_class": "BertJapaneseTokenizer",
        "do_lower_case": False,
        "word_tokenizer_type": "basic",
        "subword_tokenizer_type": "character",
    }
    text = json.dumps(values, indent=2) + "\n"
    files.write_text(folder / TOKENIZER_CONFIG, text)
    files.write_text(folder / "vocab.txt", lines)
    return folder / "vocab.txt"
