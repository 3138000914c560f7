"""What an alert's picture shows: a market and what is drawn on it, or the way of the equity to a halt.

Any other event about no single market has no picture.
"""

from __future__ import annotations

from core.events import (
    Displaced,
    EntriesHalted,
    Event,
    LiquidationNear,
    PositionAdopted,
    PositionReduced,
    StopMoved,
    SymbolProtected,
    TargetMoved,
    TradeClosed,
    TradeOpened,
    Unprotected,
)
from core.risk.governor import DAY_MS
from handlers.ports import Drawn

DAYS_SHOWN = 30
"""How far back the way to a halt by drawdown is shown; that of a day begins with the day."""


def subject_of(event: Event) -> tuple[str, Drawn] | None:
    """Symbol, and the levels to draw on its bars.

    A displacement shows the newcomer: the position that went has a picture of its own when it is closed.
    """
    match event:
        case TradeClosed():
            return event.trade.symbol, event.trade
        case LiquidationNear():
            return event.position.symbol, event
        case TradeOpened() | StopMoved() | TargetMoved() | PositionAdopted() | Unprotected():
            return event.position.symbol, event.position
        case Displaced():
            return event.newcomer, None
        case PositionReduced() | SymbolProtected():
            return event.symbol, None
        case _:
            return None


def way_since(halt: EntriesHalted, at_ms: int) -> int:
    """When the way of the equity to a halt begins. It shows amounts; followers hear of no halt."""
    return at_ms // DAY_MS * DAY_MS if halt.kind == "day" else at_ms - DAYS_SHOWN * DAY_MS
