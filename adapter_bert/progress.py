"""Progress bars that suit a terminal and a log file alike."""

import sys
from collections.abc import Iterable
from typing import TextIO

from tqdm import tqdm

# Seconds between two drawings. In a file each one is a line that stays.
_TERMINAL_INTERVAL = 0.2
_FILE_INTERVAL = 30.0


def progress_bar(iterable: Iterable | None = None, **options) -> tqdm:
    """Returns a progress bar on stderr.

    Args:
        iterable: What to walk through. None: `update` moves the bar.
        **options: Other arguments of `tqdm`, such as `desc` and `unit`.
    """
    terminal = sys.stderr.isatty()
    interval = _TERMINAL_INTERVAL if terminal else _FILE_INTERVAL
    return tqdm(
        iterable,
        mininterval=interval,
        maxinterval=interval,
        file=sys.stderr if terminal else _Lines(sys.stderr),
        **options,
    )


class _Lines:
    """Puts every drawing of a bar on a line of its own.

    In a file a carriage return takes nothing back, and log lines would end up
    behind the bar.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream

    def write(self, text: str) -> None:
        if drawing := text.strip():
            self._stream.write(f"{drawing}\n")

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return False
