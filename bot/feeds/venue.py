"""The venue as a source of candles: it has every market, and its budget is the one that protects money too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from core.market.candles import CandleSeries, Floats, Ints, Timeframe
from core.market.symbols import Market

SOURCE = "venue"


class Rows(Protocol):
    """Bars as they were fetched, oldest first: open times (epoch ms) and float64 columns, all ``[bars]``."""

    @property
    def time(self) -> Ints:
        """Open times."""
        ...

    @property
    def open(self) -> Floats:
        """Opens."""
        ...

    @property
    def high(self) -> Floats:
        """Highs."""
        ...

    @property
    def low(self) -> Floats:
        """Lows."""
        ...

    @property
    def close(self) -> Floats:
        """Closes."""
        ...

    @property
    def volume(self) -> Floats:
        """Base volumes."""
        ...


Fetch = Callable[[str, str, int, int], Awaitable[Rows]]
"""``fetch(coin, interval, start_ms, end_ms)``: the bars that open in the window, the forming one perhaps among them."""


class VenueCandles:
    """A :class:`bot.feeds.bars.CandleSource` over a venue's candle requests."""

    name = SOURCE

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def covers(self, market: Market, now_ms: int) -> bool:  # noqa: ARG002 - the port's
        """Every market that it lists."""
        return True

    async def bars(self, market: Market, timeframe: Timeframe, start_ms: int, end_ms: int, now_ms: int) -> CandleSeries:
        """Closed bars of a window, by the clock that was set by the venue's own. Raises ``VenueUnavailable``."""
        rows = await self._fetch(market.coin, timeframe.value, start_ms, end_ms)
        series = CandleSeries(
            market.symbol, timeframe, rows.time, rows.open, rows.high, rows.low, rows.close, rows.volume
        )
        return series.closed_by(now_ms)
