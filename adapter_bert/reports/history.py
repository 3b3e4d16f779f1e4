"""The course of training: one JSON line and one TensorBoard event a point."""

import json
import os
import pathlib
import platform
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from adapter_bert import files
from adapter_bert.reports.json_text import to_json

FILE_NAME = "history.jsonl"


class History(NamedTuple):
    """What was recorded of a run.

    Attributes:
        points: `step`, `loss` and `learning_rate` of updates, in order.
        scores: `step` and `eval_*` of evaluations, in order.
    """

    points: list[dict[str, float]]
    scores: list[dict[str, float]]


class TrainingHistory:
    """Records losses and scores while a run trains.

    Every record is on disk when the call returns, in `history.jsonl` and, if
    TensorFlow is installed, in an `events.out.tfevents.*` file for
    TensorBoard. Neither file is made before the first record.

    Args:
        directory: The run's output folder.
        start_step: Updates already taken. Records of an earlier run in this
            folder are kept up to here and dropped after. Defaults to 0, which
            starts afresh.
    """

    def __init__(self, directory: str | os.PathLike, start_step: int = 0):
        self._directory = pathlib.Path(directory)
        self._start_step = start_step
        self._lines = None
        self._events = None
        self.points: list[dict[str, float]] = []
        self.scores: list[dict[str, float]] = []
        path = self._directory / FILE_NAME
        if start_step and path.exists():
            earlier = read_history(path)
            self.points = _until(start_step, earlier.points)
            self.scores = _until(start_step, earlier.scores)

    def __enter__(self) -> "TrainingHistory":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def add_point(self, step: int, loss: float, learning_rate: float) -> None:
        """Records one update.

        Args:
            step: The update's number, from 1.
            loss: Mean loss of its batch.
            learning_rate: The rate it was taken with.
        """
        values = {"loss": float(loss), "learning_rate": float(learning_rate)}
        self._record("train", int(step), values)
        self.points.append({"step": int(step), **values})

    def add_scores(self, step: int, scores: Mapping[str, float]) -> None:
        """Records the `eval_*` entries of `scores`; others are left out.

        Args:
            step: Updates taken before the evaluation.
            scores: Values by name.
        """
        values = {
            name: float(value)
            for name, value in scores.items()
            if name.startswith("eval_")
        }
        self._record("eval", int(step), values)
        self.scores.append({"step": int(step), **values})

    def close(self) -> None:
        """Closes both files; a later record opens them again."""
        for file in (self._lines, self._events):
            if file is not None:
                file.close()
        self._lines = self._events = None

    def _record(self, kind: str, step: int, values: dict[str, float]) -> None:
        if self._lines is None:
            self._open()
        self._lines.write(_line(kind, {"step": step, **values}))
        self._lines.flush()
        if self._events is not None:
            self._events.write(step, values)

    def _open(self) -> None:
        path = self._directory / FILE_NAME
        if not self._start_step and path.exists():
            for events in self._directory.glob("events.out.tfevents.*"):
                events.unlink()
        kept = [("train", record) for record in self.points]
        kept += [("eval", record) for record in self.scores]
        kept.sort(key=lambda entry: entry[1]["step"])
        files.write_text(path, "".join(_line(*entry) for entry in kept))
        self._lines = path.open("a", encoding="utf-8", newline="\n")
        last = kept[-1][1]["step"] if kept else self._start_step
        self._events = _EventFile.open(self._directory, after=last)


def read_history(path: str | os.PathLike) -> History:
    """Reads a `history.jsonl`; a last line cut short by a crash is skipped.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If another line is broken, with its number.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: no such file; expected the {FILE_NAME} of a training run."
        )
    records: dict[str, list] = {"train": [], "eval": []}
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            record = json.loads(line)
            records[record.pop("kind")].append(_with_nan(record))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise ValueError(
                f"{path}, line {number}: not a record of training."
            ) from error
    return History(records["train"], records["eval"])


class _EventFile:
    # Written record by record: `tf.summary.scalar` needs the tensorboard
    # package, and its ops would claim the GPU's memory beside JAX.

    @classmethod
    def open(cls, directory: pathlib.Path, after: int):
        try:
            import tensorflow as tf
        except ImportError:
            return None
        return cls(tf, directory, after)

    def __init__(self, tf, directory: pathlib.Path, after: int):
        now = time.time_ns()
        name = f"events.out.tfevents.{now // 10**9}.{platform.node()}"
        name += f".{os.getpid()}.{now % 10**9}.v2"
        self._proto = tf.compat.v1
        self._writer = tf.io.TFRecordWriter(str(directory / name))
        self._append(file_version="brain.Event:2")
        # Makes TensorBoard forget what an earlier run in the same folder
        # recorded after this step.
        start = self._proto.SessionLog(status=self._proto.SessionLog.START)
        self._append(step=after + 1, session_log=start)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        summary = self._proto.Summary()
        for tag, value in values.items():
            summary.value.add(tag=tag, simple_value=value)
        self._append(step=step, summary=summary)

    def close(self) -> None:
        self._writer.close()

    def _append(self, **fields: Any) -> None:
        event = self._proto.Event(wall_time=time.time(), **fields)
        self._writer.write(event.SerializeToString())
        self._writer.flush()


def _line(kind: str, record: Mapping[str, float]) -> str:
    return to_json({"kind": kind, **record}) + "\n"


def _until(step: int, records: list[dict]) -> list[dict]:
    return [record for record in records if record["step"] <= step]


def _with_nan(record: dict[str, float | None]) -> dict[str, float]:
    return {k: float("nan") if v is None else v for k, v in record.items()}
