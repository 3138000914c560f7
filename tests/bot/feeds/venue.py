"""A venue that answers candle requests from a synthetic series, counts them, and can be made slow or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.errors import VenueUnavailable
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import AssetClass, Market

DAY_MS = 86_400_000
MONDAY_MS = 1_750_032_000_000
"""2025-06-16 00:00 UTC."""
LENGTHS = {timeframe.value: timeframe.ms for timeframe in Timeframe}


def crypto(name: str) -> Market:
    """A market that never closes."""
    return Market(name, AssetClass.CRYPTO, name, 10, 2)


def stock(name: str) -> Market:
    """A market with sessions."""
    return Market(name, AssetClass.EQUITY, f"xyz:{name}", 10, 2)


def always(_: int) -> bool:
    """Open at every time."""
    return True


def regular_session(open_ms: int) -> bool:
    """Weekdays, 14:00 to 20:00 UTC."""
    weekday = (open_ms - MONDAY_MS) // DAY_MS % 7
    return weekday < 5 and 14 * 3_600_000 <= open_ms % DAY_MS < 20 * 3_600_000


@dataclass
class FakeVenue:
    """``fetch`` answers from bars whose price is a function of their open time; ``now_ms`` shows a forming bar too."""

    now_ms: int
    is_open: Callable[[int], bool] = always
    requests: list[tuple[str, str, int, int]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    gate: asyncio.Event | None = None
    in_flight: int = 0
    most_in_flight: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, coin: str, interval: str, start_ms: int, end_ms: int) -> CandleSeries:
        """Bars that open in the window and not after now."""
        self.requests.append((coin, interval, start_ms, end_ms))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.began.set()
        try:
            if self.gate is not None:
                await self.gate.wait()
            if coin in self.broken:
                raise VenueUnavailable(f"no candles of {coin}")
            return bars(coin, interval, start_ms, min(end_ms, self.now_ms), self.is_open)
        finally:
            self.in_flight -= 1


def bars(coin: str, interval: str, start_ms: int, end_ms: int, is_open: Callable[[int], bool] = always) -> CandleSeries:
    """The bars of a window; the same bar is the same in every answer."""
    step = LENGTHS[interval]
    first = -(-start_ms // step) * step
    quarters = 900_000
    times = [t for t in range(first, end_ms + 1, step) if any(is_open(q) for q in range(t, t + step, quarters))]
    time = np.array(times, dtype=np.int64)
    price = 100 + np.sin(time / 7e6) + 0.01 * len(coin)
    return CandleSeries(coin, Timeframe(interval), time, price, price + 0.5, price - 0.5, price + 0.1, price * 3)
