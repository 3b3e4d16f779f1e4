"""Fonts that have the letters of labels, and names where none has."""

import importlib.util
import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from absl import logging

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

_MAX_LETTERS = 40
_JAPANESE_PACKAGE = "matplotlib_fontja"


def choose_fonts(labels: Sequence[str]) -> list[tuple[str, "FontProperties"]]:
    """Returns what to write for each label, and in which font.

    That is the label itself, cut if long, where matplotlib's own font or the
    Japanese one of the package `matplotlib-fontja` has its letters; else the
    part behind its first slash (`color` of `色/color`), if those can be
    drawn; else the label's id.
    """
    fonts = _load_fonts()
    chosen = [_choose(label, fonts) for label in labels]
    missing = [c is None for c in chosen]
    if any(missing):
        logging.info(
            "Pictures show only the half behind the slash, or the id, of %d "
            "of %d labels: no font here has their letters. For Japanese: pip "
            "install matplotlib-fontja",
            sum(missing),
            len(labels),
        )
    plain = fonts[0][1]
    return [
        font
        or _choose(label.partition("/")[2] or str(i), fonts)
        or (str(i), plain)
        for i, (label, font) in enumerate(zip(labels, chosen, strict=True))
    ]


def _load_fonts():
    """Returns the letters of each font there is, and the font."""
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    plain = findfont(FontProperties(family="DejaVu Sans"))
    paths = [plain, *_find_japanese_fonts()]
    return [
        (FT2Font(path).get_charmap().keys(), FontProperties(fname=path))
        for path in paths
    ]


def _find_japanese_fonts() -> list[str]:
    # Importing the package would change the font of every picture.
    spec = importlib.util.find_spec(_JAPANESE_PACKAGE)
    if spec is None:
        return []
    folder = pathlib.Path(spec.submodule_search_locations[0])
    return sorted(str(path) for path in folder.glob("fonts/*.ttf"))


def _choose(label, fonts):
    name = " ".join(label.split())
    if len(name) > _MAX_LETTERS:
        name = name[: _MAX_LETTERS - 1] + "…"
    letters = set(map(ord, name))
    return next(((name, font) for has, font in fonts if letters <= has), None)
