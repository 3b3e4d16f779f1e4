"""What becomes of a row that cannot be read."""

import os
import pathlib
from collections.abc import Callable

from absl import logging

from adapter_bert import files

_FILE_NAME = "skipped_rows.txt"
_MAX_LOGGED = 20

# Takes the error that names the row; if it returns, the row is left out.
BadRowHandler = Callable[[ValueError], None]


def refuse(error: ValueError) -> None:
    """Ends the reading with `error`."""
    raise error from None


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

    def write(self, directory: str | os.PathLike) -> list[str]:
        """Lists the rows in the log and in `skipped_rows.txt`.

        Returns:
            One sentence for those who read the scores; none if no row was
            left out, and then there is no file either.
        """
        path = pathlib.Path(directory) / _FILE_NAME
        if not self.messages:
            path.unlink(missing_ok=True)
            return []
        text = "".join(f"{message}\n" for message in self.messages)
        files.write_text(path, text)
        for message in self.messages[:_MAX_LOGGED]:
            logging.warning("Left out: %s", message)
        summary = (
            f"{len(self.messages)} row(s) could not be read and were left out."
        )
        logging.warning("%s They are listed in %s.", summary, path)
        return [summary]
