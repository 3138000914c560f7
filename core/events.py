"""What is told: values that the flows store in the same transaction as the change they speak of.

The announcer turns them into messages later, so a crash between change and message loses nothing. Every event is a
frozen dataclass of plain values; its class name is its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.market.symbols import Side
from core.trading.positions import ClosedTrade, CloseReason, Position


@dataclass(frozen=True, slots=True)
class TradeOpened:
    """A position is open with its stop and target resting. ``reasons`` are the score's lines, strongest first."""

    position: Position
    notional: Decimal
    margin: Decimal
    risk_share: float
    threshold: float
    regime: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TradeClosed:
    """A position is flat and booked. ``by`` names the operator where one closed it."""

    trade: ClosedTrade
    by: str | None = None


@dataclass(frozen=True, slots=True)
class StopMoved:
    """The resting stop was replaced by a nearer one."""

    position: Position
    before: Decimal


@dataclass(frozen=True, slots=True)
class PositionAdopted:
    """The venue held a position that we did not know; it has a stop now."""

    position: Position


@dataclass(frozen=True, slots=True)
class Unprotected:
    """A stop could not be made to rest; the position is being closed."""

    position: Position
    words: str


@dataclass(frozen=True, slots=True)
class OrderFailed:
    """A decided trade was not carried out; ``words`` are the venue's."""

    symbol: str
    intent: str
    words: str


@dataclass(frozen=True, slots=True)
class TradingPaused:
    """No new entries until resumed; open positions go on being managed."""

    by: str


@dataclass(frozen=True, slots=True)
class TradingResumed:
    """Entries are allowed again."""

    by: str


@dataclass(frozen=True, slots=True)
class SymbolBlocked:
    """No entries in this symbol."""

    symbol: str
    by: str


@dataclass(frozen=True, slots=True)
class SymbolUnblocked:
    """Entries in this symbol are allowed again."""

    symbol: str
    by: str


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


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Money came into the account (positive) or left it, USDC; ``equity`` is what stands there now."""

    amount: Decimal
    kind: str
    equity: Decimal


@dataclass(frozen=True, slots=True)
class GovernorMoved:
    """The governor dares less, or more again. Tiers 0 … 2; the rest is what holds from now on."""

    before: int
    after: int
    drawdown: float
    positions: int
    risk: float
    threshold: float


@dataclass(frozen=True, slots=True)
class EntriesHalted:
    """No entries: ``kind`` is ``day`` (until 00:00 UTC) or ``drawdown`` (until an operator confirms)."""

    kind: str
    measured: float
    limit: float


@dataclass(frozen=True, slots=True)
class SymbolProtected:
    """A symbol that kept losing is left alone until a market time; ``number`` counts its blocks."""

    symbol: str
    until_ms: int
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class Displaced:
    """A position was closed for a better newcomer. ``pnl`` is a share of its entry notional; ``ways`` A, B or AB."""

    symbol: str
    side: Side
    newcomer: str
    newcomer_side: Side
    confidence: float
    newcomer_confidence: float
    pnl: float
    age_ms: int
    ways: str


@dataclass(frozen=True, slots=True)
class Flattened:
    """Everything was closed and trading is halted until an operator resumes."""

    by: str
    closed: tuple[str, ...]
    still_open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Degraded:
    """Something that Vektor relies on is missing; said once."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """It is back."""

    what: str


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
class BookMismatch:
    """The self-audit found our book and the venue apart. ``difference`` in USDC, ours minus theirs."""

    difference: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Started:
    """The program is up; what recovery found."""

    venue: str
    equity: Decimal
    positions: int
    resolved: int


Event = (
    TradeOpened
    | TradeClosed
    | StopMoved
    | PositionAdopted
    | Unprotected
    | OrderFailed
    | TradingPaused
    | TradingResumed
    | SymbolBlocked
    | SymbolUnblocked
    | MarketAdded
    | MarketRemoved
    | MoneyMoved
    | GovernorMoved
    | EntriesHalted
    | SymbolProtected
    | Displaced
    | Flattened
    | Degraded
    | Recovered
    | RegimeChanged
    | CrowdingExtreme
    | CascadeExhausted
    | BookMismatch
    | Started
)

__all__ = ["CloseReason", "Event"]
