"""An artifact's `adapter.json`, which takes no Keras to read."""

import pathlib
from typing import Any

from adapter_bert.config import read_json

CONFIG = "adapter.json"
FORMAT = "adapter_bert"
VERSION = 1
REQUIRED = (
    "adapter",
    "encoder",
    "fingerprint",
    "labels",
    "max_seq_length",
    "sha256",
    "tokenizer",
)


def read_adapter_json(directory: str | pathlib.Path) -> dict[str, Any]:
    """Reads what an artifact says of itself.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged or of another format.
    """
    path = pathlib.Path(directory) / CONFIG
    values = read_json(path)
    if values.get("format") != FORMAT:
        raise ValueError(
            f"{path}: `format` must be {FORMAT!r}. "
            f"Received: format={values.get('format')!r}"
        )
    if values.get("format_version") != VERSION:
        raise ValueError(
            f"{path}: `format_version` must be {VERSION}; another release of "
            "this project wrote the file. "
            f"Received: format_version={values.get('format_version')!r}"
        )
    if missing := [name for name in REQUIRED if name not in values]:
        raise ValueError(f"{path}: missing key(s): {', '.join(missing)}")
    return values
