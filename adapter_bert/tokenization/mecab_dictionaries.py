"""The dictionaries that MeCab splits Japanese text with.

They come as Python packages. A system's own dictionary needs no package: its
folder stands in MeCab's options.
"""

import dataclasses
import importlib
import os
import pathlib
import shlex
from importlib import metadata

from adapter_bert.names import did_you_mean

# What to install for each one, by the name of its module.
PACKAGES = {
    "ipadic": "ipadic",
    "unidic": "unidic",
    "unidic_lite": "unidic-lite",
}
# Their packages bring the dictionary's files only when told to.
_DOWNLOADS = {"unidic": "python -m unidic download"}
_REPAIR = "pip install --force-reinstall --no-deps"


@dataclasses.dataclass(frozen=True)
class Dictionary:
    """A dictionary that is installed.

    Attributes:
        options: What tells MeCab where it is.
        package: Name and version of the package that brought it.
        version: Version of the dictionary itself, as its folder has it.
    """

    options: str
    package: str
    version: str


def find_dictionary(name: str) -> Dictionary:
    """Finds an installed dictionary.

    Args:
        name: `unidic_lite`, `ipadic` or `unidic`.

    Raises:
        ValueError: If there is no dictionary of that name.
        ImportError: If it is not installed, naming the package.
        FileNotFoundError: If the package is, and its files are not.
    """
    require_dictionary_name(name)
    package = PACKAGES[name]
    download = _DOWNLOADS.get(name)
    install = f"pip install {package}"
    if download:
        install = f"{install} && {download}"
    try:
        directory = pathlib.Path(importlib.import_module(name).DICDIR)
    except ImportError as error:
        raise ImportError(
            f"mecab_dic={name!r} needs the package {package}: {install} "
            f"({error})"
        ) from None
    if not (directory / "sys.dic").is_file():
        raise FileNotFoundError(
            f"mecab_dic={name!r}: the package {package} is installed, but "
            f"there is no dictionary in {directory}: "
            f"{download or f'{_REPAIR} {package}'}"
        )
    return Dictionary(
        options=_options(directory),
        package=f"{package} {_package_version(package)}",
        version=_folder_version(directory),
    )


def require_dictionary_name(name: str) -> None:
    """Raises ValueError unless `name` is that of a dictionary."""
    if not isinstance(name, str) or name not in PACKAGES:
        raise ValueError(
            f"`mecab_dic` must be the name of a MeCab dictionary; "
            f"{did_you_mean(str(name), PACKAGES)}. Received: mecab_dic={name!r}"
        )


def _options(directory):
    settings = os.fspath(directory / "mecabrc")
    return f"-d {shlex.quote(str(directory))} -r {shlex.quote(settings)}"


def _package_version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # copied, not installed
        return "of unknown version"


def _folder_version(directory):
    try:
        text = (directory / "version").read_text(encoding="utf-8")
    except OSError:
        return ""
    return text.strip()
