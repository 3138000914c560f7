"""The last line of every screen: how old it is, and which clock the market runs on."""

from __future__ import annotations

from aiogram.utils.formatting import Italic, Text

from handlers.views.figures import MINUTE_MS
from handlers.views.reader import Reader
from handlers.views.times import day_moment, moment


def footer(reader: Reader, wall_ms: int, market_ms: int | None = None) -> Text:
    """``Updated 15:32:07 (14:32:07 UTC)``; the market's own clock beside it where it has left the wall's."""
    updated = Text(reader.texts("footer-updated"), " ", moment(wall_ms, reader.zone, "%H:%M:%S"))
    if market_ms is None or abs(market_ms - wall_ms) < MINUTE_MS:
        return Italic(updated)
    return Italic(updated, "\n", reader.texts("footer-market"), " ", day_moment(market_ms, reader.zone))
