"""What happened to a position."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.market.symbols import Side
from core.trading.positions import ClosedTrade, Position


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
    """The resting stop was replaced: by a nearer one that was earned, or as an operator asked."""

    position: Position
    before: Decimal
    by: str | None = None


@dataclass(frozen=True, slots=True)
class TargetMoved:
    """The resting target was replaced as an operator asked; ``by`` is not known where the answer was lost."""

    position: Position
    before: Decimal
    by: str | None = None


@dataclass(frozen=True, slots=True)
class PositionReduced:
    """A part of a position was closed as an operator asked. ``average`` is the price of what was filled."""

    symbol: str
    side: Side
    size: Decimal
    left: Decimal
    average: Decimal | None
    by: str


@dataclass(frozen=True, slots=True)
class PositionAdopted:
    """The venue held a position that we did not know; it has a stop now."""

    position: Position


@dataclass(frozen=True, slots=True)
class StrayOrder:
    """An order rests that belongs to no position of ours: left over by us and cancelled now, or somebody else's."""

    symbol: str
    is_buy: bool
    size: Decimal
    price: Decimal
    ours: bool


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
class LiquidationNear:
    """A position is near its liquidation: ``level`` 1 warns, 2 is critical. ``needed`` USDC lead back to ``goal``."""

    position: Position
    level: int
    mark: Decimal
    liquidation: Decimal
    distance: float
    goal: float
    needed: Decimal
    isolated: bool


@dataclass(frozen=True, slots=True)
class MarginAdded:
    """USDC were added to a position; where its liquidation lies now, as far as that is known."""

    symbol: str
    amount: Decimal
    liquidation: Decimal | None
    distance: float | None
    by: str
