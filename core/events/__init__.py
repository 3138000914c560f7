"""What is told: values that the flows store in the same transaction as the change they speak of.

The announcer turns them into messages later, so a crash between change and message loses nothing. Every event is a
frozen dataclass of plain values; its class name is its kind.
"""

from __future__ import annotations

from core.events.desk import (
    BlackoutLifted,
    BlackoutSet,
    BookMismatch,
    Degraded,
    EdgeTurned,
    EntriesHalted,
    Flattened,
    GovernorMoved,
    MoneyMoved,
    Recovered,
    Started,
    SymbolBlocked,
    SymbolProtected,
    SymbolUnblocked,
    TradingPaused,
    TradingResumed,
)
from core.events.live import (
    FullSizeConfirmed,
    LiveConfirmed,
    LiveRevoked,
    ModeChanged,
    OperatorAway,
    OperatorBack,
    StrangerHeld,
    WalletEnding,
)
from core.events.market import (
    CascadeExhausted,
    CrowdingExtreme,
    MarketAdded,
    MarketDelisted,
    MarketRemoved,
    RegimeChanged,
)
from core.events.trades import (
    Displaced,
    LiquidationNear,
    MarginAdded,
    OrderFailed,
    PositionAdopted,
    PositionReduced,
    StopMoved,
    StrayOrder,
    TargetMoved,
    TradeClosed,
    TradeOpened,
    Unprotected,
)

Event = (
    TradeOpened
    | TradeClosed
    | StopMoved
    | StrayOrder
    | TargetMoved
    | PositionReduced
    | PositionAdopted
    | Unprotected
    | OrderFailed
    | TradingPaused
    | TradingResumed
    | SymbolBlocked
    | SymbolUnblocked
    | BlackoutSet
    | BlackoutLifted
    | MarketAdded
    | MarketRemoved
    | MarketDelisted
    | MoneyMoved
    | GovernorMoved
    | EdgeTurned
    | EntriesHalted
    | SymbolProtected
    | Displaced
    | LiquidationNear
    | MarginAdded
    | Flattened
    | Degraded
    | Recovered
    | RegimeChanged
    | CrowdingExtreme
    | CascadeExhausted
    | BookMismatch
    | ModeChanged
    | LiveConfirmed
    | LiveRevoked
    | FullSizeConfirmed
    | StrangerHeld
    | OperatorAway
    | OperatorBack
    | WalletEnding
    | Started
)

__all__ = [
    "BlackoutLifted",
    "BlackoutSet",
    "BookMismatch",
    "CascadeExhausted",
    "CrowdingExtreme",
    "Degraded",
    "Displaced",
    "EdgeTurned",
    "EntriesHalted",
    "Event",
    "Flattened",
    "FullSizeConfirmed",
    "GovernorMoved",
    "LiquidationNear",
    "LiveConfirmed",
    "LiveRevoked",
    "MarginAdded",
    "MarketAdded",
    "MarketDelisted",
    "MarketRemoved",
    "ModeChanged",
    "MoneyMoved",
    "OperatorAway",
    "OperatorBack",
    "OrderFailed",
    "PositionAdopted",
    "PositionReduced",
    "Recovered",
    "RegimeChanged",
    "Started",
    "StopMoved",
    "StrangerHeld",
    "StrayOrder",
    "SymbolBlocked",
    "SymbolProtected",
    "SymbolUnblocked",
    "TargetMoved",
    "TradeClosed",
    "TradeOpened",
    "TradingPaused",
    "TradingResumed",
    "Unprotected",
    "WalletEnding",
]
