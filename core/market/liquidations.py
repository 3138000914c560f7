"""Positions that were closed by force, as the feeds tell of them. Refuses to add up what is not the same money.

Every event bears where it was seen and how far that can be trusted. Sums are taken in whole micro-dollars, so that
millions of them added in any order are the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, Protocol

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


@dataclass(frozen=True, slots=True)
class Liquidation:
    """One forced execution. ``side`` is that of the position that was liquidated; ``size`` in base units.

    ``event_id`` tells it from every other of its ``venue``: two feeds of one exchange may see the same one.
    """

    symbol: str
    side: Side
    size: float
    price: float
    time_ms: int
    venue: str
    source: str
    certainty: Certainty
    event_id: str

    @property
    def micro_usd(self) -> int:
        """Notional in whole micro-dollars.

        >>> Liquidation("BTC", Side.LONG, 0.5, 60_000.0, 0, "binance", "binance", Certainty.SAMPLED, "1").micro_usd
        30000000000
        """
        return round(self.size * self.price * MICRO)


@dataclass(frozen=True, slots=True)
class FeedWord:
    """What a feed says: events, or that it stands (``up``) or has a gap from now on (``up`` False)."""

    source: str
    at_ms: int
    events: Sequence[Liquidation] = ()
    up: bool | None = None


Hear = Callable[[FeedWord], None]


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

    async def run(self, hear: Hear) -> NoReturn:
        """Listen until cancelled. ``hear`` is called in the order of arrival and returns at once."""
        ...
