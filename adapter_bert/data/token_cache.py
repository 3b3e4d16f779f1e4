"""Token rows kept on disk, so that a second run on the same texts starts soon.

The folder is `tokens` in that of the environment variable ADAPTER_BERT_CACHE,
else in `adapter_bert` in $XDG_CACHE_HOME or ~/.cache. It never grows past 2 GB:
what was used least recently goes. ADAPTER_BERT_CACHE=off is no cache.
"""

import contextlib
import functools
import os
import pathlib
import re
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import safetensors
import safetensors.numpy
from absl import logging

from adapter_bert import files
from adapter_bert.data.token_key import token_key
from adapter_bert.data.token_rows import TokenRows

if TYPE_CHECKING:
    from adapter_bert.tokenization.japanese import JapaneseTokenizer
    from adapter_bert.tokenization.wordpiece import WordPieceTokenizer

_VARIABLE = "ADAPTER_BERT_CACHE"
# Fewer take a second or two at most, and would fill the folder all the same.
_MIN_ROWS = 20_000
_MAX_SIZE = 2_000_000_000  # bytes, of all files together
# Other files in the folder are not ours to delete. The second form is what a
# killed process leaves behind.
_OURS = re.compile(r"[0-9a-f]{64}\.safetensors|\.[0-9a-f]{64}\.\d+\.tmp\..+")
_writing = threading.Lock()


def cached_rows(
    encode: Callable[..., TokenRows],
    tokenizer: "WordPieceTokenizer | JapaneseTokenizer",
    first: Sequence[str],
    second: Sequence[str | None] | None,
    max_seq_length: int,
) -> TokenRows:
    """Returns what `encode` makes of the other arguments, from disk if there.

    Nothing is kept of less than 20,000 rows. A file that cannot be read or
    written costs a log line, and never the run.

    Args:
        encode: Is called with the other arguments, unless the rows are there.
        tokenizer: Anything with `vocab` and `get_config`.
        first: First text of every row.
        second: Second text of every row or None; or None if no row has one.
        max_seq_length: Longest row, in tokens, with [CLS] and [SEP].
    """
    arguments = tokenizer, first, second, max_seq_length
    worth_it = len(first) >= _MIN_ROWS and _tells_all(tokenizer)
    folder = _folder() if worth_it else None
    if folder is None:
        return encode(*arguments)
    path = folder / f"{token_key(*arguments)}.safetensors"
    rows = _read(path, max_seq_length)
    if rows is None:
        rows = encode(*arguments)
        _write(path, rows)
    return rows


def _tells_all(tokenizer):
    # These may name a dictionary of the user's own, which no version number
    # tells from what it was last week.
    return not tokenizer.get_config().get("mecab_option")


def _folder() -> pathlib.Path | None:
    """The folder, which need not exist; None without a cache."""
    folder = os.environ.get(_VARIABLE)
    if folder is None:
        caches = os.environ.get("XDG_CACHE_HOME", "")
        # A relative one is to be ignored, as the XDG specification has it.
        caches = caches if os.path.isabs(caches) else "~/.cache"
        folder = os.path.join(caches, "adapter_bert")
    if folder.strip().lower() in ("", "off"):
        return None
    try:
        return pathlib.Path(folder).expanduser() / "tokens"
    except RuntimeError as error:  # Nobody's home is known.
        _warn_once(f"Token ids are not kept in {folder}: {error}")
        return None


def _read(path, max_seq_length):
    try:
        if not path.is_file():
            return None
        with safetensors.safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("key") != path.stem:
                raise ValueError("it does not hold what its name says")
            arrays = {name: file.get_tensor(name) for name in file.keys()}
            num_truncated = int(metadata["num_truncated"])
        if metadata["checksum"] != _checksum(arrays, num_truncated):
            raise ValueError("its checksum is another")
    # What a damaged header can lead to is not written down anywhere.
    except Exception as error:
        logging.warning("Tokenizing again, for %s is no use: %s", path, error)
        return None
    with contextlib.suppress(OSError):  # The folder may be read-only.
        os.utime(path)
    rows = TokenRows(
        **arrays, max_seq_length=max_seq_length, num_truncated=num_truncated
    )
    logging.info("Token ids of %d rows come from %s", len(rows), path)
    return rows


def _write(path, rows):
    arrays = {
        "input_ids": rows.input_ids,
        "row_splits": rows.row_splits,
        "segment_ids": rows.segment_ids,
    }
    metadata = {
        "key": path.stem,
        "num_truncated": str(rows.num_truncated),
        "checksum": _checksum(arrays, rows.num_truncated),
    }
    data = safetensors.numpy.save(arrays, metadata)
    if len(data) > _MAX_SIZE:
        return
    try:
        # Two threads would write to one temporary file.
        with _writing:
            # Ids can be turned back into texts: they are their owner's only.
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_room(path.parent, len(data))
            files.write_bytes(path, data)
    except OSError as error:
        reason = error.strerror or error
        _warn_once(
            f"Token ids are not kept in {path.parent}: {reason}. {_VARIABLE} "
            f"names another folder, and {_VARIABLE}=off none."
        )
        return
    logging.info("Token ids of %d rows are kept in %s", len(rows), path)


def _checksum(arrays: Mapping[str, np.ndarray], num_truncated: int) -> str:
    shapes = [(name, a.dtype.str, a.shape) for name, a in arrays.items()]
    value = zlib.crc32(repr((sorted(shapes), num_truncated)).encode())
    for name in sorted(arrays):
        value = zlib.crc32(np.ascontiguousarray(arrays[name]), value)
    return f"{value:08x}"


def _make_room(folder, size):
    """Deletes what was used least recently, until `size` more bytes fit."""
    found = []
    for path in folder.iterdir():
        # Another process may delete it meanwhile.
        with contextlib.suppress(OSError):
            if _OURS.fullmatch(path.name):
                status = path.stat()
                found.append((status.st_mtime, status.st_size, path))
    total = sum(file_size for _, file_size, _ in found)
    for _, file_size, path in sorted(found):
        if total + size <= _MAX_SIZE:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            total -= file_size


@functools.cache
def _warn_once(message):
    logging.warning("%s", message)
