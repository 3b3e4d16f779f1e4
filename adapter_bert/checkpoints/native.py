"""A task's artifact: one directory of two files.

`adapter.json` says what was trained on what; `adapter.safetensors` holds
every trained variable by path. The first carries the checksum of the second,
so that halves of two different writings are told apart.
"""

import dataclasses
import hashlib
import json
import pathlib
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import safetensors
import safetensors.numpy

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig, read_json
from adapter_bert.files import write_bytes, write_text
from adapter_bert.fingerprint import encoder_fingerprint, vocabulary_fingerprint
from adapter_bert.trainable import trains

CONFIG = "adapter.json"
WEIGHTS = "adapter.safetensors"
_FORMAT = "adapter_bert"
_VERSION = 1
_REQUIRED = (
    "adapter",
    "encoder",
    "fingerprint",
    "labels",
    "max_seq_length",
    "sha256",
    "tokenizer",
)


@dataclasses.dataclass(frozen=True)
class Artifact:
    """What an artifact's directory says and holds.

    Attributes:
        directory: Where it was read from.
        adapter_config: Adapters and what else was trained. None: everything.
        encoder_config: Shape of the encoder it was trained on.
        labels: Names of the classes in the order of the logits.
        max_seq_length: Tokens after which texts were truncated.
        tokenizer: The tokenizer's config.
        fingerprint: `encoder` and `vocabulary` that it was trained on.
        details: Everything else in `adapter.json`: task, scores and so on.
        tensors: Trained values by variable path.
    """

    directory: pathlib.Path
    adapter_config: AdapterConfig | None
    encoder_config: EncoderConfig
    labels: tuple[str, ...]
    max_seq_length: int
    tokenizer: Mapping[str, Any]
    fingerprint: Mapping[str, str | None]
    details: Mapping[str, Any]
    tensors: Mapping[str, np.ndarray]


def is_artifact(directory: str | pathlib.Path) -> bool:
    """Tells whether `directory` holds an artifact."""
    return (pathlib.Path(directory) / CONFIG).is_file()


