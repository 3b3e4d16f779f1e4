"""What becomes of a row that cannot be read."""

import os
import pathlib
from collections.abc import Callable

from absl import logging

from adapter_bert import files

_MAX_LOGGED = 20

# Takes the error that names the row; if it returns, the row is left out.
BadRowHandler = Callable[[ValueError], None]


def refuse(error: ValueError) -> None:
    """Ends the reading with `error`."""
    raise error from None


class CountedRows:
    """Counts the rows that another handler leaves out.

    Args:
        handler: What the errors are handed on to.

    Attributes:
        count: How many of them it took.
    """

    def __init__(self, handler: BadRowHandler):
        self._handler = handler
        self.count = 0

    def add(self, error: ValueError) -> None:
        """Hands `error` on."""
        self._handler(error)
        self.count += 1


class SkippedRows:
    """Collects what was wrong with rows that were left out.

    Attributes:
        messages: One a row, with its file and line, in the order of reading.
    """

    def __init__(self):
        self.messages: list[str] = []

    def add(self, error: ValueError) -> None:
        """Notes `error` and lets the reading go on."""
        self.messages.append(str(error))

    def write(self, directory: str | os.PathLike, kind: str = "") -> list[str]:
        """Lists the rows in the log and in `skipped_rows.txt`.

        Args:
            directory: Folder of the run.
            kind: What the run does if it does not train, such as `_eval`,
                for a file of its own: the rows that training left out stay
                listed until there is a new training.

        Returns:
            One sentence for those who read the scores; none if no row was
            left out, and then there is no file either.
        """
        path = pathlib.Path(directory) / f"skipped_rows{kind}.txt"
        old = [path] if kind else path.parent.glob("skipped_rows*.txt")
        for earlier in list(old):
            earlier.unlink(missing_ok=True)
        if not self.messages:
            return []
        text = "".join(f"{message}\n" for message in self.messages)
        files.write_text(path, text)
        for message in self.messages[:_MAX_LOGGED]:
            logging.warning("Left out: %s", message)
        logging.warning("Rows left out are listed in %s.", path)
        return [
            f"{len(self.messages)} row(s) could not be read and were left "
            f"out; {path.name} lists them."
        ]
