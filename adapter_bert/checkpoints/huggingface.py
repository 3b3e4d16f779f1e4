"""Names and files of Hugging Face BERT directories."""

import pathlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import safetensors

from adapter_bert.checkpoints.mapping import Rule, expand, transposed
from adapter_bert.checkpoints.torch_file import TorchTensors
from adapter_bert.config import read_json

# Tensors that an encoder does not need: pretraining heads, counters.
PASSENGERS = ("cls.*", "*.position_ids")

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLE = "pytorch_model.bin"
PICKLE_INDEX = "pytorch_model.bin.index.json"

# The first that is there is read.
FILES = (WEIGHTS, INDEX, PICKLE, PICKLE_INDEX)

_TABLES = ("word_embeddings", "token_type_embeddings", "position_embeddings")


def make_rules(num_layers: int, names: Iterable[str] = ()) -> list[Rule]:
    """Returns the table of names, for loading and for saving.

    Args:
        num_layers: Number of Transformer blocks.
        names: Tensor names of the file to load. They tell whether the
            encoder's names start with `bert.` and whether LayerNorms have
            `weight` and `bias` or, as in older files, `gamma` and `beta`.
            Empty: today's names, with the prefix.
    """
    names = set(names)
    bert = "" if "embeddings.word_embeddings.weight" in names else "bert."
    old = f"{bert}embeddings.LayerNorm.gamma" in names
    norm = ("gamma", "beta") if old else ("weight", "bias")
    rules = [
        Rule(f"embeddings/{table}", f"{bert}embeddings.{table}.weight")
        for table in _TABLES
    ]
    rules += _norm("embeddings/layer_norm", f"{bert}embeddings.LayerNorm", norm)
    layer = f"{bert}encoder.layer.{{}}"
    for ours, theirs in (
        ("attention/query", "attention.self.query"),
        ("attention/key", "attention.self.key"),
        ("attention/value", "attention.self.value"),
        ("attention/output", "attention.output.dense"),
        ("intermediate", "intermediate.dense"),
        ("output", "output.dense"),
    ):
        rules += _dense(f"layer_{{}}/{ours}", f"{layer}.{theirs}")
    for ours, theirs in (
        ("attention_layer_norm", "attention.output.LayerNorm"),
        ("output_layer_norm", "output.LayerNorm"),
    ):
        rules += _norm(f"layer_{{}}/{ours}", f"{layer}.{theirs}", norm)
    rules += _dense("pooler", f"{bert}pooler.dense")
    rules += _dense("classifier", "classifier")
    return expand(rules, num_layers)


def weights_file(path: str) -> str:
    """Returns the name that messages give to the weights file."""
    directory = pathlib.Path(path)
    return str(_find(directory) or directory / WEIGHTS)


def open_tensors(path: str) -> "SafetensorsTensors | TorchTensors":
    """Opens the weights in a Hugging Face directory.

    Raises:
        FileNotFoundError: If the directory holds none.
        ValueError: If a file is damaged or, being a pickle, asks for anything
            but tensors.
    """
    paths = _weights_files(pathlib.Path(path))
    if paths[0].suffix == ".safetensors":
        return SafetensorsTensors(paths)
    return TorchTensors(paths)


def check_has_weights(path: str) -> None:
    """Raises FileNotFoundError unless `open_tensors` would find its files."""
    _weights_files(pathlib.Path(path))


class SafetensorsTensors(Mapping[str, np.ndarray]):
    """Tensors of one or more files by name, each read when asked for."""

    def __init__(self, paths: Iterable[pathlib.Path]):
        self._files = {}
        for path in paths:
            try:
                file = safetensors.safe_open(path, framework="numpy")
            except safetensors.SafetensorError as error:
                raise ValueError(
                    f"{path}: not a readable safetensors file: {error}"
                ) from error
            self._files.update(dict.fromkeys(file.keys(), file))

    def __getitem__(self, name: str) -> np.ndarray:
        # Half-precision files too: a backend may not know bfloat16 arrays.
        array = self._files[name].get_tensor(name)
        return array.astype(np.float32, copy=False)

    # Without this, `Mapping` would read the tensor to answer.
    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def shape(self, name: str) -> tuple[int, ...]:
        """Returns the shape of a tensor without reading it."""
        return tuple(self._files[name].get_slice(name).get_shape())


def _find(directory: pathlib.Path) -> pathlib.Path | None:
    paths = (directory / name for name in FILES)
    return next((path for path in paths if path.is_file()), None)


def _weights_files(directory: pathlib.Path) -> list[pathlib.Path]:
    path = _find(directory)
    if path is None:
        raise FileNotFoundError(
            f"{directory}: no weights; expected {', '.join(FILES[:-1])} or "
            f"{FILES[-1]}."
        )
    return _shards(path) if path.suffix == ".json" else [path]


def _shards(index: pathlib.Path) -> list[pathlib.Path]:
    names = read_json(index).get("weight_map")
    if not isinstance(names, dict) or not names:
        raise ValueError(f"{index}: expected an object `weight_map`.")
    shards = [index.parent / name for name in sorted(set(names.values()))]
    missing = [str(shard) for shard in shards if not shard.is_file()]
    if missing:
        raise FileNotFoundError(
            f"{index} names file(s) that are missing: {', '.join(missing)}"
        )
    return shards


def _dense(ours: str, theirs: str) -> list[Rule]:
    return [
        transposed(f"{ours}/kernel", f"{theirs}.weight"),
        Rule(f"{ours}/bias", f"{theirs}.bias"),
    ]


def _norm(ours: str, theirs: str, names: tuple[str, str]) -> list[Rule]:
    gamma, beta = names
    return [
        Rule(f"{ours}/gamma", f"{theirs}.{gamma}"),
        Rule(f"{ours}/beta", f"{theirs}.{beta}"),
    ]
