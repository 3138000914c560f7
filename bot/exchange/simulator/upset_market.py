"""A market in which prices leap and markets end when told to; otherwise the market underneath.

A leap multiplies every price of one coin from then on, so that it lasts and bars agree with it. It refuses chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.trading.exchange.grid import rounded
from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, PriceSource, Statistics


class UpsetMarket:
    """A :class:`~core.trading.exchange.ports.PriceSource` over another one."""

    def __init__(self, under: PriceSource) -> None:
        self.under = under
        self._digits = {one.coin: one.size_decimals for one in under.terms}
        self._leaps: dict[str, list[tuple[int, Decimal]]] = {}
        self._ended: dict[str, int] = {}

    def leap(self, coin: str, move: Decimal) -> None:
        """From now on every price of a coin is higher by ``move`` of itself (a share over −1)."""
        self._leaps.setdefault(coin, []).append((self.now_ms, 1 + move))

    def end(self, coin: str) -> None:
        """From now on a coin has neither price nor bars."""
        self._ended.setdefault(coin, self.now_ms)

    @property
    def terms(self) -> Sequence[MarketTerms]:
        """Every market, those that ended marked as delisted."""
        return [replace(one, delisted=True) if one.coin in self._ended else one for one in self.under.terms]

    @property
    def now_ms(self) -> int:
        """Where the market stands."""
        return self.under.now_ms

    @property
    def end_ms(self) -> int | None:
        """Where the recording ends."""
        return self.under.end_ms

    def next_change(self) -> int | None:
        """Time of the next price change."""
        return self.under.next_change()

    def advance(self, to_ms: int) -> Sequence[str]:
        """Move on; the coins whose price changed."""
        return self.under.advance(to_ms)

    def price(self, coin: str) -> Price | None:
        """Prices now."""
        price = None if coin in self._ended else self.under.price(coin)
        if price is None or coin not in self._leaps:
            return price
        factor, digits = self._factor(coin, self.now_ms), self._digits[coin]
        mark, oracle, bid, ask = (
            rounded(one * factor, digits) for one in (price.mark, price.oracle, price.bid, price.ask)
        )
        return Price(mark, oracle, bid, ask, price.gapped)

    def statistics(self, coin: str) -> Statistics:
        """Those of the market underneath."""
        return self.under.statistics(coin)

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        """Bars; one in which the price leapt spans both prices."""
        last = min(end_ms, self._ended.get(coin, end_ms))
        bars = self.under.candles(coin, interval_ms, start_ms, last)
        return [self._bar(coin, bar, interval_ms) for bar in bars] if coin in self._leaps else bars

    def forced(self, after_ms: int) -> Sequence[Forced]:
        """Those of the market underneath."""
        return self.under.forced(after_ms)

    def upsets(self) -> dict[str, Any]:
        """Every leap and end so far, JSON-able."""
        leaps = {coin: [[at, str(factor)] for at, factor in some] for coin, some in self._leaps.items()}
        return {"leaps": leaps, "ended": dict(self._ended)}

    def resume(self, saved: dict[str, Any]) -> None:
        """Know again what :meth:`upsets` told."""
        leaps = saved.get("leaps", {})
        self._leaps = {coin: [(at, Decimal(factor)) for at, factor in some] for coin, some in leaps.items()}
        self._ended = dict(saved.get("ended", {}))

    def _factor(self, coin: str, at_ms: int) -> Decimal:
        factor = Decimal(1)
        for since_ms, one in self._leaps[coin]:
            factor = factor * one if since_ms <= at_ms else factor
        return factor

    def _bar(self, coin: str, bar: Candle, interval_ms: int) -> Candle:
        first = float(self._factor(coin, bar.time_ms - 1))
        last = float(self._factor(coin, min(bar.time_ms + interval_ms - 1, self.now_ms)))
        return replace(
            bar,
            open=bar.open * first,
            high=bar.high * max(first, last),
            low=bar.low * min(first, last),
            close=bar.close * last,
        )
