"""Files that are either the old ones or whole new ones, never in between."""

import contextlib
import os
import pathlib
from collections.abc import Iterator


@contextlib.contextmanager
def replacing(path: str | os.PathLike) -> Iterator[pathlib.Path]:
    """Lends a temporary path that becomes `path` once the block succeeds.

    The temporary file lies in the same folder (which is made if needed), has
    the same suffix, and is gone if the block raises; `path` then still holds
    what it held before.

    Args:
        path: The file to write or overwrite.

    Yields:
        The path to write to instead. The block must create that file.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # `tempfile` would make a file only its owner can read.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        yield temporary
        # Without this a power cut may leave a renamed but empty file.
        with open(temporary, "rb+") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: str | os.PathLike, data: bytes) -> None:
    """Writes `data` to `path` in one step."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: str | os.PathLike, text: str) -> None:
    """Writes `text` to `path` in one step, as UTF-8 with its own line ends."""
    # A file name that is not UTF-8 reaches Python as lone surrogates: shown
    # as `\udc..`, it must not cost a run its results.
    write_bytes(path, text.encode("utf-8", errors="backslashreplace"))
