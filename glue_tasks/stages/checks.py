"""What flags say of labels, checked before anything slow begins."""

from collections.abc import Mapping

from adapter_bert.names import did_you_mean
from glue_tasks.stages.inputs import Inputs

BEST = "best"


def check_class_weights(
    inputs: Inputs, class_weights: str | Mapping[str, float] | None
) -> None:
    """Checks that the training rows have the labels that get weights.

    Raises:
        ValueError: If a label is unknown, or the task is a regression.
    """
    # Here, since nothing but training has a use for NumPy so early.
    from adapter_bert.training.class_weights import target_weights

    task = inputs.task
    one_row = task.targets(inputs.splits["train"][:1])
    target_weights(one_row, task.labels, class_weights)


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
        for name in thresholds:
            if name not in task.labels:
                raise ValueError(
                    f"--label_thresholds: unknown label {name!r}; "
                    f"{did_you_mean(name, task.labels)}"
                )
