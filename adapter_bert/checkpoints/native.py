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
from adapter_bert.checkpoints.adapter_json import (
    CONFIG,
    FORMAT,
    REQUIRED,
    VERSION,
    read_adapter_json,
)
from adapter_bert.config import EncoderConfig, read_json
from adapter_bert.files import replacing, write_text
from adapter_bert.fingerprint import fingerprint
from adapter_bert.problem_types import DEFAULT, DEFAULT_THRESHOLD
from adapter_bert.reports.json_text import to_json
from adapter_bert.trainable import trained_paths
from adapter_bert.tune_config import TuneConfig
from adapter_bert.validation import require_share

WEIGHTS = "adapter.safetensors"
# What the first artifacts did not say; all were adapters for single labels.
_OPTIONAL = ("problem_type", "thresholds", "tune")


@dataclasses.dataclass(frozen=True)
class Artifact:
    """What an artifact's directory says and holds.

    Attributes:
        directory: Where it was read from.
        adapter_config: Adapters and what trained beside them. None: there
            are none.
        tune: What trained.
        encoder_config: Shape of the encoder it was trained on.
        labels: Names of the outputs in the order of the logits.
        problem_type: What the logits mean.
        thresholds: Probability from which on each label is predicted.
        max_seq_length: Tokens after which texts were truncated.
        tokenizer: The tokenizer's config.
        fingerprint: `encoder` and `vocabulary` that it was trained on.
        details: Everything else in `adapter.json`: task, scores and so on.
        tensors: Trained values by variable path.
    """

    directory: pathlib.Path
    adapter_config: AdapterConfig | None
    tune: TuneConfig
    encoder_config: EncoderConfig
    labels: tuple[str, ...]
    problem_type: str
    thresholds: tuple[float, ...]
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
        FloatingPointError: If a value is not finite.
        ValueError: If a trained variable would be left out.
    """
    directory = pathlib.Path(directory)
    data = safetensors.numpy.save(_trained_tensors(model))
    adapter = model.adapter_config
    tokenizer = model.tokenizer
    values = {
        **(details or {}),
        "format": FORMAT,
        "format_version": VERSION,
        "adapter": adapter and adapter.to_dict(),
        "tune": model.tune.to_dict(),
        "encoder": model.encoder_config.to_dict(),
        "fingerprint": fingerprint(model),
        "labels": list(model.labels),
        "problem_type": model.problem_type,
        "thresholds": list(model.thresholds),
        "max_seq_length": model.max_seq_length,
        "tokenizer": tokenizer and tokenizer.get_config(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    text = json.dumps(values, indent=2, allow_nan=False) + "\n"
    # Both are whole on disk before either takes an old one's place.
    with (
        replacing(directory / WEIGHTS) as weights_file,
        replacing(directory / CONFIG) as config_file,
    ):
        weights_file.write_bytes(data)
        config_file.write_bytes(text.encode())


def add_details(
    directory: str | pathlib.Path, details: Mapping[str, Any]
) -> None:
    """Adds fields to the `adapter.json` of an artifact, or replaces them."""
    path = pathlib.Path(directory) / CONFIG
    values = {**read_json(path), **details}
    write_text(path, to_json(values, indent=2) + "\n")


def read(directory: str | pathlib.Path) -> Artifact:
    """Reads an artifact and checks that it is whole.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged or of another format.
    """
    directory = pathlib.Path(directory)
    values = read_adapter_json(directory)
    tensors = _read_tensors(directory / WEIGHTS, values["sha256"])
    try:
        return _artifact(directory, values, tensors)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{directory / CONFIG}: {error}") from error


def _trained_tensors(model):
    paths = trained_paths(model)
    if stray := {v.path for v in model.trainable_variables} - paths:
        raise ValueError(
            "These variables train, but the model's configs do not name "
            f"them, so they would be lost: {', '.join(sorted(stray))}"
        )
    tensors = {
        # NumPy alone cannot read bfloat16 back.
        v.path: keras.ops.convert_to_numpy(v.value).astype("float32")
        for v in model.weights
        if v.path in paths
    }
    if bad := [p for p, v in tensors.items() if not np.isfinite(v).all()]:
        raise FloatingPointError(
            f"Not saved, since {bad[0]} and {len(bad) - 1} other variable(s) "
            "are not finite. Lower `learning_rate`."
        )
    return tensors


def _artifact(directory, values, tensors):
    adapter, labels = values["adapter"], tuple(values["labels"])
    method = {"method": "adapters" if adapter else "full"}
    known = {"format", "format_version", *REQUIRED, *_OPTIONAL}
    return Artifact(
        directory=directory,
        adapter_config=adapter and AdapterConfig.from_dict(adapter),
        tune=TuneConfig.from_dict(values.get("tune", method)),
        encoder_config=EncoderConfig(**values["encoder"]),
        labels=labels,
        problem_type=values.get("problem_type", DEFAULT),
        thresholds=_thresholds(values, labels),
        max_seq_length=values["max_seq_length"],
        tokenizer=values["tokenizer"] or {},
        fingerprint=values["fingerprint"],
        details={k: v for k, v in values.items() if k not in known},
        tensors=tensors,
    )


def _thresholds(values, labels):
    thresholds = values.get("thresholds", [DEFAULT_THRESHOLD] * len(labels))
    if len(thresholds) != len(labels):
        raise ValueError(
            "`thresholds` must hold one number for each label. "
            f"Received: thresholds={thresholds}, labels={list(labels)}"
        )
    for threshold in thresholds:
        require_share("thresholds", threshold)
    return tuple(thresholds)


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
