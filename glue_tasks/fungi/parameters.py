"""Number of parameters, told as the reference run's model card tells it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapter_bert.trainable import ParameterReport


def describe_parameters(report: "ParameterReport") -> str:
    """Returns lines such as those of the reference run's model card.

    The first counts the adapters alone as trained, as the reference run did,
    whose head stayed at its random start; the second counts what does train.
    Without adapters there is only the second.
    """
    adapters = sum(g.trained for g in report.groups if g.name == "adapters")
    lines = [f"As trained here: {_line(report.trained, report.total)}"]
    if adapters:
        line = _line(adapters, report.total)
        lines.insert(0, f"Adapters alone, as in the reference run: {line}")
    return "\n".join(lines)


def _line(trained: int, total: int) -> str:
    return (
        f"trainable params: {trained} - all params: {total} - "
        f"trainable: {trained / total:.6%}"
    )
