"""Funding rates as they were settled, hour by hour and market by market. It knows no hour before the venue began."""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from msgspec import Struct

from core.settings import WireRules
from core.trading.exchange.ports import PriceSource

HOUR_MS = 3_600_000


class SettledHour(Struct, frozen=True):
    """What every trading market settled at one hour: ``coin -> (rate, premium)``."""

    hour_ms: int
    rates: dict[str, tuple[Decimal, Decimal]]


class Rates:
    """The newest settled rates of each market."""

    def __init__(self, rules: WireRules) -> None:
        self._rules = rules
        self._settled: dict[str, deque[tuple[int, Decimal, Decimal]]] = {}

    def note(self, hour_ms: int, source: PriceSource) -> SettledHour:
        """Remember what every trading market settles at ``hour_ms``."""
        trading = [one.coin for one in source.terms if not one.delisted and source.price(one.coin) is not None]
        now = {coin: source.statistics(coin) for coin in trading}
        hour = SettledHour(hour_ms, {coin: (one.funding, one.premium) for coin, one in now.items()})
        self.remember(hour)
        return hour

    def remember(self, hour: SettledHour) -> None:
        """Know an hour that was settled before."""
        for coin, (rate, premium) in hour.rates.items():
            held = self._settled.setdefault(coin, deque(maxlen=self._rules.rows))
            held.append((hour.hour_ms, rate, premium))

    def between(self, coin: str, first_ms: int, last_ms: int) -> list[tuple[int, Decimal, Decimal]]:
        """``(hour, rate, premium)`` of a coin with ``first_ms <= hour <= last_ms``, oldest first."""
        return [one for one in self._settled.get(coin, ()) if first_ms <= one[0] <= last_ms]
