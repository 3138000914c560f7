"""Small synthetic worlds for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.days import DAY_MS
from bot.feeds.synthesis.memory import Memory
from bot.feeds.synthesis.world import first_world
from bot.feeds.synthetic import SyntheticMarket
from bot.feeds.universe import load_universe
from core.market.candles import Floats
from core.market.symbols import Market
from core.settings import SimulatedQuotes, Synthetic

RULES = replace(Synthetic(), history_days=20)
QUOTES = SimulatedQuotes()
MONDAY = 20_780
"""Days since 1970 of Monday 2026-11-23."""
NOON_MS = MONDAY * DAY_MS + DAY_MS // 2
SYMBOLS = ("BTC", "ETH", "SOL", "DOGE", "kPEPE", "TSLA", "NVDA", "AAPL", "GOLD", "CL", "EUR", "JPY", "SP500", "XYZ100")


def some_markets(symbols: Sequence[str] = SYMBOLS) -> list[Market]:
    """These of the default markets."""
    return [market for market in load_universe() if market.symbol in symbols]


def world_of(
    seed: int = 7, start_ms: int = NOON_MS, rules: Synthetic = RULES, symbols: Sequence[str] = SYMBOLS
) -> SyntheticMarket:
    """A small market."""
    return SyntheticMarket(some_markets(symbols), seed=seed, start_ms=start_ms, rules=rules, quotes=QUOTES)


def run_to(market: SyntheticMarket, to_ms: int) -> None:
    """Advance tick by tick."""
    while (tick := market.next_change()) <= to_ms:
        market.advance(tick)
    market.advance(to_ms)


class Past:
    """Many days of bars of a list of markets, for statistics."""

    def __init__(self, markets: Sequence[Market], seed: int, days: int, first_day: int = MONDAY - 140) -> None:
        self.markets = list(markets)
        self.cast = Cast.of(seed, first_day, markets, Synthetic())
        self.memory = Memory(self.cast, first_world(seed, first_day, self.cast.profiles, self.cast.rules))
        self.start_ms, self.end_ms = first_day * DAY_MS, (first_day + days) * DAY_MS
        self.memory.live_until(self.end_ms - 1, days)

    def closes(self, symbol: str) -> Floats:
        """Five-minute closes."""
        row = [market.symbol for market in self.markets].index(symbol)
        return self.memory.fine(row, self.start_ms, self.end_ms).close

    def returns(self, symbol: str, every: int = 1) -> Floats:
        """Log returns over so many five-minute bars."""
        return np.diff(np.log(self.closes(symbol)[::every]))
