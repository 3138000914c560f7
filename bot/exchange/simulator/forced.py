"""The market's forced closings, as the real exchange lets them be seen: among the fills of a busy maker.

Hyperliquid tells nobody of all liquidations; who follows a maker sees those that it traded against. Here one maker trades
against all of them. It has no account: only its fills are told, and only as they happen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.exchange.simulator.info.history import fill
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.streams import Frame, News, frame
from core.trading.exchange.ports import Forced
from core.trading.exchange.records import FillRecord, LiquidationNote

SAMPLED_MAKER = "0xdfc24b077bc1425ad1dea75bcb6f8158e10df303"
"""The maker: one of Hyperliquid's own vaults, whose fills samplers follow."""
NOBODY = "0x" + "0" * 38
"""Addresses of those who were closed by force are this and a number."""


@dataclass(slots=True)
class ForcedFills:
    """``userFills`` of the maker: an empty snapshot, then a fill for every forced closing since."""

    state: VenueState
    user: str
    _told_ms: int = field(init=False)

    def first(self) -> list[Frame]:
        """The snapshot."""
        self._told_ms = self.state.now_ms
        return [frame("userFills", {"isSnapshot": True, "user": self.user, "fills": []})]

    def later(self, _: News) -> list[Frame]:
        """What was closed by force since."""
        after, self._told_ms = self._told_ms, self.state.now_ms
        forced: Sequence[Forced] = self.state.source.forced(after) if after < self.state.now_ms else ()
        if not forced:
            return []
        return [frame("userFills", {"user": self.user, "fills": [fill(maker_fill(one)) for one in forced]})]


def maker_fill(one: Forced) -> FillRecord:
    """A forced closing from the maker's side: it buys what a long has to sell."""
    digest = hashlib.sha256(f"{one.coin} {one.number}".encode()).hexdigest()
    return FillRecord(
        coin=one.coin,
        price=one.price,
        size=one.size,
        is_buy=one.is_long,
        time_ms=one.time_ms,
        start_position=Decimal(0),
        direction="Open Long" if one.is_long else "Open Short",
        closed_pnl=Decimal(0),
        hash=f"0x{digest}",
        oid=one.number,
        crossed=False,
        fee=Decimal(0),
        tid=one.number,
        liquidation=LiquidationNote(f"{NOBODY}{one.number % 256:02x}", one.price, "market"),
    )
