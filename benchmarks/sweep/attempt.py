"""The last try at a run, as recorded in the run's folder."""

import dataclasses
import json
import pathlib

from adapter_bert import files
from adapter_bert.reports.json_text import to_json
from benchmarks.sweep.grid import Configuration, Run

FILE_NAME = "sweep_run.json"


@dataclasses.dataclass(frozen=True)
class Attempt:
    """One try at a run.

    Attributes:
        run: What was tried.
        fixed: Flags that it shares with the rest of its sweep, by name.
        status: `started`, `finished` or `failed`. A try that was cut off
            stays `started`.
        identity: Tells two tries at one run apart.
        seconds: How long it took, where its sweep saw it end.
    """

    run: Run
    fixed: dict[str, str]
    status: str
    identity: str
    seconds: float | None = None

    def write(self, directory: pathlib.Path) -> None:
        """Records the attempt in the folder of its run."""
        text = to_json(dataclasses.asdict(self), indent=2)
        files.write_text(directory / FILE_NAME, text + "\n")


def read_attempt(directory: pathlib.Path) -> Attempt | None:
    """Returns the last attempt at the run in `directory`, if there was one."""
    path = directory / FILE_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        run = values.pop("run")
        configuration = Configuration(**run["configuration"])
        return Attempt(run=Run(configuration, run["seed"]), **values)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        # Not ours, or from another version: the run starts afresh.
        return None
