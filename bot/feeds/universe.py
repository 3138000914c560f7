"""Reads the list of markets: the operator's own file in the state folder if there is one, else the one shipped here.

It refuses to change either file.
"""

from __future__ import annotations

import csv
from pathlib import Path

from core.errors import BadData
from core.market.symbols import Market
from core.market.universe import COLUMNS, parse_universe

SHIPPED = Path(__file__).with_name("universe.csv")
FILE_NAME = "universe.csv"


def load_universe(state: Path | None = None) -> list[Market]:
    """The markets of ``universe.csv`` in the state folder, else the 92 defaults. Raises :class:`BadData`."""
    own = state / FILE_NAME if state is not None else None
    return read_universe(own if own is not None and own.is_file() else SHIPPED)


def read_universe(file: Path) -> list[Market]:
    """The markets of one file. Raises :class:`BadData` naming line and value."""
    expected = f"a readable text file with the header {','.join(COLUMNS)}"
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{file} cannot be read: {error}", file=str(file), line=0, value="", expected=expected) from error
    reader = csv.DictReader(text.splitlines())
    found = ",".join(reader.fieldnames or ())
    if found != ",".join(COLUMNS):
        message = f"{file} line 1: {found!r} is wrong; {expected} would be right"
        raise BadData(message, file=str(file), line=1, value=found, expected=expected)
    return parse_universe(reader, str(file))
