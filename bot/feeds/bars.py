"""Where candles come from, seen from the cache: sources that are asked, and single bars that streams tell."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market


class CandleSource(Protocol):
    """An exchange that can be asked for candles."""

    @property
    def name(self) -> str:
        """How it is called in messages, and by its stream."""
        ...

    def covers(self, market: Market, now_ms: int) -> bool:
        """Whether it is to be asked for this market at all."""
        ...

    async def bars(self, market: Market, timeframe: Timeframe, start_ms: int, end_ms: int, now_ms: int) -> CandleSeries:
        """The bars that open in ``[start_ms, end_ms]`` and had closed by ``now_ms``, in the order they were sent.

        Raises :class:`core.errors.Unavailable`.
        """
        ...


class ClosedBar(Struct, frozen=True, gc=False):
    """One bar as a stream told it. ``final`` where the exchange itself says that it has closed.

    Otherwise that was concluded from the next bar's beginning, and the bar is looked at again when its TTL ends.
    """

    source: str
    coin: str
    timeframe: Timeframe
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    final: bool
