"""Strict loading of a located checkpoint into a classifier."""

import dataclasses
import fnmatch
import re
from collections.abc import Iterable

import keras

from adapter_bert.checkpoints import huggingface, random_encoder, tf1
from adapter_bert.checkpoints.agreement import check_agreement
from adapter_bert.checkpoints.mapping import (
    load_weights,
    variables_by_path,
)
from adapter_bert.checkpoints.source import Checkpoint
from adapter_bert.models.initialization import initialize
from adapter_bert.trainable import ADAPTER_PATHS, HEAD_PATHS, POOLER_PATHS

# Each has `make_rules`, `open_tensors`, `weights_file` and `PASSENGERS`.
FORMATS = {"huggingface": huggingface, "tf1": tf1}

# What a checkpoint may lack, each under its own condition.
_PARTS = {
    "adapters": ADAPTER_PATHS,
    "head": HEAD_PATHS,
    "pooler": POOLER_PATHS,
}


@dataclasses.dataclass(frozen=True)
class LoadReport:
    """What a checkpoint gave to a model.

    Attributes:
        source: Description of the checkpoint.
        num_tensors: Number of variables that were set.
        ignored: Number of tensors that no encoder needs, by name pattern.
        loaded: Those of `adapters`, `head`, `pooler` that it set.
        fresh: Those that the model has and that kept their initial values.
        global_step: Updates that a TF1 checkpoint says it has had, else 0.
        note: What its user should know, or None.
    """

    source: str
    num_tensors: int
    ignored: dict[str, int]
    loaded: tuple[str, ...]
    fresh: tuple[str, ...]
    global_step: int = 0
    note: str | None = None

    @property
    def adapters_loaded(self) -> bool:
        """Whether adapters came from the checkpoint."""
        return "adapters" in self.loaded

    @property
    def head_loaded(self) -> bool:
        """Whether the head came from the checkpoint."""
        return "head" in self.loaded

    def __str__(self) -> str:
        """Returns the report as one line."""
        ignored = [f"{count} {name}" for name, count in self.ignored.items()]
        return (
            f"Loaded {self.num_tensors} tensors: {self.source}; "
            f"not in it, so fresh: {', '.join(self.fresh) or 'nothing'}; "
            f"ignored: {', '.join(ignored) or 'nothing'}"
        )


def load_checkpoint(model: keras.Model, checkpoint: Checkpoint) -> LoadReport:
    """Copies a checkpoint into `model`, or raises and changes nothing.

    Adapters keep their initial values if the checkpoint has none at all, the
    head if it has none or one for another number of labels.

    Args:
        model: Classifier; a pooler that trains may start fresh.
        checkpoint: What `locate` found.

    Raises:
        ValueError: If a name is left over on either side, a shape differs,
            the pooler is missing, or files contradict each other.
    """
    if checkpoint.kind == random_encoder.KIND:
        return _fill_at_random(model, checkpoint)
    form = FORMATS[checkpoint.kind]
    weights_file = form.weights_file(checkpoint.path)
    tensors = form.open_tensors(checkpoint.path)
    num_layers = checkpoint.encoder_config.num_hidden_layers
    rules = form.make_rules(num_layers, tensors)
    check_agreement(checkpoint, weights_file, tensors, rules)

    present = _present(rules, tensors)
    if not present["pooler"] and not _trains_pooler(model):
        raise ValueError(_pooler_message(weights_file))
    ignored = [fnmatch.translate(pattern) for pattern in form.PASSENGERS]
    note = _head_misfit(model, weights_file, tensors, present["head"])
    if note:
        ignored += [re.escape(name) for name in present.pop("head")]
    absent = [paths for p, paths in _PARTS.items() if not present.get(p)]
    try:
        paths = load_weights(
            model,
            tensors,
            rules,
            keep="|".join(absent) or r"$^",
            ignore="|".join(rf"\A(?:{name})\Z" for name in ignored),
        )
    except ValueError as error:
        raise ValueError(f"{weights_file}: {error}") from error
    loaded, parts = _parts_of(paths), _parts_of(variables_by_path(model))
    return LoadReport(
        source=checkpoint.description,
        num_tensors=len(paths),
        ignored=_count_passengers(tensors, form.PASSENGERS),
        loaded=loaded,
        fresh=tuple(part for part in parts if part not in loaded),
        global_step=_global_step(tensors),
        note=note,
    )


def _fill_at_random(model: keras.Model, checkpoint: Checkpoint) -> LoadReport:
    of_a_task = f"{ADAPTER_PATHS}|{HEAD_PATHS}"
    initialize(model, random_encoder.SEED, only=rf"^(?!.*(?:{of_a_task}))")
    return LoadReport(
        source=checkpoint.description,
        num_tensors=0,
        ignored={},
        loaded=(),
        fresh=_parts_of(variables_by_path(model)),
    )


def _present(rules, tensors):
    """Returns the checkpoint's tensors of each part, by part."""
    return {
        part: [
            rule.theirs
            for rule in rules
            if re.search(paths, rule.ours) and rule.theirs in tensors
        ]
        for part, paths in _PARTS.items()
    }


def _parts_of(paths: Iterable[str]) -> tuple[str, ...]:
    paths = list(paths)
    return tuple(
        part
        for part, pattern in _PARTS.items()
        if any(re.search(pattern, path) for path in paths)
    )


def _trains_pooler(model: keras.Model) -> bool:
    return any(
        variable.trainable and re.search(POOLER_PATHS, variable.path)
        for variable in model.weights
    )


def _global_step(tensors) -> int:
    return int(tensors["global_step"]) if "global_step" in tensors else 0


def _head_misfit(
    model: keras.Model, weights_file: str, tensors, head: list[str]
) -> str | None:
    here = variables_by_path(model)["classifier/bias"].shape[0]
    if {tensors.shape(name)[:1] for name in head} <= {(here,)}:
        return None
    return (
        f"The head starts fresh: {head[0]} has shape "
        f"{list(tensors.shape(head[0]))} in {weights_file}, but there are "
        f"{here} labels here."
    )


def _count_passengers(
    names: Iterable[str], patterns: Iterable[str]
) -> dict[str, int]:
    counts = dict.fromkeys(patterns, 0)
    for name in names:
        for pattern in counts:
            if fnmatch.fnmatchcase(name, pattern):
                counts[pattern] += 1
                break
    return {pattern: count for pattern, count in counts.items() if count}


def _pooler_message(weights_file: str) -> str:
    return (
        f"{weights_file}: no pooler, as in many masked language models. A "
        "frozen random pooler would spoil every score; let it train with "
        "--train_pooler, or take a checkpoint that has one."
    )
