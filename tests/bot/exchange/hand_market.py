"""A market whose prices a test sets by hand: four perpetuals on two dexes, each with a fixed spread of two ticks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, Statistics

START = 1_790_000_000_000
HOUR = 3_600_000

TICKS = {"BTC": Decimal(1), "ETH": Decimal("0.1"), "OLD": Decimal("0.001"), "xyz:TSLA": Decimal("0.01"), "xyz:AMD": Decimal("0.01")}  # fmt: skip
MARKS = {"BTC": Decimal(60_000), "ETH": Decimal(3_000), "xyz:TSLA": Decimal(320), "xyz:AMD": Decimal(150)}


def terms_of(coin: str, size_decimals: int, leverage: int, *, isolated: bool = False, old: bool = False) -> MarketTerms:
    return MarketTerms(coin, size_decimals, leverage, isolated, ((Decimal(0), leverage),), old)


class HandMarket:
    """A price source that moves as it was told to: ``set`` says what happens when, ``advance`` lets it happen."""

    def __init__(self, start_ms: int = START) -> None:
        self._now = start_ms
        self._marks = dict(MARKS)
        self._gapped: set[str] = set()
        self._coming: list[tuple[int, str, Decimal, bool]] = []
        self.rate = Decimal("0.0001")

    @property
    def terms(self) -> Sequence[MarketTerms]:
        return (
            terms_of("BTC", 5, 40),
            terms_of("ETH", 4, 25),
            terms_of("OLD", 1, 5, old=True),
            terms_of("xyz:TSLA", 3, 20),
            terms_of("xyz:AMD", 3, 10, isolated=True),
        )

    @property
    def now_ms(self) -> int:
        return self._now

    @property
    def end_ms(self) -> int | None:
        return None

    def set(self, coin: str, mark: Decimal, at_ms: int, *, gapped: bool = False) -> None:
        """The mark of ``coin`` becomes ``mark`` at ``at_ms``."""
        self._coming.append((at_ms, coin, mark, gapped))
        self._coming.sort(key=lambda change: change[0])

    def next_change(self) -> int | None:
        return self._coming[0][0] if self._coming else None

    def advance(self, to_ms: int) -> Sequence[str]:
        self._now = to_ms
        self._gapped.clear()
        moved: list[str] = []
        while self._coming and self._coming[0][0] <= to_ms:
            _, coin, mark, gapped = self._coming.pop(0)
            self._marks[coin] = mark
            moved.append(coin)
            if gapped:
                self._gapped.add(coin)
        return moved

    def price(self, coin: str) -> Price | None:
        mark = self._marks.get(coin)
        if mark is None:
            return None
        return Price(mark, mark, mark - TICKS[coin], mark + TICKS[coin], coin in self._gapped)

    def statistics(self, coin: str) -> Statistics:
        mark = self._marks.get(coin, Decimal(1))
        return Statistics(self.rate, Decimal(1_000), mark, Decimal(50_000_000), Decimal(0))

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        """Flat bars at the present mark, the last one forming."""
        mark = float(self._marks[coin])
        first = -(-start_ms // interval_ms) * interval_ms
        last = min(end_ms, self._now)
        return [Candle(at, mark, mark, mark, mark, 1.0, 1) for at in range(first, last + 1, interval_ms)]

    def forced(self, after_ms: int) -> Sequence[Forced]:
        return []
