"""What is known of a pretrained encoder once it has been found."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from adapter_bert.config import EncoderConfig


@dataclasses.dataclass(frozen=True)
class Checkpoint:
    """A pretrained encoder that was found, with its config and vocabulary.

    Attributes:
        name: What finds it again, given to `locate`.
        kind: `tf1`, `huggingface` or `random`.
        path: Prefix of the TF1 files, the Hugging Face directory, or the name
            of the random encoder.
        encoder_config: The encoder's shape, as `config_file` has it.
        config_file: Path of the config that was read.
        vocab_file: Path of the vocabulary.
        do_lower_case: Whether the tokenizer lower-cases.
        description: What the encoder is and where it came from, in words.
        tokenizer_config: What its `tokenizer_config.json` says; empty without
            that file.
    """

    name: str
    kind: str
    path: str
    encoder_config: EncoderConfig
    config_file: str
    vocab_file: str
    do_lower_case: bool
    description: str
    tokenizer_config: Mapping[str, Any] = dataclasses.field(
        default_factory=dict
    )
