"""What a run leaves behind beside its adapter."""

import dataclasses
import datetime
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import keras
from absl import logging

from adapter_bert.reports import curve, folder, history, page
from adapter_bert.reports.versions import versions
from adapter_bert.trainable import parameter_report
from glue_tasks.task import Task

_CURVE = "training_curve.png"


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
    """

    directory: pathlib.Path
    task: Task
    data: str
    checkpoint: str
    warnings: Sequence[str]
    settings: Mapping[str, Any]
    command: str
    devices: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields for a JSON file."""
        return {
            "task": self.task.name,
            "data": self.data,
            "base": self.checkpoint,
            "warnings": list(self.warnings),
            "settings": self.settings,
            "versions": {**versions(), "devices": ", ".join(self.devices)},
        }


def clear_results(directory: pathlib.Path) -> None:
    """Removes an earlier run's results, but nothing that training writes."""
    for name in folder.RESULTS:
        (directory / name).unlink(missing_ok=True)


def write_report(
    info: RunInfo, model: keras.Model, scores: Mapping[str, float]
) -> None:
    """Draws the training curve and writes `report.html`.

    Args:
        info: The run.
        model: Its model.
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
        parameters=parameter_report(model),
        curve_path=curve_path,
        settings=settings,
        versions=info.to_dict()["versions"],
        command=info.command,
        files=folder.describe_files(info.directory),
    )
    page.write_report(info.directory, report)
    logging.info("Report: %s", info.directory / page.FILE_NAME)
