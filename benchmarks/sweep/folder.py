"""The folder of a sweep, which several processes may work on at once.

runs/<name>/    what run_classifier.py wrote, its log, the attempt's record
locks/          one file a run, and two for the folder itself
sweep.json      the flags that all runs share
"""

import contextlib
import dataclasses
import json
import operator
import os
import pathlib
import time
from collections.abc import Iterator, Mapping

from adapter_bert import files
from adapter_bert.reports.json_text import to_json
from benchmarks.sweep import result
from benchmarks.sweep.attempt import FILE_NAME, Attempt, read_attempt
from benchmarks.sweep.fixed_flags import describe_differences
from benchmarks.sweep.grid import Run
from benchmarks.sweep.locks import FileLock, exclusive


class SweepFolder:
    """The runs of one sweep and their state.

    Args:
        path: The folder; made by `at_work`.
        fixed: Flags that all runs share, by name.
    """

    def __init__(self, path: str | os.PathLike, fixed: Mapping[str, str]):
        self.path = pathlib.Path(path)
        self.fixed = dict(fixed)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[FileLock]:
        """Holds the folder for this sweep, together with others like it.

        Yields:
            A lock that every started child must inherit: while it lives, no
            other sweep can take the folder.

        Raises:
            ValueError: If the folder is no folder, or holds finished or
                running runs that were made with other flags.
        """
        self._make_directory()
        lock = FileLock(self.path / "locks" / "folder.lock")
        with contextlib.closing(lock):
            with exclusive(self.path / "locks" / "start.lock"):
                alone = lock.try_exclusive()
                self._claim(alone)
                lock.wait_shared()
            yield lock

    @contextlib.contextmanager
    def locked(self, run: Run) -> Iterator[FileLock | None]:
        """Lends the lock on a run, or None if another process has it."""
        path = self.path / "locks" / f"{run.name}.lock"
        with contextlib.closing(FileLock(path)) as lock:
            yield lock if lock.try_exclusive() else None

    def writing_results(self) -> contextlib.AbstractContextManager[None]:
        """Lets one process at a time gather and write the results."""
        return exclusive(self.path / "locks" / "results.lock")

    def directory(self, run: Run) -> pathlib.Path:
        """Returns the run's folder."""
        return self.path / "runs" / run.name

    def log_path(self, run: Run) -> pathlib.Path:
        """Returns the file with all that the run says."""
        return self.directory(run) / "log.txt"

    def attempt(self, run: Run) -> Attempt | None:
        """Returns the last try at a run of this sweep."""
        attempt = read_attempt(self.directory(run))
        return attempt if attempt and attempt.fixed == self.fixed else None

    def attempts(self) -> list[Attempt]:
        """Returns the last try at each run in the folder, also of other grids.

        Their order is that of the names of the runs' folders.
        """
        paths = sorted((self.path / "runs").glob(f"*/{FILE_NAME}"))
        found = [read_attempt(path.parent) for path in paths]
        return [a for a in found if a and a.fixed == self.fixed]

    def results(self) -> list[result.Result]:
        """Returns what the finished runs in the folder have found, in order."""
        found = []
        for attempt in self.attempts():
            if attempt.status == "finished":
                # Someone may have removed what was there.
                with contextlib.suppress(ValueError):
                    found.append(self.result(attempt))
        place = operator.attrgetter("configuration.place", "attempt.run.seed")
        return sorted(found, key=place)

    def result(self, attempt: Attempt) -> result.Result:
        """Returns what a run has found; ValueError if it has not."""
        return result.read_result(self.directory(attempt.run), attempt)

    def is_finished(self, run: Run) -> bool:
        """Tells whether a run is done; only to be asked under its lock.

        A run whose sweep was killed may have come to its end alone.
        """
        attempt = self.attempt(run)
        if attempt is None or attempt.run != run or attempt.status == "failed":
            return False
        try:
            self.result(attempt)
        except ValueError:
            return False
        if attempt.status != "finished":
            self.end(attempt, "finished")
        return True

    def start(self, run: Run) -> Attempt:
        """Records that a run starts; nothing of an earlier try counts now."""
        self.directory(run).mkdir(parents=True, exist_ok=True)
        self.discard_result(run)
        identity = f"{os.uname().nodename} {os.getpid()} {time.time()}"
        attempt = Attempt(run, self.fixed, "started", identity)
        attempt.write(self.directory(run))
        return attempt

    def end(
        self, attempt: Attempt, status: str, seconds: float | None = None
    ) -> None:
        """Records how an attempt ended: `finished` or `failed`."""
        ended = dataclasses.replace(attempt, status=status, seconds=seconds)
        ended.write(self.directory(attempt.run))

    def discard_result(self, run: Run) -> None:
        """Makes sure that the run does not pass for a finished one."""
        (self.directory(run) / result.FILE_NAME).unlink(missing_ok=True)

    def _make_directory(self):
        for path in (self.path, *self.path.parents):
            if path.exists() and not path.is_dir():
                raise ValueError(
                    f"--sweep_dir={self.path}: {path} is a file, not a "
                    "directory."
                )
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(
                f"--sweep_dir={self.path} cannot be made: {error}"
            ) from error

    def _claim(self, alone):
        path = self.path / "sweep.json"
        try:
            there = json.loads(path.read_text(encoding="utf-8"))["fixed_flags"]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            there = None
        if there == self.fixed:
            return
        if there is not None:
            self._require_free(there, alone)
        values = to_json({"fixed_flags": self.fixed}, indent=2)
        files.write_text(path, values + "\n")

    def _require_free(self, there, alone):
        finished = [
            attempt
            for attempt in SweepFolder(self.path, there).attempts()
            if attempt.status == "finished"
        ]
        if alone and not finished:
            return
        state = f"{len(finished)} finished run" + "s" * (len(finished) != 1)
        if not alone:
            state += " and a process at work"
        raise ValueError(
            f"--sweep_dir={self.path} holds another sweep ({state}). The "
            "flags behind `--` differ:\n"
            f"{describe_differences(there, self.fixed)}\n"
            "Repeat that sweep's flags to go on with it, or give this one "
            "another --sweep_dir."
        )
