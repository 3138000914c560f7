"""Pictures for the chat, drawn away from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.events import EntriesHalted, LiquidationNear
from core.market.candles import CandleSeries
from core.risk.governor import Standing
from core.settings import Chat
from core.trading.positions import ClosedTrade, Position
from handlers.ports import Drawn

if TYPE_CHECKING:
    from bot.charts.candlesticks import Level

WARM_BARS = 100
"""Bars before the first one shown, so that the averages have settled."""
BARS = Chat().chart_bars
BEFORE_PEAK = 8
"""Readings shown from before the peak, two hours of them."""


async def paint(series: CandleSeries, subject: Drawn) -> bytes:
    """Candles with the levels of a position or trade, as a PNG. Pillow is loaded with the first picture."""
    return await asyncio.to_thread(draw, series, subject)


async def paint_halt(halt: EntriesHalted, way: Sequence[Standing]) -> bytes:
    """How the equity came to a halt, as a PNG. matplotlib is loaded with the first one."""
    return await asyncio.to_thread(draw_halt, halt, way)


def draw_halt(halt: EntriesHalted, way: Sequence[Standing]) -> bytes:
    """The same, here and now."""
    from bot.charts.plots import halt_curve

    daily = halt.kind == "day"
    way = way if daily else way[max(0, peak_of(way) - BEFORE_PEAK) :]
    points = [(one.at_ms, one.equity, one.day_equity if daily else one.peak) for one in way]
    note = "Lost since 00:00 UTC, %" if daily else "Lost since the peak, %"
    return halt_curve(points, measured=halt.measured, limit=halt.limit, title="Equity, USDC", note=note)


def peak_of(way: Sequence[Standing]) -> int:
    """Place of the newest reading from which nothing was lost; the first where none is known."""
    return max((place for place, one in enumerate(way) if one.drawdown == 0), default=0)


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
