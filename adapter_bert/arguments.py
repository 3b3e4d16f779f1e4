"""What the arguments of `load_classifier` stand for."""

import os
from collections.abc import Sequence
from typing import Any

from adapter_bert.adapter_config import RECIPES, AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.checkpoints.fitting import check_encoder_config
from adapter_bert.checkpoints.source import Checkpoint
from adapter_bert.names import did_you_mean
from adapter_bert.problem_types import DEFAULT
from adapter_bert.tune_config import TuneConfig
from adapter_bert.validation import require_positive_integer

# What says which adapters a model gets; None stands for no adapters.
AdapterSource = AdapterConfig | native.Artifact | str | os.PathLike | None

_DEFAULT_LENGTH = 128  # tokens


def resolve_arguments(
    checkpoint: Checkpoint,
    adapter: AdapterSource,
    num_labels: int | None,
    labels: Sequence[str] | None,
    problem_type: str | None,
    tune: TuneConfig | str | None,
) -> tuple[dict[str, Any], native.Artifact | None]:
    """Returns arguments of `BertClassifier`, and the trained adapter if any.

    What a trained adapter says need not be said again, only not contradicted.

    Raises:
        FileNotFoundError: If `adapter` is neither a recipe nor an adapter.
        ValueError: If the arguments do not fit together.
    """
    config, artifact = _resolve_adapter(adapter)
    if isinstance(tune, str):
        tune = TuneConfig(tune)
    if labels is not None:
        labels = _check_names(labels)
    if artifact is not None:
        check_encoder_config(checkpoint.encoder_config, artifact)
        labels = _as_trained(artifact, "labels", labels)
        problem_type = _as_trained(artifact, "problem_type", problem_type)
        tune = _as_trained(artifact, "tune", tune)
    elif tune is not None and tune.method != "adapters":
        if isinstance(adapter, AdapterConfig):
            raise ValueError(
                "`adapter` must be left out or None unless `tune` has the "
                f"method 'adapters'. Received: tune={tune.method!r}"
            )
        config = None
    problem_type = problem_type or DEFAULT
    arguments = {
        "encoder_config": checkpoint.encoder_config,
        "adapter_config": config,
        "labels": _resolve_labels(num_labels, labels, problem_type),
        "tune": tune,
        "problem_type": problem_type,
    }
    return arguments, artifact


def resolve_length(checkpoint: Checkpoint, max_seq_length: int | None) -> int:
    """Returns the longest row, in tokens, that the encoder can take."""
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


def _resolve_labels(num_labels, labels, problem_type):
    if labels is None:
        if num_labels is None:
            num_labels = 1 if problem_type == "regression" else 2
        require_positive_integer("num_labels", num_labels)
        if problem_type == "regression" and num_labels == 1:
            return ("score",)
        return tuple(str(number) for number in range(num_labels))
    if num_labels not in (None, len(labels)):
        raise ValueError(
            "`num_labels` must be the number of `labels`. Received: "
            f"num_labels={num_labels}, labels={list(labels)}"
        )
    return labels


def _check_names(labels):
    names = () if isinstance(labels, str | int) else tuple(map(str, labels))
    if not names or len(set(names)) < len(names):
        raise ValueError(
            "`labels` must be a list of different names. "
            f"Received: labels={labels!r}"
        )
    return names


def _as_trained(artifact, name, value):
    """Returns what `artifact` was trained with; `value` may only repeat it."""
    trained = getattr(artifact, name)
    if value is not None and value != trained:
        raise ValueError(
            f"{artifact.directory}: trained with {name}={trained!r}. "
            f"Received: {name}={value!r}"
        )
    return trained
