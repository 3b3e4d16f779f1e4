"""Loading a classifier, and moving adapters in and out of it."""

import os
import re
from collections.abc import Sequence

import keras
from absl import logging

from adapter_bert.arguments import (
    AdapterSource,
    resolve_arguments,
    resolve_length,
)
from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.fitting import (
    assign_artifact,
    check_encoder_config,
)
from adapter_bert.checkpoints.loading import load_checkpoint
from adapter_bert.checkpoints.source import Checkpoint, locate
from adapter_bert.fingerprint import encoder_fingerprint
from adapter_bert.models.classifier import BertClassifier
from adapter_bert.models.initialization import initialize
from adapter_bert.startup import import_tensorflow_for_texts
from adapter_bert.tokenization.japanese_config import (
    is_japanese,
    load_japanese_tokenizer,
)
from adapter_bert.trainable import ADAPTER_PATHS, HEAD_PATHS, POOLER_PATHS
from adapter_bert.tune_config import TuneConfig

_OF_A_TASK = f"{ADAPTER_PATHS}|{HEAD_PATHS}"
_FRESH = f"{_OF_A_TASK}|{POOLER_PATHS}"


def load_classifier(
    checkpoint: str | os.PathLike | Checkpoint,
    num_labels: int | None = None,
    adapter: AdapterSource = "houlsby2019",
    *,
    labels: Sequence[str] | None = None,
    problem_type: str | None = None,
    tune: TuneConfig | str | None = None,
    max_seq_length: int | None = None,
    seed: int = 1,
) -> BertClassifier:
    """Loads a pretrained encoder and puts adapters and a head on it.

    Args:
        checkpoint: TF1 prefix, Hugging Face directory, Hub id, or what
            `locate` found.
        num_labels: Number of outputs. Defaults to the labels', else 2, or 1
            in regression.
        adapter: Adapter config, recipe's name, directory of a trained
            adapter, what `native.read` read from it, or None for none.
        labels: Names of the outputs in the order of the logits.
        problem_type: `single_label_classification`,
            `multi_label_classification` or `regression`. Defaults to the
            trained adapter's, else the first.
        tune: What trains, as a `TuneConfig` or its method's name; all but
            `adapters` leave the adapters out. Defaults to the trained
            adapter's, else `adapters`, or `full` with `adapter=None`.
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
    arguments, artifact = resolve_arguments(
        checkpoint, adapter, num_labels, labels, problem_type, tune
    )
    if max_seq_length is None and artifact is not None:
        max_seq_length = artifact.max_seq_length
    length = resolve_length(checkpoint, max_seq_length)
    model = BertClassifier(**arguments, max_seq_length=length)
    initialize(model, seed, only=_FRESH)
    report = load_checkpoint(model, checkpoint)
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
            not; it does not change. Once it is trained with tune `full`, it
            has no pretrained encoder to give.
        directory: Where `save_adapter` or a run wrote the adapter.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If the adapter was trained on another encoder or
            vocabulary, if full fine-tuning changed that of `model`, or if
            files are damaged.
    """
    artifact = native.read(directory)
    check_encoder_config(model.encoder_config, artifact)
    loaded = BertClassifier(
        model.encoder_config,
        artifact.adapter_config,
        artifact.labels,
        artifact.max_seq_length,
        artifact.tune,
        artifact.problem_type,
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
    if model.tune.method == "full":
        _check_encoder(loaded, artifact)
    loaded.pretrained = _pretrained(loaded)
    assign_artifact(loaded, artifact)
    return loaded


def _check_encoder(loaded, artifact):
    there = artifact.fingerprint.get("encoder")
    if there not in (None, encoder_fingerprint(loaded)):
        raise ValueError(
            "`model` must have the encoder that the adapter in "
            f"{artifact.directory} was trained on. This one has tune='full', "
            "which trains the encoder too and keeps no copy. Load the adapter "
            "with `load_classifier`, on the pretrained files."
        )


def _pretrained(model):
    # Full fine-tuning trains everything; a copy of that is not kept.
    if model.tune.method == "full":
        return None
    return {
        v.path: keras.ops.convert_to_numpy(v.value)
        for v in model.trainable_variables
        if not re.search(_OF_A_TASK, v.path)
    }


def _tokenizer(checkpoint):
    # The encoder runs on JAX without TensorFlow; the tokenizer does not.
    try:
        import_tensorflow_for_texts()
        from adapter_bert.tokenization.wordpiece import WordPieceTokenizer
    except ImportError as error:
        logging.warning("No tokenizer, so token ids only: %s", error)
        return None
    vocab_file, lower = checkpoint.vocab_file, checkpoint.do_lower_case
    values = checkpoint.tokenizer_config
    if is_japanese(values):
        values = {**values, "do_lower_case": lower}
        return load_japanese_tokenizer(vocab_file, values, checkpoint.name)
    return WordPieceTokenizer(vocab_file, lower)
