"""A simulated exchange on a moving market: used by the wire server and by replay alike. Refuses wall time."""

from __future__ import annotations

from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import PriceSource


class RunningExchange:
    """An :class:`Exchange` whose prices come from a :class:`PriceSource`; funding is settled at each full hour."""

    def __init__(self, exchange: Exchange, source: PriceSource) -> None:
        self.exchange = exchange
        self.source = source

    def advance_to(self, to_ms: int) -> None:
        """Let every price change up to and including ``to_ms`` happen, in order."""
        raise NotImplementedError

    def drain_moved(self) -> set[str]:
        """Coins whose price changed since the last call."""
        raise NotImplementedError
