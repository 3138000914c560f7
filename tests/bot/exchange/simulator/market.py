"""A market for tests: prices are a plain function of time, unless a test says otherwise from some time on."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, Statistics

START_MS = 1_790_000_000_000
TICK_MS = 5_000
D = Decimal

TERMS = (
    MarketTerms("BTC", 5, 40, False, ((D(0), 40), (D(150_000_000), 20))),
    MarketTerms("ETH", 4, 25, False, ((D(0), 25), (D(100_000_000), 15))),
    MarketTerms("SOL", 2, 20, False, ((D(0), 20), (D(70_000_000), 10))),
    MarketTerms("kPEPE", 0, 10, False, ((D(0), 10), (D(20_000_000), 5))),
    MarketTerms("xyz:TSLA", 3, 20, False, ((D(0), 20),)),
    MarketTerms("xyz:HOOD", 3, 10, True, ((D(0), 10),)),
    MarketTerms("xyz:SP500", 3, 50, False, ((D(0), 50),)),
)
LEVELS = {"BTC": 61300, "ETH": 2950, "SOL": 150, "kPEPE": 0.0123, "xyz:TSLA": 318, "xyz:HOOD": 95, "xyz:SP500": 7560}
PERIODS = {coin: 400_000 + 70_000 * place for place, coin in enumerate(LEVELS)}


def on_tick(value: float, size_decimals: int) -> Decimal:
    """The nearest price of the tick grid: five significant figures, at most 6 − size decimals."""
    five = Decimal(f"{value:.5g}")
    return five.quantize(Decimal(1).scaleb(-(6 - size_decimals)), ROUND_HALF_EVEN)


class WavyMarket:
    """Sine waves of a tenth of a percent; ``script`` holds ``coin -> [(ms, price)]``: from then on that price."""

    def __init__(
        self,
        script: dict[str, list[tuple[int, float]]] | None = None,
        *,
        end_ms: int | None = None,
        start_ms: int = START_MS,
    ) -> None:
        self.terms: Sequence[MarketTerms] = TERMS
        self.now_ms = self._start_ms = start_ms
        self.end_ms = end_ms
        self._script = script or {}
        self._decimals = {one.coin: one.size_decimals for one in TERMS}
        self.gapped: set[str] = set()
        self.closings: list[Forced] = []

    def next_change(self) -> int | None:
        following = (self.now_ms // TICK_MS + 1) * TICK_MS
        return None if self.end_ms is not None and following > self.end_ms else following

    def advance(self, to_ms: int) -> Sequence[str]:
        change = self.next_change()
        assert to_ms >= self.now_ms
        assert change is None or to_ms <= change
        before = {coin: self._mark(coin, self.now_ms) for coin in LEVELS}
        self.now_ms = to_ms
        if to_ms != change:
            return ()
        return [coin for coin in LEVELS if self._mark(coin, to_ms) != before[coin]]

    def price(self, coin: str) -> Price | None:
        mark = self._mark(coin, self.now_ms)
        half = on_tick(float(mark) * 0.0001, self._decimals[coin]) or Decimal(1).scaleb(-(6 - self._decimals[coin]))
        bid, ask = (on_tick(float(mark + side * half), self._decimals[coin]) for side in (-1, 1))
        return Price(mark, mark, min(bid, mark), max(ask, mark), coin in self.gapped)

    def statistics(self, coin: str) -> Statistics:
        return Statistics(D("0.0000125"), D(1000), D(str(LEVELS[coin])), D(5_000_000), D("0.0001"))

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        first = -(-max(start_ms, self._start_ms - 40 * 86_400_000) // interval_ms) * interval_ms
        return [self._bar(coin, t, interval_ms) for t in range(first, min(end_ms, self.now_ms) + 1, interval_ms)]

    def forced(self, after_ms: int) -> Sequence[Forced]:
        return [one for one in self.closings if after_ms < one.time_ms <= self.now_ms]

    def snapshot(self) -> dict[str, int]:
        return {"now_ms": self.now_ms}

    def restore(self, snapshot: dict[str, int]) -> None:
        self.now_ms = snapshot["now_ms"]

    def _bar(self, coin: str, open_ms: int, length: int) -> Candle:
        last = min(open_ms + length, self.now_ms + 1) - 1
        times = [open_ms + (last - open_ms) * part // 4 for part in range(5)]
        prices = [float(self._mark(coin, time)) for time in times]
        share = (last + 1 - open_ms) / 60_000
        volume = round(1_000 / LEVELS[coin] * 100 * share, 2)
        return Candle(open_ms, prices[0], max(prices), min(prices), prices[-1], volume, int(12 * share))

    def _mark(self, coin: str, time_ms: int) -> Decimal:
        script = self._script.get(coin, [])
        place = bisect.bisect_right(script, time_ms, key=lambda row: row[0])
        if place:
            return on_tick(script[place - 1][1], self._decimals[coin])
        wave = math.sin(2 * math.pi * (time_ms // TICK_MS * TICK_MS - START_MS) / PERIODS[coin])
        return on_tick(LEVELS[coin] * (1 + 0.001 * wave), self._decimals[coin])
