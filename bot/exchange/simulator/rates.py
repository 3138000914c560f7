"""Funding rates as they were settled, hour by hour and market by market. It knows no hour before the venue began."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.settings import WireRules
from core.trading.exchange.ports import PriceSource

HOUR_MS = 3_600_000


class Rates:
    """The newest settled rates of each market."""

    def __init__(self, rules: WireRules) -> None:
        self._rules = rules
        self._settled: dict[str, deque[tuple[int, Decimal, Decimal]]] = {}

    def note(self, hour_ms: int, source: PriceSource) -> None:
        """Remember what every trading market settles at ``hour_ms``."""
        for terms in source.terms:
            if terms.delisted or source.price(terms.coin) is None:
                continue
            now = source.statistics(terms.coin)
            held = self._settled.setdefault(terms.coin, deque(maxlen=self._rules.rows))
            held.append((hour_ms, now.funding, now.premium))

    def between(self, coin: str, first_ms: int, last_ms: int) -> list[tuple[int, Decimal, Decimal]]:
        """``(hour, rate, premium)`` of a coin with ``first_ms <= hour <= last_ms``, oldest first."""
        return [one for one in self._settled.get(coin, ()) if first_ms <= one[0] <= last_ms]

    def snapshot(self) -> dict[str, Any]:
        """Everything remembered, JSON-able."""
        return {c: [[hour, str(rate), str(p)] for hour, rate, p in held] for c, held in self._settled.items()}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Remember what ``snapshot`` remembered."""
        self._settled = {
            coin: deque(((hour, Decimal(rate), Decimal(p)) for hour, rate, p in rows), maxlen=self._rules.rows)
            for coin, rows in snapshot.items()
        }
