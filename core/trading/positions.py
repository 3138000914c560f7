"""The life of one position as a stored state machine, and the trade it becomes.

A position is a frozen value: every step makes a new one. Money in a :class:`ClosedTrade` comes from the venue's
fills, fees and funding only (SPEC V2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from core.errors import BrokenInvariant
from core.market.symbols import Side


class PositionState(StrEnum):
    """Where a position stands. Stored; every change is a row."""

    OPENING = "opening"
    """Entry stored, outcome not yet known."""
    OPEN = "open"
    """The venue holds it."""
    CLOSING = "closing"
    """We asked for the close."""
    CLOSED = "closed"
    """Flat at the venue and booked."""
    ABORTED = "aborted"
    """The entry never filled; no money moved."""


NEXT = {
    PositionState.OPENING: {PositionState.OPEN, PositionState.ABORTED, PositionState.CLOSING, PositionState.CLOSED},
    PositionState.OPEN: {PositionState.CLOSING, PositionState.CLOSED},
    PositionState.CLOSING: {PositionState.OPEN, PositionState.CLOSED, PositionState.ABORTED},
    PositionState.CLOSED: set(),
    PositionState.ABORTED: set(),
}


class CloseReason(StrEnum):
    """Who or what closed a position."""

    STOP = "stop"
    TARGET = "target"
    TIME = "time"
    OPERATOR = "operator"
    FLATTEN = "flatten"
    UNPROTECTED = "unprotected"
    LIQUIDATION = "liquidation"
    DISPLACED = "displaced"
    FOREIGN = "foreign"
    """Closed by an order that is not ours."""
    DELISTED = "delisted"
    DELEVERAGED = "deleveraged"
    """Settled by the venue, which ended the market."""
    END_OF_DATA = "end_of_data"


@dataclass(frozen=True, slots=True)
class Position:
    """One position of ours, from the decision to the flat book.

    ``size`` is unsigned and what the venue holds; ``entry`` its average fill; ``stop``/``target`` the triggers that
    rest now; ``initial_stop`` gives R. ``confidence`` is C at entry, ``atr`` the 1h ATR then.
    """

    position_id: str
    symbol: str
    coin: str
    side: Side
    state: PositionState
    size: Decimal
    entry: Decimal
    leverage: int
    initial_stop: Decimal
    stop: Decimal
    target: Decimal
    atr: float
    confidence: float
    strategy: str
    decided_ms: int
    opened_ms: int | None = None
    closed_ms: int | None = None
    reason: CloseReason | None = None
    adopted: bool = False
    best_mark: Decimal | None = None
    closed_by: str | None = None
    """The operator who asked for the close, if one did."""
    nearness: int = 0
    """How near its liquidation was when that was told last (:class:`core.risk.liquidation.Nearness`)."""

    def moved(self, state: PositionState, **changes: object) -> Position:
        """The position in its next state. Raises :class:`BrokenInvariant` for a step that cannot be."""
        if state is not self.state and state not in NEXT[self.state]:
            raise BrokenInvariant(f"position {self.position_id} cannot go from {self.state} to {state}")
        return replace(self, state=state, **changes)  # type: ignore[arg-type]

    @property
    def is_live(self) -> bool:
        """Whether it occupies its symbol."""
        return self.state not in (PositionState.CLOSED, PositionState.ABORTED)

    @property
    def risk_per_unit(self) -> Decimal:
        """Distance from entry to the initial stop: 1 R per unit, in price."""
        return abs(self.entry - self.initial_stop)

    def r_multiple(self, price: Decimal) -> float:
        """Profit at ``price`` before costs, in units of the initial risk."""
        risk = self.risk_per_unit
        return float(self.side.sign * (price - self.entry) / risk) if risk else 0.0


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """What a position came to. ``pnl`` = price result − fees + funding, exact, in USDC."""

    trade_id: str
    symbol: str
    coin: str
    side: Side
    opened_ms: int
    closed_ms: int
    entry: Decimal
    exit: Decimal
    size: Decimal
    leverage: int
    gross: Decimal
    fees: Decimal
    funding: Decimal
    pnl: Decimal
    r: float
    reason: CloseReason
    confidence: float
    strategy: str
