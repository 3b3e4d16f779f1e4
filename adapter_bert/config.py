"""Shape of an encoder, read from either kind of BERT config file."""

import dataclasses
import json
import pathlib
from collections.abc import Mapping
from typing import Any

from absl import logging

from adapter_bert.validation import (
    require_choice,
    require_positive,
    require_positive_integer,
    require_rate,
)

_REQUIRED = (
    "vocab_size",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
)
# Names of the non-linearities in `layers/activations.py`, which needs Keras.
ACTIVATIONS = ("gelu", "gelu_new", "linear", "relu", "silu", "tanh")


@dataclasses.dataclass(frozen=True)
class EncoderConfig:
    """Shape and constants of a BERT encoder, under BERT's own config keys.

    Attributes:
        vocab_size: Number of WordPiece entries.
        hidden_size: Width of the residual stream, in units.
        num_hidden_layers: Number of Transformer blocks.
        num_attention_heads: Heads per block; must divide `hidden_size`.
        intermediate_size: Width of the feed-forward layer, in units.
        hidden_act: Feed-forward non-linearity. `gelu` is the erf form and
            `gelu_new` the tanh form, whatever the file called it.
        hidden_dropout_prob: Dropout of embeddings and sub-layer outputs.
        attention_probs_dropout_prob: Dropout of attention probabilities.
        max_position_embeddings: Longest sequence, in tokens.
        type_vocab_size: Number of segment ids.
        initializer_range: Standard deviation of a fresh encoder's weights.
        layer_norm_eps: Epsilon of every LayerNorm.

    Raises:
        ValueError: If a size is not positive, heads do not divide the hidden
            size, or `hidden_act` is unknown.
    """

    vocab_size: int
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = "gelu_new"
    hidden_dropout_prob: float = 0.1
    attention_probs_dropout_prob: float = 0.1
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12

    def __post_init__(self):
        """Rejects shapes that no encoder can have."""
        for name in (*_REQUIRED, "max_position_embeddings", "type_vocab_size"):
            require_positive_integer(name, getattr(self, name))
        require_positive("layer_norm_eps", self.layer_norm_eps)
        for name in (
            "attention_probs_dropout_prob",
            "hidden_dropout_prob",
            "initializer_range",
        ):
            require_rate(name, getattr(self, name))
        require_choice("hidden_act", self.hidden_act, ACTIVATIONS)
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                "`hidden_size` must be a multiple of `num_attention_heads`. "
                f"Received: hidden_size={self.hidden_size}, "
                f"num_attention_heads={self.num_attention_heads}"
            )

    @classmethod
    def from_tf1(cls, path: str | pathlib.Path) -> "EncoderConfig":
        """Reads a `bert_config.json` that goes with a TF1 checkpoint.

        There, `gelu` names the tanh approximation (`modeling.py`, `gelu`).
        """
        values = read_json(path)
        if values.get("hidden_act", "gelu") == "gelu":
            values["hidden_act"] = "gelu_new"
        values.setdefault("type_vocab_size", 16)  # the original's default
        return cls._from_values(values, path)

    @classmethod
    def from_huggingface(cls, path: str | pathlib.Path) -> "EncoderConfig":
        """Reads the `config.json` of a Hugging Face BERT directory.

        There, `gelu` names the erf form.
        """
        values = read_json(path)
        values.setdefault("hidden_act", "gelu")
        return cls._from_values(values, path)

    @classmethod
    def _from_values(cls, values: Mapping[str, Any], path) -> "EncoderConfig":
        _refuse_other_architectures(values, path)
        known = {field.name for field in dataclasses.fields(cls)}
        missing = [name for name in _REQUIRED if name not in values]
        if missing:
            raise ValueError(f"{path}: missing key(s): {', '.join(missing)}.")
        other = sorted(set(values) - known)
        if other:
            logging.debug("%s: keys not used: %s", path, ", ".join(other))
        try:
            return cls(**{k: v for k, v in values.items() if k in known})
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path}: {error}") from error

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)


def read_json(path: str | pathlib.Path) -> dict[str, Any]:
    """Reads a JSON object, or says which file is not one.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds no JSON object.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; expected a JSON file.")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: not a JSON file: {error}") from error
    if not isinstance(values, dict):
        raise ValueError(f"{path}: expected a JSON object at the top level.")
    return values


def _refuse_other_architectures(values: Mapping[str, Any], path) -> None:
    expected = {
        "model_type": "bert",
        "position_embedding_type": "absolute",
        "is_decoder": False,
        "add_cross_attention": False,
    }
    for key, only in expected.items():
        if values.get(key, only) != only:
            raise ValueError(
                f"{path}: `{key}` must be {only!r}; other encoders are not "
                f"supported. Received: {key}={values[key]!r}"
            )
