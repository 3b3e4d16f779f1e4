"""Putting an artifact's values into a model that they fit."""

import keras

from adapter_bert.checkpoints.native import Artifact
from adapter_bert.config import EncoderConfig
from adapter_bert.fingerprint import fingerprint
from adapter_bert.trainable import trained_paths

# Fields that change nothing in what a trained encoder computes.
_TRAINING_ONLY = (
    "attention_probs_dropout_prob",
    "hidden_dropout_prob",
    "initializer_range",
)


def check_encoder_config(encoder: EncoderConfig, artifact: Artifact) -> None:
    """Raises ValueError unless the artifact was trained on such an encoder."""
    there = artifact.encoder_config.to_dict()
    differences = [
        f"  {name}: {value!r} here, {there[name]!r} there"
        for name, value in encoder.to_dict().items()
        if name not in _TRAINING_ONLY and value != there[name]
    ]
    if differences:
        raise ValueError(
            f"{artifact.directory}: trained on another encoder, which was: "
            f"{artifact.details.get('base', 'not recorded')}. Use that one.\n"
            + "\n".join(differences)
        )


def assign_artifact(model: keras.Model, artifact: Artifact) -> None:
    """Copies an artifact's values into a model of its shape, or changes none.

    Args:
        model: Classifier with the artifact's adapter config and labels.
        artifact: From `native.read`.

    Raises:
        ValueError: If the model has another encoder, vocabulary or tokenizer,
            or variables and values do not match one to one.
    """
    _check_fingerprint(model, artifact)
    _check_tokenizer(model, artifact)
    variables = {v.path: v for v in model.weights}
    if problems := _mismatches(variables, trained_paths(model), artifact):
        raise ValueError(
            f"{artifact.directory}: does not fit the model.\n"
            + "\n".join(problems)
        )
    for path, values in artifact.tensors.items():
        variables[path].assign(values)
    model.thresholds = artifact.thresholds


def _check_fingerprint(model, artifact):
    for part, here in fingerprint(model).items():
        there = artifact.fingerprint.get(part)
        if here is not None and there is not None and here != there:
            raise ValueError(
                f"{artifact.directory}: trained on another {part} than this "
                f"model has. There: SHA-256 {there[:16]}..., here: "
                f"{here[:16]}... It was trained on: "
                f"{artifact.details.get('base', 'not recorded')}"
            )


def _check_tokenizer(model, artifact):
    if model.tokenizer is None or not artifact.tokenizer:
        return
    here, there = model.tokenizer.get_config(), dict(artifact.tokenizer)
    if here != there:
        raise ValueError(
            f"{artifact.directory}: trained with another tokenizer. "
            f"There: {there}, here: {here}"
        )


def _mismatches(variables, paths, artifact):
    there = artifact.tensors
    shapes = {path: tuple(variables[path].shape) for path in paths}
    problems = [
        *(f"  - not in artifact: {path}" for path in paths - set(there)),
        *(f"  + not in model: {path}" for path in set(there) - paths),
        *(
            f"  ! {path}: {shapes[path]} here, {there[path].shape} in artifact"
            for path in paths & set(there)
            if shapes[path] != there[path].shape
        ),
    ]
    return sorted(problems)
