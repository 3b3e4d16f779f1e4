"""Runs a sweep from the command line.

python -m benchmarks.sweep --help
"""

import pathlib
import signal
import sys
from collections.abc import Sequence

from benchmarks.sweep.arguments import read_arguments
from benchmarks.sweep.folder import SweepFolder
from benchmarks.sweep.results import write_results
from benchmarks.sweep.work import Worker

_DRIVER = pathlib.Path(__file__).resolve().parents[2] / "run_classifier.py"


def main(
    arguments: Sequence[str],
    driver: Sequence[str] = (sys.executable, str(_DRIVER)),
) -> int:
    """Runs a sweep and returns the program's exit status.

    Args:
        arguments: The command line behind the program's name.
        driver: The program to start for each run, with its first arguments.
    """
    # Else a child would outlive a sweep that is told to end.
    signal.signal(signal.SIGTERM, _exit_on_signal)
    try:
        path, runs, shared, fixed = read_arguments(arguments)
        folder = SweepFolder(path, fixed)
        failed = Worker(folder, [*driver, *shared], write_results).work(runs)
    except (ValueError, OSError) as error:
        return _fail(f"ERROR: {error}", 1)
    except KeyboardInterrupt:
        return _fail(
            "Interrupted. The same command goes on with the runs that are "
            "not finished.",
            128 + signal.SIGINT,
        )
    if failed:
        names = "".join(f"\n  {run}: {folder.log_path(run)}" for run in failed)
        return _fail(
            f"{len(failed)} of {len(runs)} runs failed:{names}\n"
            "The same command tries them again.",
            1,
        )
    print(f"Results: {folder.path / 'table.md'}", file=sys.stderr)
    return 0


def _fail(message, status):
    print(message, file=sys.stderr)
    return status


def _exit_on_signal(number, _):
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
