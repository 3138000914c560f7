"""The strongest readings: markets with a side, best score first, what it is made of, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Text

from core.flows.readings import Strong
from core.signals.timeframes import States
from handlers.views.footer import footer
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import grid
from handlers.views.words import rule_word, side_word

WIDTHS = (9, 5, 3, -5)
REASONS = 3
ARROWS = {1: "▲", -1: "▼", 0: "·"}


def top_view(found: Sequence[Strong], reader: Reader, wall_ms: int) -> Text:
    """The screen; the reasons are folded away."""
    texts = reader.texts
    if not found:
        return lines(verdict(texts("top-headline")), texts("top-none"), footer(reader, wall_ms))
    return lines(
        verdict(texts("top-headline")),
        grid([row(one, reader) for one in found], WIDTHS),
        details([reasons(one, reader) for one in found]),
        footer(reader, wall_ms, found[0].view.now_ms),
    )


def row(one: Strong, reader: Reader) -> tuple[str, ...]:
    """``SOL long ▲▲· +6.5``; the arrows are 15m, 1h and 4h."""
    score = f"{one.score:+.1f}".replace("-", "−")
    return one.view.symbol, side_word(one.side, reader.texts), arrows(one.view.states), score


def arrows(states: States) -> str:
    """The three timeframes.

    >>> arrows(States(1, 0, -1))
    '▲·▼'
    """
    return "".join(ARROWS[state] for state in (states.m15, states.h1, states.h4))


def reasons(one: Strong, reader: Reader) -> str:
    """The strongest points, and where the last scan left the market."""
    parts = ", ".join(str(point) for point in one.points[:REASONS])
    ended = f" → {rule_word(one.outcome.stage, one.outcome.rule, reader.texts)}" if one.outcome is not None else ""
    return f"{one.view.symbol}: {parts}{ended}"