def save(
    model: keras.Model,
    directory: str | pathlib.Path,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Writes every trained variable of `model`, and what it takes to use it.

    Args:
        model: Classifier from `load_classifier`.
        directory: Made if absent; an artifact in it is replaced.
        details: More fields for `adapter.json`, JSON-ready.

    Raises:
        ValueError: If a trained variable would be left out.
    """
    directory = pathlib.Path(directory)
    paths = trained_paths(model)
    stray = {v.path for v in model.trainable_variables} - paths
    if stray:
        raise ValueError(
            "These variables train, but the adapter config does not name "
            f"them, so they would be lost: {', '.join(sorted(stray))}"
        )
    tensors = {
        v.path: keras.ops.convert_to_numpy(v.value)
        for v in model.weights
        if v.path in paths
    }
    data = safetensors.numpy.save(tensors)
    adapter = model.adapter_config
    tokenizer = model.tokenizer
    values = {
        **(details or {}),
        "format": _FORMAT,
        "format_version": _VERSION,
        "adapter": adapter and adapter.to_dict(),
        "encoder": model.encoder_config.to_dict(),
        "fingerprint": _fingerprint(model),
        "labels": list(model.labels or map(str, range(model.num_labels))),
        "max_seq_length": model.max_seq_length,
        "tokenizer": tokenizer and tokenizer.get_config(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    directory.mkdir(parents=True, exist_ok=True)
    write_bytes(directory / WEIGHTS, data)
    write_text(directory / CONFIG, json.dumps(values, indent=2) + "\n")


def add_details(
    directory: str | pathlib.Path, details: Mapping[str, Any]
) -> None:
    """Adds fields to the `adapter.json` of an artifact, or replaces them."""
    path = pathlib.Path(directory) / CONFIG
    values = {**read_json(path), **details}
    write_text(path, json.dumps(values, indent=2) + "\n")


def read(directory: str | pathlib.Path) -> Artifact:
    """Reads an artifact and checks that it is whole.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged or of another format.
    """
    directory = pathlib.Path(directory)
    values = read_json(directory / CONFIG)
    if values.get("format") != _FORMAT:
        raise ValueError(
            f"{directory / CONFIG}: `format` must be {_FORMAT!r}. "
            f"Received: format={values.get('format')!r}"
        )
    if values.get("format_version") != _VERSION:
        raise ValueError(
            f"{directory / CONFIG}: `format_version` must be {_VERSION}; "
            "another release of this project wrote the file. "
            f"Received: format_version={values.get('format_version')!r}"
        )
    if missing := [name for name in _REQUIRED if name not in values]:
        raise ValueError(
            f"{directory / CONFIG}: missing key(s): {', '.join(missing)}"
        )
    known = {"format", "format_version", *_REQUIRED}
    try:
        adapter = values["adapter"]
        return Artifact(
            directory=directory,
            adapter_config=adapter and AdapterConfig.from_dict(adapter),
            encoder_config=EncoderConfig(**values["encoder"]),
            labels=tuple(values["labels"]),
            max_seq_length=values["max_seq_length"],
            tokenizer=values["tokenizer"] or {},
            fingerprint=values["fingerprint"],
            details={k: v for k, v in values.items() if k not in known},
            tensors=_read_tensors(directory / WEIGHTS, values["sha256"]),
        )
    except TypeError as error:
        raise ValueError(f"{directory / CONFIG}: {error}") from error


def assign(model: keras.Model, artifact: Artifact) -> None:
    """Copies an artifact's values into a model of its shape, or changes none.

    Raises:
        ValueError: If the model is another encoder, has another vocabulary,
            or variables and values do not match one to one.
    """
    expected, fingerprint = artifact.fingerprint, _fingerprint(model)
    for part, here in fingerprint.items():
        there = expected.get(part)
        if here is not None and there is not None and here != there:
            raise ValueError(
                f"{artifact.directory}: trained on another {part} than this "
                f"model has. There: SHA-256 {there[:16]}..., here: "
                f"{here[:16]}... It was trained on: "
                f"{artifact.details.get('base', 'not recorded')}"
            )
    here = model.tokenizer and model.tokenizer.get_config()
    if here and artifact.tokenizer and here != artifact.tokenizer:
        raise ValueError(
            f"{artifact.directory}: trained with another tokenizer. "
            f"There: {artifact.tokenizer}, here: {here}"
        )
    variables = {v.path: v for v in model.weights}
    paths = trained_paths(model)
    problems = [
        *(f"  - not in artifact: {p}" for p in paths - set(artifact.tensors)),
        *(f"  + not in model: {p}" for p in set(artifact.tensors) - paths),
    ]
    for path in paths & set(artifact.tensors):
        here, there = variables[path].shape, artifact.tensors[path].shape
        if tuple(here) != there:
            problems.append(f"  ! {path}: {here} here, {there} in artifact")
    if problems:
        raise ValueError(
            f"{artifact.directory}: does not fit the model.\n"
            + "\n".join(sorted(problems))
        )
    for path, values in artifact.tensors.items():
        variables[path].assign(values)


def trained_paths(model: keras.Model) -> set[str]:
    """Returns the paths that train under the model's adapter config."""
    adapter = model.adapter_config
    return {
        v.path
        for v in model.weights
        if adapter is None or trains(v.path, model.encoder_config, adapter)
    }


def _fingerprint(model):
    tokenizer = model.tokenizer
    return {
        "encoder": encoder_fingerprint(model),
        "vocabulary": tokenizer and vocabulary_fingerprint(tokenizer.vocab),
    }


def _read_tensors(path, sha256):
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file, though {CONFIG} is.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(
            f"{path}: not the file that {CONFIG} was written with: damaged, "
            "or the two come from different runs."
        )
    try:
        tensors = safetensors.numpy.load(data)
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path}: not a readable safetensors file: {error}"
        ) from error
    for name, values in tensors.items():
        if not np.isfinite(values).all():
            raise ValueError(f"{path}: {name} holds values that are not finite")
    return tensors
