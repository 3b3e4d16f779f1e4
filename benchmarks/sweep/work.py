"""Working through the runs of a sweep, beside other processes if need be."""

import dataclasses
import math
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.sweep.attempt import Attempt
from benchmarks.sweep.child import describe_status, last_lines, run_child
from benchmarks.sweep.folder import SweepFolder
from benchmarks.sweep.grid import Run
from benchmarks.sweep.locks import FileLock

_POLL_SECONDS = 2.0


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        succeeded: Whether it is finished.
        text: How it went, in one line.
        log_lines: What a failed run said last.
    """

    succeeded: bool
    text: str
    log_lines: tuple[str, ...] = ()


@dataclasses.dataclass
class Worker:
    """Does the runs of a sweep that no one has done or is doing.

    Attributes:
        folder: The sweep's folder.
        command: The program that a run starts, with the shared flags.
        write_results: Called with the folder after every finished run.
        poll_seconds: Pause before looking again after runs of others.
    """

    folder: SweepFolder
    command: Sequence[str]
    write_results: Callable[[SweepFolder], None]
    poll_seconds: float = _POLL_SECONDS

    def work(self, runs: Sequence[Run]) -> list[Run]:
        """Sees every run to its end and returns those that failed.

        A run that another process is doing is passed over, and waited for
        once there is nothing else to do.

        Args:
            runs: The runs, in the order to start them.

        Raises:
            ValueError: If the folder belongs to another sweep.
        """
        outcomes: dict[Run, Outcome] = {}
        with self.folder.at_work() as folder_lock:
            earlier = {run: self.folder.attempt(run) for run in runs}
            waiting, announced = list(runs), []
            while waiting:
                busy = []
                for run in waiting:
                    outcome = self._see_to(run, earlier[run], folder_lock)
                    if outcome is None:
                        busy.append(run)
                        continue
                    _report(outcomes, run, outcome, len(runs))
                    outcomes[run] = outcome
                if busy:
                    if busy != announced:
                        _say(f"{_count(busy)} with other processes: waiting.")
                    time.sleep(self.poll_seconds)
                waiting = announced = busy
            self._write_results()
        return [run for run in runs if not outcomes[run].succeeded]

    def _see_to(
        self, run: Run, earlier: Attempt | None, folder_lock: FileLock
    ) -> Outcome | None:
        """Does the run if it has to be done; None if it is being done."""
        with self.folder.locked(run) as lock:
            if lock is None:
                return None
            attempt = self.folder.attempt(run)
            changed = attempt != earlier
            place = "in another process" if changed else "before"
            if self.folder.is_finished(run):
                return Outcome(True, f"finished {place}")
            if attempt and attempt.status == "failed" and changed:
                return Outcome(False, f"failed {place}")
            outcome = self._do(run, (folder_lock, lock))
        if outcome.succeeded:
            self._write_results()
        return outcome

    def _do(self, run, locks):
        attempt = self.folder.start(run)
        log_path = self.folder.log_path(run)
        _say(f"Starting: {run}; log: {log_path}")
        started = time.monotonic()
        try:
            status = run_child(
                [*self.command, *run.flags, *self._stage_flags(run)],
                log_path,
                [lock.descriptor for lock in locks],
            )
        except BaseException:
            self.folder.discard_result(run)
            raise
        seconds = round(time.monotonic() - started, 1)
        outcome = self._judge(attempt, status, seconds)
        state = "finished" if outcome.succeeded else "failed"
        self.folder.end(attempt, state, seconds)
        return outcome

    def _judge(self, attempt, status, seconds):
        log_path = self.folder.log_path(attempt.run)
        problem = describe_status(status) if status else None
        try:
            result = self.folder.result(attempt)
        except ValueError as error:
            problem = problem or str(error)
        if problem:
            lines = tuple(last_lines(log_path))
            return Outcome(False, f"FAILED, {problem}", lines)
        is_defined = not math.isnan(result.score)
        score = f"{result.score:.4f}" if is_defined else "undefined"
        return Outcome(
            True,
            f"{result.metric} {score}, {result.trained:,} trained parameters, "
            f"{seconds:.0f} s",
        )

    def _stage_flags(self, run):
        return [
            "--do_train",
            "--do_eval",
            f"--output_dir={self.folder.directory(run)}",
            "--overwrite_output_dir",
        ]

    def _write_results(self):
        with self.folder.writing_results():
            self.write_results(self.folder)


def _report(outcomes, run, outcome, number):
    _say(f"[{len(outcomes) + 1}/{number}] {run}: {outcome.text}")
    lines = outcome.log_lines
    if lines and any(o.log_lines[-1:] == lines[-1:] for o in outcomes.values()):
        lines = ("(Its log ends as that of an earlier run.)",)
    for line in lines:
        _say(f"    {line}")


def _count(runs):
    return "1 run is" if len(runs) == 1 else f"{len(runs)} runs are"


def _say(text):
    print(text, file=sys.stderr, flush=True)
