"""Name-mapped copying between a checkpoint and a Keras model."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Rule:
    """Pairs one of our variables with one tensor of a foreign format.

    Attributes:
        ours: Variable path; `{}` stands for the layer number.
        theirs: Tensor name; `{}` stands for the layer number.
        load: Foreign array -> our array.
        save: Our array -> foreign array; the inverse of `load`.
    """

    ours: str
    theirs: str
    load: Callable = lambda array: array
    save: Callable = lambda array: array


def transposed(ours: str, theirs: str) -> Rule:
    """Rule for a PyTorch `Linear.weight`, stored `[out, in]`."""
    return Rule(ours, theirs, load=np.transpose, save=np.transpose)


def row(ours: str, theirs: str) -> Rule:
    """Rule for a bias that adapter-BERT stores as `[1, size]`."""
    return Rule(
        ours,
        theirs,
        load=lambda array: np.squeeze(array, axis=0),
        save=lambda array: array[np.newaxis],
    )


def expand(rules: Iterable[Rule], num_layers: int) -> list[Rule]:
    """Returns `rules` with every `{}` replaced by each layer number."""
    return [
        dataclasses.replace(
            rule, ours=rule.ours.format(i), theirs=rule.theirs.format(i)
        )
        for rule in rules
        for i in range(num_layers if "{}" in rule.ours else 1)
    ]


def load_weights(
    model: keras.Model,
    tensors: Mapping[str, np.ndarray],
    rules: list[Rule],
    keep: str = r"$^",
    ignore: str = r"$^",
) -> list[str]:
    """Copies every tensor into its variable, or raises and copies nothing.

    Tensors that are ignored are never read, so `tensors` may be lazy.

    Args:
        model: Built model.
        tensors: Foreign tensors by name.
        rules: Expanded rules.
        keep: Regex of our variables that may stay at their initial value.
        ignore: Regex of foreign tensors that may go unused. A tensor that
            matches is left alone even where a rule would use it.

    Returns:
        The paths of the variables that were set.

    Raises:
        ValueError: If a variable or a tensor is left over, listing all, or
            if shapes differ.
    """
    variables = variables_by_path(model)
    wanted = {name for name in tensors if not re.search(ignore, name)}
    used = {
        rule.ours: rule
        for rule in rules
        if rule.ours in variables and rule.theirs in wanted
    }
    fresh = [p for p in variables if p not in used and not re.search(keep, p)]
    unused = wanted - {rule.theirs for rule in used.values()}
    if fresh or unused:
        raise ValueError(
            "Checkpoint and model do not match.\n"
            + "".join(f"  - not in checkpoint: {p}\n" for p in sorted(fresh))
            + "".join(f"  + not in model: {n}\n" for n in sorted(unused))
        )
    # Everything is read before anything is set: a damaged file that fails
    # half-way must leave the model as it was.
    arrays = {p: _load(rule, tensors) for p, rule in used.items()}
    wrong = [
        f"  ! {path}: {tuple(variables[path].shape)} here, "
        f"{array.shape} in checkpoint\n"
        for path, array in sorted(arrays.items())
        if tuple(variables[path].shape) != array.shape
    ]
    if wrong:
        raise ValueError("Shapes do not match.\n" + "".join(wrong))
    for path, array in arrays.items():
        variables[path].assign(array)
    return list(arrays)


def save_weights(
    model: keras.Model, rules: list[Rule], leave_out: str = r"$^"
) -> dict[str, np.ndarray]:
    """Returns every variable as a foreign tensor, by foreign name.

    Args:
        model: Built model.
        rules: Expanded rules; one whose variable the model lacks is skipped.
        leave_out: Regex of our variables that the format does not store.

    Raises:
        ValueError: If a variable has no rule, listing all.
    """
    by_ours = {rule.ours: rule for rule in rules}
    variables = {
        path: variable
        for path, variable in variables_by_path(model).items()
        if not re.search(leave_out, path)
    }
    if lost := sorted(set(variables) - set(by_ours)):
        raise ValueError(
            "The format has no name for:\n"
            + "".join(f"  - {path}\n" for path in lost)
        )
    return {
        # Writers take the memory as it lies, which a transposed view is not.
        by_ours[path].theirs: np.ascontiguousarray(
            by_ours[path].save(keras.ops.convert_to_numpy(variable))
        )
        for path, variable in variables.items()
    }


def variables_by_path(model: keras.Model) -> dict[str, keras.Variable]:
    """Returns the weights of `model` by path.

    Raises:
        ValueError: If two variables share a path.
    """
    variables = {v.path: v for v in model.weights}
    if len(variables) < len(model.weights):
        paths = [v.path for v in model.weights]
        twice = sorted({p for p in paths if paths.count(p) > 1})
        raise ValueError(
            f"Variables must have unique paths. Received: {', '.join(twice)}"
        )
    return variables


def _load(rule: Rule, tensors: Mapping[str, np.ndarray]) -> np.ndarray:
    array = tensors[rule.theirs]
    try:
        return rule.load(array)
    except ValueError as error:  # `np.squeeze` of a bias that is no row
        raise ValueError(
            f"{rule.theirs}: shape {array.shape} does not fit `{rule.ours}`."
        ) from error
