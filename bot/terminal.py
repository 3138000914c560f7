"""Words on the terminal: the only place that writes to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def say(text: str = "") -> None:
    """One line to standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line to standard error."""
    sys.stderr.write(f"vektor: {text}\n")
    sys.stderr.flush()


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as lines with straight columns.

    >>> aligned([("a", "bcd"), ("long", "e")]).splitlines()
    ['a     bcd', 'long  e']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
