"""What a run leaves behind beside its adapter."""

import dataclasses
import datetime
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from absl import logging

from adapter_bert.reports import curve, folder, history, page
from adapter_bert.reports.versions import versions
from adapter_bert.trainable import ParameterReport
from glue_tasks.fungi import parameters
from glue_tasks.fungi.config import NAME as FUNGI
from glue_tasks.submission_check import TEST_ROWS
from glue_tasks.task import Task

_CURVE = "training_curve.png"
_ABLATIONS = "ablated_[0-9]*"


@dataclasses.dataclass(frozen=True)
class RunInfo:
    """What every result file says of the run it comes from.

    Attributes:
        directory: Where the files go.
        task: The task.
        data: Where its rows are from.
        checkpoint: Where the pretrained encoder is from.
        warnings: What a reader of the scores must know.
        settings: Everything the command line decided, by theme.
        command: The command line.
        devices: Names of the devices it ran on.
        parameters: What the model holds and trains.
    """

    directory: pathlib.Path
    task: Task
    data: str
    checkpoint: str
    warnings: Sequence[str]
    settings: Mapping[str, Any]
    command: str
    devices: Sequence[str]
    parameters: ParameterReport

    @property
    def is_ablation(self) -> bool:
        """Whether the model lacks some of the adapters it was trained with."""
        return bool(self.settings["run"]["ablate_adapters"])

    @property
    def has_report(self) -> bool:
        """Whether an earlier run left its page in the directory."""
        return (self.directory / page.FILE_NAME).is_file()

    @property
    def main_metric(self) -> str:
        """Name of the score that says which of two models is better."""
        return f"eval_{self.task.metrics[0]}"

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields for a JSON file."""
        return {
            "task": self.task.name,
            "display_name": self.task.display_name,
            "data": self.data,
            "base": self.checkpoint,
            "warnings": list(self.warnings),
            "settings": self.settings,
            "main_metric": self.main_metric,
            "parameters": {
                "trained": self.parameters.trained,
                "total": self.parameters.total,
                "plain_encoder": self.parameters.plain_encoder,
            },
            "versions": {**versions(), "devices": ", ".join(self.devices)},
        }


def describe_parameters(info: RunInfo) -> str:
    """Returns what trains, for fungi also as its model card says it."""
    lines = [str(info.parameters)]
    if info.task.name == FUNGI:
        lines.append(parameters.describe_parameters(info.parameters))
    return "\n".join(lines)


def clear_results(info: RunInfo) -> None:
    """Removes an earlier run's results, but nothing that training writes.

    In a folder that no run of this project has left, all files stay.
    """
    if not any((info.directory / name).is_file() for name in folder.MARKS):
        return
    _remove(info.directory, (*folder.RESULTS, *TEST_ROWS))
    for ablation in info.directory.glob(_ABLATIONS):
        patterns = (*folder.RESULTS, *TEST_ROWS, "skipped_rows*.txt")
        _remove(ablation, patterns)
        if ablation.is_dir() and not any(ablation.iterdir()):
            ablation.rmdir()


def write_report(info: RunInfo, scores: Mapping[str, float]) -> None:
    """Draws the training curve and writes `report.html`.

    Args:
        info: The run.
        scores: What this run's evaluation gave, if there was one.
    """
    path = info.directory / history.FILE_NAME
    curve_path = None
    if path.is_file():
        recorded = history.read_history(path)
        curve_path = info.directory / _CURVE
        curve.draw_training_curve(curve_path, recorded.points, recorded.scores)
    settings = {
        theme: values
        for theme, values in info.settings.items()
        if isinstance(values, Mapping)
    }
    report = page.Report(
        title=info.task.display_name,
        date=datetime.datetime.now().strftime("%Y-%m-%d %H:%M"),
        subtitle=f"{info.data}; {info.checkpoint}",
        warnings=info.warnings,
        scores=scores,
        parameters=info.parameters,
        curve_path=curve_path,
        settings=settings,
        versions=info.to_dict()["versions"],
        command=info.command,
        files=_describe_files(info),
    )
    page.write_report(info.directory, report)
    logging.info("Report: %s", info.directory / page.FILE_NAME)


def _remove(directory, patterns):
    for pattern in patterns:
        for path in directory.glob(pattern):
            path.unlink()


def _describe_files(info):
    leaderboard = {
        name: "Predictions in the form of the GLUE leaderboard."
        for name in info.task.submission.values()
        if (info.directory / name).is_file()
    }
    return folder.describe_files(info.directory) | leaderboard
