"""Positions that were closed by force, as the feeds tell of them. Refuses to add up what is not the same money.

Every event bears where it was seen and how far that can be trusted. Sums are taken in whole micro-dollars, so that
millions of them added in any order are the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import NoReturn, Protocol

from msgspec import Struct

from core.market.symbols import Side

MICRO = 1_000_000


class Certainty(StrEnum):
    """How complete and how sure a feed's word is."""

    EXACT = "exact"
    """Every liquidation, said by the exchange itself."""
    SAMPLED = "sampled"
    """Some of them: the latest of a second, or those of some makers."""
    INFERRED = "inferred"
    """Concluded from trades."""


class Liquidation(Struct, frozen=True, gc=False):
    """One forced execution. ``side`` is that of the position that was liquidated; ``size`` in base units.

    ``event_id`` tells it from every other of its ``venue``: two feeds of one exchange may see the same one. A struct and
    no dataclass, because a hundred thousand of them a second are made in a burst.
    """

    symbol: str
    side: Side
    size: float
    price: float
    time_ms: int
    venue: str
    source: str
    certainty: Certainty
    event_id: Hashable

    @property
    def micro_usd(self) -> int:
        """Notional in whole micro-dollars.

        >>> Liquidation("BTC", Side.LONG, 0.5, 60_000.0, 0, "binance", "binance", Certainty.SAMPLED, "1").micro_usd
        30000000000
        """
        return round(self.size * self.price * MICRO)


class Listener(Protocol):
    """Who hears a feed. Both calls return at once."""

    def heard(self, events: Sequence[Liquidation]) -> None:
        """Liquidations, in the order of their arrival."""
        ...

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:
        """A feed is connected from now on, or is not: what happens meanwhile is missed."""
        ...


class LiquidationSource(Protocol):
    """A feed of liquidations. It reconnects by itself and says so."""

    @property
    def name(self) -> str:
        """How it is called in /liq and /health."""
        ...

    @property
    def certainty(self) -> Certainty:
        """What its events are."""
        ...

    async def run(self, listener: Listener) -> NoReturn:
        """Listen until cancelled."""
        ...
