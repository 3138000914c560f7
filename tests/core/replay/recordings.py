"""Recordings made by tests, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.market.symbols import AssetClass, Market
from core.replay.listing import recorded_markets
from core.replay.market import RecordedMarket
from core.replay.recording import Bars, Readings, RecordedSymbol, Recording
from core.settings import SimulatedQuotes

START_MS = 1_750_032_000_000
"""2025-06-16 00:00 UTC, a Monday."""
M15 = 900_000
HOUR = 3_600_000
QUOTES = SimulatedQuotes()


def bars_of(rows: Sequence[tuple[int, float, float, float, float, float]], interval_ms: int = M15) -> Bars:
    """Bars from rows of (open time, open, high, low, close, volume)."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    time = table[:, 0].astype(np.int64)
    return Bars(time, np.full(time.size, interval_ms, dtype=np.int64), *(table[:, i].copy() for i in range(1, 6)))


def walk(seed: int, bars: int, interval_ms: int = M15, start_ms: int = START_MS, price: float = 100.0) -> Bars:
    """A random walk of sound bars with gaps between close and open."""
    chance = np.random.default_rng(seed)
    opens = price * np.exp(np.cumsum(chance.normal(0, 0.002, bars)))
    closes = opens * np.exp(chance.normal(0, 0.003, bars))
    highs = np.maximum(opens, closes) * (1 + np.abs(chance.normal(0, 0.001, bars)))
    lows = np.minimum(opens, closes) * (1 - np.abs(chance.normal(0, 0.001, bars)))
    time = start_ms + np.arange(bars, dtype=np.int64) * interval_ms
    span = np.full(bars, interval_ms, dtype=np.int64)
    return Bars(time, span, opens, highs, lows, closes, chance.uniform(1, 100, bars))


def symbol_of(
    given: Mapping[int, Bars],
    name: str = "AAA",
    asset_class: AssetClass = AssetClass.CRYPTO,
    funding: Readings | None = None,
    open_interest: Readings | None = None,
) -> RecordedSymbol:
    """One recorded symbol."""
    return RecordedSymbol.of(name, asset_class, given, funding, open_interest)


def market_of(*symbols: RecordedSymbol, start_ms: int | None = None, listed: Sequence[Market] = ()) -> RecordedMarket:
    """The market of these symbols."""
    recording = Recording(symbols)
    return RecordedMarket(recording, recorded_markets(recording, listed, QUOTES), QUOTES, start_ms=start_ms)


def run_to(market: RecordedMarket, to_ms: int) -> list[tuple[int, tuple[str, ...]]]:
    """Advance change by change; what changed when."""
    seen = []
    while True:
        change = market.next_change()
        if change is None or change > to_ms:
            market.advance(to_ms)
            return seen
        seen.append((change, tuple(market.advance(change))))
