"""What a run left in its folder."""

import hashlib
import json
import pathlib

import numpy as np
import safetensors.numpy

from adapter_bert.checkpoints import native


def contents(directory: pathlib.Path) -> dict[str, bytes]:
    """Returns the bytes of every file in `directory` itself, by name."""
    return {
        path.name: path.read_bytes()
        for path in directory.iterdir()
        if path.is_file()
    }


def read_scores(directory: pathlib.Path) -> dict[str, float]:
    """Returns what `eval_results.txt` says."""
    lines = (directory / "eval_results.txt").read_text().splitlines()
    pairs = (line.split(" = ") for line in lines)
    return {name: float(value) for name, value in pairs}


def read_results(directory: pathlib.Path) -> dict:
    """Returns what `eval_results.json` says."""
    return json.loads((directory / "eval_results.json").read_text())


def read_probabilities(
    directory: pathlib.Path, name: str = "test_results.tsv"
) -> list[list[float]]:
    """Returns the rows of numbers in `test_results.tsv`."""
    lines = (directory / name).read_text().splitlines()
    return [[float(cell) for cell in line.split("\t")] for line in lines]


def read_cells(path: pathlib.Path) -> list[list[str]]:
    """Returns the cells of a TSV file by row, those of its header first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def read_history(directory: pathlib.Path, kind: str) -> list[dict]:
    """Returns the records of a kind, `train` or `eval`, in their order."""
    lines = (directory / "history.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    return [record for record in records if record["kind"] == kind]


def add_to_bias(directory: pathlib.Path, values: list[float]) -> None:
    """Adds to the biases of a trained head: one output then prevails."""
    tensors = {
        path: tensor.astype("float32")
        for path, tensor in native.read(directory).tensors.items()
    }
    tensors["classifier/bias"] += np.array(values, "float32")
    data = safetensors.numpy.save(tensors)
    (directory / native.WEIGHTS).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    native.add_details(directory, {"sha256": digest})
