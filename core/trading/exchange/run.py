"""A simulated exchange on a moving market: used by the wire server and by replay alike. Refuses wall time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import BookSource, Price, PriceSource

HOUR_MS = 3_600_000


class RunningExchange:
    """An :class:`Exchange` whose prices come from a :class:`PriceSource`; funding is settled at each full hour.

    The exchange is only troubled with coins that somebody holds or quotes; prices of the others it looks up when
    asked.
    """

    def __init__(self, exchange: Exchange, source: PriceSource) -> None:
        self.exchange = exchange
        self.source = source
        self._moved: set[str] = set()
        exchange.look = source.price
        exchange.books = source.book if isinstance(source, BookSource) else None

    def advance_to(self, to_ms: int) -> None:
        """Let every price change up to and including ``to_ms`` happen in order; hours are settled after the changes.

        Raises :class:`BrokenInvariant` for a time that lies behind.
        """
        at = self.exchange.now_ms
        while at < to_ms:
            hour = (at // HOUR_MS + 1) * HOUR_MS
            change = self.source.next_change()
            step = min(to_ms, hour, to_ms if change is None else change)
            changed = self.source.advance(step)
            at = max(at, step)
            self._moved.update(changed)
            prices = self._prices(changed)
            rates = self._rates() if at == hour else None
            alarm = self.exchange.alarm_ms
            if prices or rates or at == to_ms or (alarm is not None and alarm <= at):
                self.exchange.advance(at, prices, rates)

    def leapt(self, coin: str) -> None:
        """The source's price of a coin is another one since just now, without a tick: it jumped there."""
        self._moved.add(coin)
        price = self.source.price(coin)
        if price is not None and self.exchange.is_active(coin):
            self.exchange.advance(self.exchange.now_ms, {coin: replace(price, gapped=True)})

    def _prices(self, changed: Sequence[str]) -> dict[str, Price]:
        """Prices now of the changed coins that matter."""
        found: dict[str, Price] = {}
        for coin in changed:
            if self.exchange.is_active(coin) and not self.exchange.is_shut(coin):
                price = self.source.price(coin)
                if price is not None:
                    found[coin] = price
        return found

    def _rates(self) -> dict[str, Decimal]:
        """Hourly funding rates of the coins that somebody holds."""
        return {coin: self.source.statistics(coin).funding for coin in sorted(self.exchange.held_coins())}

    def drain_moved(self) -> set[str]:
        """Coins whose price changed since the last call."""
        moved, self._moved = self._moved, set()
        return moved
