"""Pictures for the chat, drawn away from the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.events import LiquidationNear
from core.market.candles import CandleSeries
from core.settings import Chat
from core.trading.positions import ClosedTrade, Position
from handlers.ports import Drawn

if TYPE_CHECKING:
    from bot.charts.candlesticks import Level

WARM_BARS = 100
"""Bars before the first one shown, so that the averages have settled."""
BARS = Chat().chart_bars


async def paint(series: CandleSeries, subject: Drawn) -> bytes:
    """Candles with the levels of a position or trade, as a PNG. Pillow is loaded with the first picture."""
    return await asyncio.to_thread(draw, series, subject)


def draw(series: CandleSeries, subject: Drawn) -> bytes:
    """The same, here and now."""
    from bot.charts.candlesticks import render

    title = f"{series.symbol} · {series.timeframe.value}"
    held = subject.position if isinstance(subject, LiquidationNear) else subject
    if held is not None:
        title = f"{title} · {held.side.value.upper()}"
    return render(series[-(BARS + WARM_BARS) :], levels=levels_of(subject), title=title, bars=BARS)


def levels_of(subject: Drawn) -> tuple[Level, ...]:
    """Where a position stands and would be liquidated, or where a trade began and ended."""
    from bot.charts.candlesticks import Level, LevelKind

    if isinstance(subject, LiquidationNear):
        return *levels_of(subject.position), Level(LevelKind.LIQUIDATION, float(subject.liquidation))
    if isinstance(subject, Position):
        named = (LevelKind.ENTRY, subject.entry), (LevelKind.STOP, subject.stop), (LevelKind.TARGET, subject.target)
        return tuple(Level(kind, float(price)) for kind, price in named)
    if isinstance(subject, ClosedTrade):
        return Level(LevelKind.ENTRY, float(subject.entry)), Level(LevelKind.EXIT, float(subject.exit))
    return ()
