"""Bars for a picture."""

from __future__ import annotations

from core.desk import Desk
from core.errors import FeedUnavailable
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market


async def chart_series(desk: Desk, market: Market, timeframe: Timeframe) -> CandleSeries:
    """Closed bars of one market. Raises :class:`FeedUnavailable` when there are none."""
    found = await desk.candles.closed([market], timeframe, desk.clock.now_ms())
    if market.symbol not in found or not len(found[market.symbol]):
        raise FeedUnavailable(f"no {timeframe.value} candles of {market.symbol}", what=market.symbol)
    return found[market.symbol]
