"""Pictures for the chat, drawn away from the event loop."""

from __future__ import annotations

import asyncio

from core.market.candles import CandleSeries
from core.settings import Chat
from core.trading.positions import Position


async def paint(series: CandleSeries, position: Position | None) -> bytes:
    """Candles with the levels of a position, as a PNG. Pillow is loaded when the first picture is drawn."""
    return await asyncio.to_thread(draw, series, position)


def draw(series: CandleSeries, position: Position | None) -> bytes:
    """The same, here and now."""
    from bot.charts.candlesticks import Level, LevelKind, render

    levels: tuple[Level, ...] = ()
    title = f"{series.symbol} · {series.timeframe.value}"
    if position is not None:
        levels = (
            Level(LevelKind.ENTRY, float(position.entry)),
            Level(LevelKind.STOP, float(position.stop)),
            Level(LevelKind.TARGET, float(position.target)),
        )
        title = f"{title} · {position.side.value.upper()}"
    return render(series[-(Chat().chart_bars + WARM_BARS) :], levels=levels, title=title, bars=Chat().chart_bars)


WARM_BARS = 100
"""Bars before the first one shown, so that the averages have settled."""
