"""Monospace tables that fit a phone. No emoji inside: they break the alignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiogram.utils.formatting import Pre, Text


def clipped(text: str, width: int) -> str:
    """At most ``width`` characters, the cut shown.

    >>> clipped("FARTCOINS", 8)
    'FARTCOI…'
    """
    return text if len(text) <= width else text[: width - 1] + "…"


def pairs(rows: Iterable[tuple[str, str]], columns: int) -> Text:
    """Names on the left, figures flush right, one pair per line."""
    return Pre("\n".join(pair_line(name, value, columns) for name, value in rows))


def pair_line(name: str, value: str, columns: int) -> str:
    """One line; the name gives way to the figure.

    >>> pair_line("Entry", "98.76", 14)
    'Entry    98.76'
    """
    room = columns - len(value) - 1
    return f"{clipped(name, max(room, 1)):<{max(room, 1)}} {value}"


def grid(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Text:
    """Fixed columns: a positive width is left-aligned, a negative one flush right; one space between."""
    return Pre("\n".join(grid_line(row, widths) for row in rows))


def grid_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line of a grid.

    >>> grid_line(("SOL", "+1.24%"), (5, -7))
    'SOL    +1.24%'
    """
    fitted = (
        f"{clipped(cell, abs(width)):<{width}}" if width > 0 else f"{clipped(cell, -width):>{-width}}"
        for cell, width in zip(cells, widths, strict=True)
    )
    return " ".join(fitted).rstrip()
