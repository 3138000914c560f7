"""Which market an alert's picture shows, and what is drawn on it. An event about no single market has no picture."""

from __future__ import annotations

from core.events import (
    Displaced,
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
from handlers.ports import Drawn


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
