"""Loading a classifier, and moving adapters in and out of it."""

import os
import re
from collections.abc import Sequence

import keras
from absl import logging

from adapter_bert.adapter_config import RECIPES, AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.fitting import (
    assign_artifact,
    check_encoder_config,
)
from adapter_bert.checkpoints.loading import load_checkpoint
from adapter_bert.checkpoints.source import Checkpoint, locate
from adapter_bert.models.classifier import BertClassifier
from adapter_bert.models.initialization import initialize
from adapter_bert.names import did_you_mean
from adapter_bert.startup import import_tensorflow_for_texts
from adapter_bert.trainable import ADAPTER_PATHS, HEAD_PATHS, POOLER_PATHS
from adapter_bert.validation import require_positive_integer

# What says which adapters a model gets; None stands for no adapters.
AdapterSource = AdapterConfig | native.Artifact | str | os.PathLike | None

_DEFAULT_LENGTH = 128  # tokens
_OF_A_TASK = f"{ADAPTER_PATHS}|{HEAD_PATHS}"
_FRESH = f"{_OF_A_TASK}|{POOLER_PATHS}"


def load_classifier(
    checkpoint: str | os.PathLike | Checkpoint,
    num_labels: int | None = None,
    adapter: AdapterSource = "houlsby2019",
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
            adapter or what `native.read` read from it, or None for no
            adapters: then everything trains.
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
    config, artifact = _resolve_adapter(adapter)
    if artifact is not None:
        check_encoder_config(checkpoint.encoder_config, artifact)
        labels = _same_labels(labels, artifact)
        if max_seq_length is None:
            max_seq_length = artifact.max_seq_length
    model = BertClassifier(
        checkpoint.encoder_config,
        config,
        _check_labels(num_labels, labels),
        _check_length(checkpoint, max_seq_length),
    )
    initialize(model, seed, only=_FRESH)
    report = load_checkpoint(model, checkpoint, train_pooler=config is None)
    model.load_report = report
    model.pretrained = _pretrained(model)
    model.tokenizer = _tokenizer(checkpoint)
    if artifact is not None:
        assign_artifact(model, artifact)
        return model
    logging.info("%s", report)
    if report.note:
        logging.warning("%s", report.note)
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
    report = model.load_report
    native.save(model, directory, {"base": report and report.source})


def load_adapter(
    model: keras.Model, directory: str | os.PathLike
) -> BertClassifier:
    """Returns a new classifier: a trained adapter on the base of `model`.

    Args:
        model: Classifier from `load_classifier` or `load_adapter`, trained or
            not; it does not change.
        directory: Where `save_adapter` or a run wrote the adapter.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If the adapter was trained on another encoder or
            vocabulary, or its files are damaged.
    """
    artifact = native.read(directory)
    check_encoder_config(model.encoder_config, artifact)
    loaded = BertClassifier(
        model.encoder_config,
        artifact.adapter_config,
        artifact.labels,
        artifact.max_seq_length,
    )
    loaded.tokenizer = model.tokenizer
    loaded.load_report = model.load_report
    variables = {v.path: v for v in loaded.weights}
    # What the task of `model` trained is put back to the pretrained values.
    pretrained = model.pretrained or {}
    for variable in model.weights:
        path = variable.path
        if not re.search(_OF_A_TASK, path):
            variables[path].assign(pretrained.get(path, variable.value))
    loaded.pretrained = _pretrained(loaded)
    assign_artifact(loaded, artifact)
    return loaded


def _resolve_adapter(adapter):
    """Returns the adapter config and, if there is one, the trained adapter."""
    if adapter is None or isinstance(adapter, AdapterConfig):
        return adapter, None
    if isinstance(adapter, native.Artifact):
        return adapter.adapter_config, adapter
    if not isinstance(adapter, str | os.PathLike):
        raise ValueError(
            "`adapter` must be an AdapterConfig, a recipe's name, a directory "
            f"or None. Received: adapter={adapter!r}"
        )
    if adapter in RECIPES:
        return RECIPES[adapter], None
    if not native.is_artifact(adapter):
        raise FileNotFoundError(
            f"adapter={os.fspath(adapter)!r}: no directory with a trained "
            f"adapter, nor a recipe; "
            f"{did_you_mean(os.path.basename(adapter), RECIPES)}"
        )
    artifact = native.read(adapter)
    return artifact.adapter_config, artifact


def _pretrained(model):
    # Full fine-tuning trains everything; a copy of that is not kept.
    if model.adapter_config is None:
        return None
    return {
        v.path: keras.ops.convert_to_numpy(v.value)
        for v in model.trainable_variables
        if not re.search(_OF_A_TASK, v.path)
    }


def _check_labels(num_labels, labels):
    if labels is None:
        num_labels = 2 if num_labels is None else num_labels
        require_positive_integer("num_labels", num_labels)
        return tuple(str(number) for number in range(num_labels))
    names = () if isinstance(labels, str | int) else tuple(map(str, labels))
    if not names or len(set(names)) < len(names):
        raise ValueError(
            "`labels` must be a list of different names. "
            f"Received: labels={labels!r}"
        )
    if num_labels not in (None, len(names)):
        raise ValueError(
            "`num_labels` must be the number of `labels`. Received: "
            f"num_labels={num_labels}, labels={list(names)}"
        )
    return names


def _same_labels(labels, artifact):
    if labels is not None and tuple(map(str, labels)) != artifact.labels:
        raise ValueError(
            f"{artifact.directory}: trained for the labels "
            f"{list(artifact.labels)}. Received: labels={list(labels)}"
        )
    return artifact.labels


def _check_length(checkpoint, max_seq_length):
    longest = checkpoint.encoder_config.max_position_embeddings
    if max_seq_length is None:
        return min(_DEFAULT_LENGTH, longest)
    require_positive_integer("max_seq_length", max_seq_length)
    if not 3 <= max_seq_length <= longest:
        raise ValueError(
            f"`max_seq_length` must lie between 3 and {longest}, the "
            f"positions of the encoder ({checkpoint.config_file}). "
            f"Received: max_seq_length={max_seq_length}"
        )
    return max_seq_length


def _tokenizer(checkpoint):
    # The encoder runs on JAX without TensorFlow; the tokenizer does not.
    try:
        import_tensorflow_for_texts()
        from adapter_bert.tokenization.wordpiece import WordPieceTokenizer
    except ImportError as error:
        logging.warning("No tokenizer, so token ids only: %s", error)
        return None
    return WordPieceTokenizer(checkpoint.vocab_file, checkpoint.do_lower_case)
