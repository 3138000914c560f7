"""What happened, as it is told: full for operators, without sizes and amounts for followers.

One function per event class; an event that a reader need not hear of draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram.utils.formatting import Text

from core import events as e
from core.trading.positions import CloseReason
from handlers.views import adjust, blackouts
from handlers.views.alerts import desk, live, margin, market, trades
from handlers.views.badge import venue_badge
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.times import day_moment


def alert_view(event: e.Event, at_ms: int, reader: Reader, venue_name: str) -> Text | None:
    """The message for one event; ``None`` when this reader is not told of it."""
    draw = DRAWN.get(type(event))
    if draw is None or (not reader.full and type(event) not in FOR_FOLLOWERS):
        return None
    return lines(draw(event, reader), Text(f"{venue_badge(venue_name)} · 🕒 ", day_moment(at_ms, reader.zone)))


def said_by(key: str) -> Callable[[Any, Reader], Text]:
    """A sentence that names who did it, and to which symbol."""

    def draw(event: Any, reader: Reader) -> Text:
        values = {name: getattr(event, name) for name in ("by", "symbol") if hasattr(event, name)}
        return verdict(reader.texts(key, **values))

    return draw


DRAWN: dict[type, Callable[[Any, Reader], Text]] = {
    e.TradeOpened: trades.opened,
    e.TradeClosed: trades.closed,
    e.StopMoved: adjust.stop_record,
    e.TargetMoved: adjust.target_record,
    e.PositionReduced: adjust.reduced_record,
    e.PositionAdopted: trades.adopted,
    e.Unprotected: trades.unprotected,
    e.StrayOrder: trades.stray_order,
    e.OrderFailed: trades.order_failed,
    e.TradingPaused: said_by("alert-paused"),
    e.TradingResumed: said_by("alert-resumed"),
    e.SymbolBlocked: said_by("alert-blocked"),
    e.SymbolUnblocked: said_by("alert-unblocked"),
    e.BlackoutSet: blackouts.blackout_set,
    e.BlackoutLifted: blackouts.blackout_lifted,
    e.MarketAdded: said_by("alert-added"),
    e.MarketRemoved: said_by("alert-removed"),
    e.MarketDelisted: market.delisted,
    e.MoneyMoved: desk.money_moved,
    e.GovernorMoved: desk.governor_moved,
    e.EdgeTurned: desk.edge_turned,
    e.EntriesHalted: desk.entries_halted,
    e.SymbolProtected: desk.symbol_protected,
    e.Displaced: trades.displaced,
    e.LiquidationNear: margin.liquidation_near,
    e.MarginAdded: margin.margin_added,
    e.Flattened: desk.flattened,
    e.Degraded: desk.degraded,
    e.Recovered: desk.recovered,
    e.RegimeChanged: market.regime_changed,
    e.CrowdingExtreme: market.crowding_extreme,
    e.CascadeExhausted: market.cascade_exhausted,
    e.BookMismatch: desk.mismatch,
    e.ModeChanged: live.mode_changed,
    e.LiveConfirmed: live.live_confirmed,
    e.LiveRevoked: said_by("alert-readonly"),
    e.FullSizeConfirmed: live.full_size,
    e.StrangerHeld: live.stranger_held,
    e.OperatorAway: live.operator_away,
    e.OperatorBack: said_by("alert-operator-back"),
    e.WalletEnding: live.wallet_ending,
    e.Started: desk.started,
}
FOR_FOLLOWERS = {e.TradeOpened, e.TradeClosed, e.Started, e.RegimeChanged}
"""What followers hear of: the trades and the market, not the workings."""
SILENT = {
    e.TradeOpened,
    e.StopMoved,
    e.TargetMoved,
    e.PositionReduced,
    e.OrderFailed,
    e.TradingPaused,
    e.TradingResumed,
    e.SymbolBlocked,
    e.SymbolUnblocked,
    e.BlackoutSet,
    e.BlackoutLifted,
    e.MarketAdded,
    e.MarketRemoved,
    e.MoneyMoved,
    e.GovernorMoved,
    e.EdgeTurned,
    e.Displaced,
    e.MarginAdded,
    e.ModeChanged,
    e.OperatorBack,
    e.Recovered,
    e.Started,
    e.RegimeChanged,
    e.CrowdingExtreme,
}
"""What makes no sound: sound is a budget."""
LOUD_REASONS = {
    CloseReason.STOP,
    CloseReason.UNPROTECTED,
    CloseReason.LIQUIDATION,
    CloseReason.FOREIGN,
    CloseReason.DELISTED,
    CloseReason.DELEVERAGED,
}


def is_silent(event: e.Event) -> bool:
    """Whether the message comes without a sound."""
    if isinstance(event, e.TradeClosed):
        return event.trade.reason not in LOUD_REASONS
    return type(event) in SILENT
