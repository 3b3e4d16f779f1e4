"""Loading a classifier, and moving adapters in and out of it."""

import os
import pathlib
from collections.abc import Sequence

import keras
from absl import logging

from adapter_bert.adapter_config import AdapterConfig, get_recipe
from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.fitting import (
    assign_artifact,
    check_encoder_config,
)
from adapter_bert.checkpoints.loading import load_checkpoint
from adapter_bert.checkpoints.source import Checkpoint, locate
from adapter_bert.models.classifier import BertClassifier
from adapter_bert.models.initialization import initialize

_DEFAULT_LENGTH = 128  # tokens
_FRESH = r"_adapter/|^classifier/|^pooler/"
_TASK_PARTS = ("_adapter/", "classifier/")


def load_classifier(
    checkpoint: str | os.PathLike | Checkpoint,
    num_labels: int | None = None,
    adapter: AdapterConfig | str | os.PathLike | None = "houlsby2019",
    *,
    labels: Sequence[str] | None = None,
    max_seq_length: int | None = None,
    seed: int = 1,
) -> BertClassifier:
    """Loads a pretrained encoder and puts adapters and a head on it.

    Args:
        checkpoint: TF1 prefix, Hugging Face directory, Hub id, or what
            `locate` found.
        num_labels: Number of classes. Defaults to the labels', else 2.
        adapter: Adapter config, recipe's name, directory of a trained
            adapter, or None for no adapters: then everything trains.
        labels: Names of the classes in the order of the logits.
        max_seq_length: Tokens after which texts are truncated. Defaults to
            the trained adapter's, else 128 or what the encoder can take.
        seed: Fixes the weights that no file gives.

    Returns:
        A `keras.Model` that also holds `encoder_config`, `adapter_config`,
        `labels`, `tokenizer`, `max_seq_length` and `load_report`.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If files and arguments do not fit together.
    """
    if not isinstance(checkpoint, Checkpoint):
        checkpoint = locate(checkpoint)
    artifact = None
    if isinstance(adapter, str | os.PathLike):
        if native.is_artifact(adapter) or _is_path(adapter):
            artifact = native.read(adapter)
            adapter = artifact.adapter_config
            labels = _same(labels, artifact.labels, artifact)
            if max_seq_length is None:
                max_seq_length = artifact.max_seq_length
            check_encoder_config(checkpoint.encoder_config, artifact)
        else:
            adapter = get_recipe(os.fspath(adapter))
    labels = _check_labels(num_labels, labels)
    model = BertClassifier(checkpoint.encoder_config, adapter, len(labels))
    model.labels = labels
    model.max_seq_length = _check_length(checkpoint, max_seq_length)
    initialize(model, seed, only=_FRESH)
    model.load_report = load_checkpoint(
        model, checkpoint, train_pooler=adapter is None
    )
    model.tokenizer = _tokenizer(checkpoint)
    if artifact is not None:
        assign_artifact(model, artifact)
    return model


def save_adapter(
    model: keras.Model, directory: str | os.PathLike, format: str = "native"
) -> None:
    """Writes what was trained: adapters, LayerNorms, head.

    Args:
        model: Classifier from `load_classifier`.
        directory: Made if absent; an adapter in it is replaced.
        format: `native`, so far the only one that is written.
    """
    if format != "native":
        raise ValueError(f"`format` must be 'native'. Received: {format!r}")
    native.save(model, directory, {"base": model.load_report.source})


def load_adapter(
    model: keras.Model, directory: str | os.PathLike
) -> BertClassifier:
    """Returns a classifier with a trained adapter, on the base of `model`.

    Args:
        model: Classifier from `load_classifier`; it does not change.
        directory: Where `save_adapter` or a run wrote the adapter.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If the adapter was trained on another encoder or
            vocabulary, or its files are damaged.
    """
    artifact = native.read(directory)
    check_encoder_config(model.encoder_config, artifact)
    loaded = BertClassifier(
        model.encoder_config, artifact.adapter_config, len(artifact.labels)
    )
    loaded.labels = artifact.labels
    loaded.tokenizer = model.tokenizer
    loaded.max_seq_length = artifact.max_seq_length
    loaded.load_report = model.load_report
    variables = {v.path: v for v in loaded.weights}
    for variable in model.weights:
        if not any(part in variable.path for part in _TASK_PARTS):
            variables[variable.path].assign(variable.value)
    assign_artifact(loaded, artifact)
    return loaded


def _is_path(adapter):
    return not isinstance(adapter, str) or pathlib.Path(adapter).name != adapter


def _check_labels(num_labels, labels):
    if labels is None:
        num_labels = 2 if num_labels is None else num_labels
        labels = tuple(str(number) for number in range(num_labels))
    if not labels:
        raise ValueError("`num_labels` must be positive. Received: 0 labels")
    if num_labels is not None and num_labels != len(labels):
        raise ValueError(
            "`num_labels` must be the number of `labels`. Received: "
            f"num_labels={num_labels}, labels={list(labels)}"
        )
    return tuple(labels)


def _same(labels, trained, artifact):
    if labels is not None and tuple(labels) != trained:
        raise ValueError(
            f"{artifact.directory}: trained for the labels {list(trained)}. "
            f"Received: labels={list(labels)}"
        )
    return trained


def _check_length(checkpoint, max_seq_length):
    longest = checkpoint.encoder_config.max_position_embeddings
    if max_seq_length is None:
        return min(_DEFAULT_LENGTH, longest)
    if not 3 <= max_seq_length <= longest:
        raise ValueError(
            f"`max_seq_length` must lie between 3 and {longest}, the "
            f"positions of the encoder ({pathlib.Path(checkpoint.config_file)}"
            f"). Received: max_seq_length={max_seq_length}"
        )
    return max_seq_length


def _tokenizer(checkpoint):
    # The encoder runs on JAX without TensorFlow; the tokenizer does not.
    try:
        from adapter_bert.tokenization.wordpiece import WordPieceTokenizer
    except ImportError as error:
        logging.warning("No tokenizer, so token ids only: %s", error)
        return None
    return WordPieceTokenizer(checkpoint.vocab_file, checkpoint.do_lower_case)
