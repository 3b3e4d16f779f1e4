"""Whether config, weights and vocabulary of a checkpoint fit each other."""

import re
from collections.abc import Iterable

from adapter_bert.checkpoints.mapping import Rule
from adapter_bert.checkpoints.source import Checkpoint

_WORDS = "embeddings/word_embeddings"

# Config key, the variable that shows it and the axis, in both formats alike.
_SIZES = (
    ("vocab_size", _WORDS, 0),
    ("hidden_size", _WORDS, 1),
    ("max_position_embeddings", "embeddings/position_embeddings", 0),
    ("type_vocab_size", "embeddings/token_type_embeddings", 0),
    ("intermediate_size", "layer_0/intermediate/bias", 0),
)


def check_agreement(
    checkpoint: Checkpoint, weights_file: str, tensors, rules: list[Rule]
) -> None:
    """Compares sizes that two files of a checkpoint both tell.

    Args:
        checkpoint: What was located.
        weights_file: Name of the weights file, for messages.
        tensors: Open tensors, of which only names and shapes are read.
        rules: Table of names for this checkpoint.

    Raises:
        ValueError: If the weights are no BERT encoder's, or two files differ,
            listing every difference with both files.
    """
    theirs = {rule.ours: rule.theirs for rule in rules}
    if theirs[_WORDS] not in tensors:
        raise ValueError(
            f"{weights_file}: no BERT encoder: there is no tensor "
            f"{theirs[_WORDS]}. It holds {_sample(tensors)}"
        )
    config = checkpoint.encoder_config
    found = {
        "num_hidden_layers": (_count_layers(tensors), "its tensors' names")
    }
    for key, ours, axis in _SIZES:
        name = theirs.get(ours)
        if name in tensors and len(tensors.shape(name)) > axis:
            shape = list(tensors.shape(name))
            found[key] = (shape[axis], f"{name} of shape {shape}")
    wrong = [
        f"  ! {key}: {getattr(config, key)} in {checkpoint.config_file}; "
        f"{size} in {weights_file}, by {source}\n"
        for key, (size, source) in found.items()
        if size != getattr(config, key)
    ]
    if wrong:
        raise ValueError(
            "Config and weights do not belong together.\n" + "".join(wrong)
        )
    _check_vocabulary(checkpoint, weights_file, found["vocab_size"][0])


def _check_vocabulary(
    checkpoint: Checkpoint, weights_file: str, num_embeddings: int
) -> None:
    with open(checkpoint.vocab_file, "rb") as file:
        num_lines = sum(1 for _ in file)
    # Fewer is usual: tables are padded to a round size.
    if num_lines > num_embeddings:
        raise ValueError(
            f"Vocabulary and weights do not belong together: {num_lines} "
            f"lines in {checkpoint.vocab_file}, but {num_embeddings} word "
            f"embeddings in {weights_file}"
        )


def _count_layers(names: Iterable[str]) -> int:
    numbers = (re.search(r"(?:^|[./])layer[._](\d+)[./]", n) for n in names)
    return 1 + max((int(m.group(1)) for m in numbers if m), default=-1)


def _sample(names: Iterable[str]) -> str:
    names = sorted(names)
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more
