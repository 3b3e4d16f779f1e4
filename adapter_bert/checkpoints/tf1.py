"""Names and files of TensorFlow 1 checkpoints, BERT's and adapter-BERT's."""

import pathlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from adapter_bert.checkpoints.mapping import Rule, expand, row, transposed

# Tensors that an encoder does not need: pretraining heads, optimizer state.
PASSENGERS = ("cls/*", "global_step", "*/adam_m", "*/adam_v")


def make_rules(num_layers: int, names: Iterable[str] = ()) -> list[Rule]:
    """Returns the table of names, for loading and for saving.

    Args:
        num_layers: Number of Transformer blocks.
        names: Not needed here: TF1 checkpoints have one set of names.
    """
    tables = [f"{t}_embeddings" for t in ("word", "token_type", "position")]
    dense, norm = ("kernel", "bias"), ("gamma", "beta")
    layer = "bert/encoder/layer_{}"
    rules = _pairs("embeddings", "bert/embeddings", tables)
    rules += _pairs("embeddings/layer_norm", "bert/embeddings/LayerNorm", norm)
    for ours, theirs in (
        ("attention/query", "attention/self/query"),
        ("attention/key", "attention/self/key"),
        ("attention/value", "attention/self/value"),
        ("attention/output", "attention/output/dense"),
        ("intermediate", "intermediate/dense"),
        ("output", "output/dense"),
    ):
        rules += _pairs(f"layer_{{}}/{ours}", f"{layer}/{theirs}", dense)
    for ours, theirs in (
        ("layer_{}/attention", f"{layer}/attention/output"),
        ("layer_{}/output", f"{layer}/output"),
    ):
        rules += _adapter(f"{ours}_adapter", f"{theirs}/adapters")
        rules += _pairs(f"{ours}_layer_norm", f"{theirs}/LayerNorm", norm)
    rules += _pairs("pooler", "bert/pooler/dense", dense)
    rules += [
        transposed("classifier/kernel", "output_weights"),
        Rule("classifier/bias", "output_bias"),
    ]
    return expand(rules, num_layers)


def is_prefix(path: str) -> bool:
    """Returns whether `path` is the prefix of a TF1 checkpoint's files."""
    return pathlib.Path(f"{path}.index").is_file()


def weights_file(path: str) -> str:
    """Returns the name that messages give to the weights file."""
    return path


def open_tensors(path: str) -> "Tf1Tensors":
    """Opens the checkpoint whose files start with `path`.

    Raises:
        FileNotFoundError: If there are no such files.
        ValueError: If TensorFlow cannot read them.
    """
    return Tf1Tensors(path)


class Tf1Tensors(Mapping[str, np.ndarray]):
    """Tensors of a TF1 checkpoint by name, each read when asked for."""

    def __init__(self, prefix: str):
        if not is_prefix(prefix):
            raise FileNotFoundError(
                f"{prefix}: no TF1 checkpoint; expected the file {prefix}.index"
            )
        tf = _import_tensorflow(prefix)
        self._prefix = prefix
        # A data file that ends too early is an IndexError.
        self._errors = (tf.errors.OpError, RuntimeError, IndexError)
        try:
            self._reader = tf.train.load_checkpoint(prefix)
            self._shapes = self._reader.get_variable_to_shape_map()
        except self._errors as error:
            raise self._unreadable(error) from error

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._shapes:
            raise KeyError(name)
        try:
            return self._reader.get_tensor(name)
        except self._errors as error:
            raise self._unreadable(error) from error

    # Without this, `Mapping` would read the tensor to answer.
    def __contains__(self, name: object) -> bool:
        return name in self._shapes

    def __iter__(self) -> Iterator[str]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def shape(self, name: str) -> tuple[int, ...]:
        """Returns the shape of a tensor without reading it."""
        return tuple(self._shapes[name])

    def _unreadable(self, error: Exception) -> ValueError:
        return ValueError(
            f"{self._prefix}: not a readable TF1 checkpoint, or its "
            f".data-00000-of-... file is missing or damaged: {error}"
        )


def _pairs(ours: str, theirs: str, names: Iterable[str]) -> list[Rule]:
    return [Rule(f"{ours}/{name}", f"{theirs}/{name}") for name in names]


def _adapter(ours: str, theirs: str) -> list[Rule]:
    return [
        Rule(f"{ours}/down/kernel", f"{theirs}/weights1"),
        row(f"{ours}/down/bias", f"{theirs}/biases1"),
        Rule(f"{ours}/up/kernel", f"{theirs}/weights2"),
        row(f"{ours}/up/bias", f"{theirs}/biases2"),
    ]


def _import_tensorflow(prefix: str):
    # A JAX user without TensorFlow may import this module.
    try:
        import tensorflow as tf
    except ModuleNotFoundError as error:
        raise ImportError(
            f"{prefix}: reading a TF1 checkpoint needs TensorFlow: "
            "pip install tensorflow"
        ) from error
    return tf
