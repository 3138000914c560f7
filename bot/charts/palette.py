"""Colours and type of every picture: one dark theme, strong contrast, readable at a third of its size on a phone."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

GROUND = "#0d1218"
PANEL = "#121922"
GRID = "#1f2a36"
INK = "#e9eef4"
MUTED = "#8797a8"
UP = "#2fbf8f"
DOWN = "#f0616d"
UP_DIM = "#1c5a4a"
DOWN_DIM = "#6b333b"
FAST = "#f5b84b"
SLOW = "#6aa9ff"
ENTRY = "#dfe6ee"
STOP = "#ff5d6c"
TARGET = "#31d69b"
LEVEL = "#a58bf0"
LIQUIDATION = "#ff9a3d"
ON_COLOUR = "#0b0f14"
COLOURS = 64
"""Colours of a finished picture; more only make the file larger."""


@cache
def font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """The typeface of all pictures (DejaVu Sans, which comes with matplotlib), the same on every machine.

    Falls back to the face that is built into Pillow. matplotlib itself is not imported.
    """
    from PIL import ImageFont

    found = find_spec("matplotlib")
    if found is not None and found.submodule_search_locations:
        name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
        path = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / name
        if path.is_file():
            return ImageFont.truetype(str(path), size)
    face = ImageFont.load_default(size)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise OSError("Pillow was built without FreeType, so no text can be drawn")
    return face
