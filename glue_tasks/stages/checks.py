"""What flags say of labels, checked before anything slow begins."""

from collections.abc import Iterable, Mapping

from adapter_bert.names import did_you_mean
from adapter_bert.training.config import BALANCED
from glue_tasks.stages.inputs import Inputs
from glue_tasks.tabular.config import BEST
from glue_tasks.task import Task


def check_class_weights(
    task: Task, class_weights: str | Mapping[str, float] | None
) -> None:
    """Checks that the task has the labels that get weights.

    Raises:
        ValueError: If a label is unknown, or the task is a regression.
    """
    if class_weights is None:
        return
    if task.problem_type == "regression":
        raise ValueError(
            "--class_weights is for labels. Received: a task of scores"
        )
    if class_weights != BALANCED:
        _check_labels("class_weights", class_weights, task)


def check_thresholds(
    inputs: Inputs, thresholds: str | float | Mapping[str, float] | None
) -> None:
    """Checks that the thresholds that are asked for can be set.

    Args:
        inputs: What the run works on.
        thresholds: One probability for all labels, or some by label, or
            `best`: those with the best F1 scores on the dev set. None: they
            stay what they are.

    Raises:
        ValueError: If rows have one label, a label is unknown, or there is no
            dev set for the best.
    """
    task = inputs.task
    if thresholds is None:
        return
    if task.problem_type != "multi_label_classification":
        raise ValueError(
            "--label_thresholds is for --label_type=multi. "
            f"Received: a task of {task.problem_type}"
        )
    if thresholds == BEST and not inputs.named("dev"):
        raise ValueError(
            "--label_thresholds=best needs the dev set: add --do_eval."
        )
    if isinstance(thresholds, Mapping):
        _check_labels("label_thresholds", thresholds, task)


def describe_choice(
    thresholds: str | float | Mapping[str, float] | None,
) -> str | None:
    """Returns what a reader must know of scores with these thresholds."""
    if thresholds != BEST:
        return None
    return (
        "The thresholds were chosen on the dev set that these scores are of, "
        "which flatters them."
    )


def _check_labels(flag: str, names: Iterable[str], task: Task) -> None:
    for name in names:
        if name not in task.labels:
            raise ValueError(
                f"--{flag}: unknown label {name!r}; "
                f"{did_you_mean(name, task.labels)}"
            )
