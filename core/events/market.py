"""What became of the market, and of what is read of it."""

from __future__ import annotations

from dataclasses import dataclass

from core.market.symbols import Side


@dataclass(frozen=True, slots=True)
class RegimeChanged:
    """A scan saw another regime than the one before. Counts of assets, and their mean correlation where measured."""

    before: str
    after: str
    bullish: int
    bearish: int
    neutral: int
    correlation: float | None


@dataclass(frozen=True, slots=True)
class CrowdingExtreme:
    """One side of a market has become extremely crowded. ``interest_change`` is that of open interest over 24 hours."""

    symbol: str
    side: Side
    score: float
    funding_a_year: float
    interest_change: float | None


@dataclass(frozen=True, slots=True)
class CascadeExhausted:
    """A liquidation cascade is over (``*`` for the whole market). ``hits`` of ``followed`` earlier ones pointed right."""

    symbol: str
    tier: int
    long_usd: float
    short_usd: float
    direction: Side | None
    hits: int
    followed: int


@dataclass(frozen=True, slots=True)
class MarketDelisted:
    """The venue has ended this market: it is read and entered no more. ``held``: a position stood in it."""

    symbol: str
    held: bool


@dataclass(frozen=True, slots=True)
class MarketAdded:
    """This market is read and may be entered from now on."""

    symbol: str
    by: str


@dataclass(frozen=True, slots=True)
class MarketRemoved:
    """This market is read and entered no more."""

    symbol: str
    by: str
