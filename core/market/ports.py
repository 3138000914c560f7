"""What the market stage asks of the outside world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market


class Clock(Protocol):
    """Market time. On a simulated market it may run faster than the wall."""

    def now_ms(self) -> int:
        """Epoch milliseconds, UTC."""
        ...

    def span_ms(self, wall_ms: int) -> int:
        """How much market time passes while ``wall_ms`` pass on the wall (at least as much)."""
        ...


class Candles(Protocol):
    """Where closed candles come from."""

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        """Closed bars of each market, by symbol, as many as SPEC C5 needs (≥ the anchor), none closing after ``now_ms``.

        A market that cannot be had is left out of the answer (the caller refuses it by name). Raises
        :class:`core.errors.FeedUnavailable` only when the source as a whole gives nothing.
        """
        ...
