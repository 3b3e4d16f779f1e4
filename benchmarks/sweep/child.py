"""One run as a child process."""

import collections
import pathlib
import signal
import subprocess
from collections.abc import Sequence

_SECONDS_TO_END = 10.0


def run_child(
    command: Sequence[str],
    log_path: pathlib.Path,
    descriptors: Sequence[int],
) -> int:
    """Runs a command to its end and returns its exit status.

    If this process is interrupted meanwhile, the child is ended first.

    Args:
        command: Program and arguments.
        log_path: Where all that it says goes.
        descriptors: Descriptors that it inherits.
    """
    with log_path.open("wb") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=descriptors,
        )
        try:
            return child.wait()
        finally:
            _end(child)


def describe_status(status: int) -> str:
    """Returns an exit status in words; negative ones are signals."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


def last_lines(log_path: pathlib.Path, number: int = 8) -> list[str]:
    """Returns the end of a log, without empty lines.

    Of a line that a progress bar has overwritten only the last state counts.
    """
    with log_path.open(encoding="utf-8", errors="replace", newline="\n") as log:
        lines = (line.rstrip().rpartition("\r")[2] for line in log)
        return list(collections.deque(filter(None, lines), number))


def _end(child):
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        pass
    finally:
        # Reached at once by a user too impatient for these seconds.
        child.kill()
        child.wait()
