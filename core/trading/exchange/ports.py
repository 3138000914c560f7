"""What the simulated exchange asks of a market: where prices come from, synthetic or recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class MarketTerms:
    """Fixed terms of one perpetual. ``margin_tiers`` are ``(lower bound in USD, max leverage)``, ascending.

    ``fee_multiple`` scales the base fees; ``None`` where the rules say what the market's dex takes.
    ``funding_multiplier`` scales the rate that the market pays when it leans to no side.
    """

    coin: str
    size_decimals: int
    max_leverage: int
    isolated_only: bool
    margin_tiers: tuple[tuple[Decimal, int], ...]
    delisted: bool = False
    fee_multiple: Decimal | None = None
    funding_multiplier: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Price:
    """Prices of one market at one time. All on the market's tick grid.

    ``gapped`` says that the mark jumped here (a session's open, a new recording bar) instead of trading through the
    prices between: triggers then fire at the new mark, otherwise at their own price.
    """

    mark: Decimal
    oracle: Decimal
    bid: Decimal
    ask: Decimal
    gapped: bool = False


Level = tuple[Decimal, Decimal]
"""(price, size in base units)."""


@dataclass(frozen=True, slots=True)
class Book:
    """What others offer in a market that has a real book; both sides best first."""

    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Candle:
    """One bar, forming or closed; float64, open time in epoch ms."""

    time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    trades: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What ``metaAndAssetCtxs`` tells beside prices. Funding is the rate of the present hour, as a fraction."""

    funding: Decimal
    open_interest: Decimal
    previous_day: Decimal
    day_volume_usd: Decimal
    premium: Decimal


@dataclass(frozen=True, slots=True)
class Forced:
    """A position of somebody in this market that was closed by force, whole or in part.

    ``is_long`` is the side of the position, ``size`` in base units, ``number`` tells it from every other of its market.
    """

    coin: str
    is_long: bool
    size: Decimal
    price: Decimal
    time_ms: int
    number: int


class PriceSource(Protocol):
    """A market that moves when told to; the same calls give the same prices."""

    @property
    def terms(self) -> Sequence[MarketTerms]:
        """Every market, in listing order."""
        ...

    @property
    def now_ms(self) -> int:
        """Where the market stands."""
        ...

    @property
    def end_ms(self) -> int | None:
        """Where the recording ends; ``None`` for an endless market."""
        ...

    def next_change(self) -> int | None:
        """Time of the next price change, or ``None`` at the end."""
        ...

    def advance(self, to_ms: int) -> Sequence[str]:
        """Move to ``to_ms`` (at most the next change at a time); the coins whose price changed."""
        ...

    def price(self, coin: str) -> Price | None:
        """Prices now; ``None`` while a market has not begun or is shut."""
        ...

    def statistics(self, coin: str) -> Statistics:
        """Funding, open interest and the day's volume now."""
        ...

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        """Bars opening in ``[start_ms, end_ms]`` and not after now, oldest first; the last may be forming."""
        ...

    def forced(self, after_ms: int) -> Sequence[Forced]:
        """What was closed by force in ``(after_ms, now]``, oldest first."""
        ...


@runtime_checkable
class BookSource(Protocol):
    """A price source whose markets have real books; around the prices of any other the exchange makes one."""

    def book(self, coin: str) -> Book | None:
        """The book now. ``None`` while it is not known, or too old: nothing trades, and nothing triggers, meanwhile."""
        ...
