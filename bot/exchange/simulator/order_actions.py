"""Actions on orders: place, cancel, modify, schedule. They translate; what an order may do is decided underneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.exchange.simulator import action_shapes as shapes
from bot.exchange.simulator.orders import Builder, OrderWire, UnreadableOrder, error_status, order_request, statuses
from bot.exchange.simulator.principal import Principal
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.requests import Grouping, OrderRequest, Outcome, Refused

NEVER_PLACED = "Order was never placed, already canceled, or filled."


def place(state: VenueState, who: Principal, action: shapes.PlaceOrders) -> Any:
    """``order``: a batch. Orders that cannot be read are refused one by one, in a group they refuse it whole."""
    _check_builder(state, who, action.builder)
    read = _read(state, action.orders)
    good = [one for one in read if not isinstance(one, str)]
    if action.grouping != "na" and len(good) < len(read):
        words = next(one for one in read if isinstance(one, str))
        return _order_response([error_status(words, action.orders[0].a)])
    outcomes = state.exchange.submit(who.account, good, Grouping(action.grouping))
    return _order_response(statuses(action.orders, _woven(read, outcomes, len(good))))


def cancel(state: VenueState, who: Principal, action: shapes.Cancels) -> Any:
    """``cancel`` by the exchange's ids."""
    return _cancel(state, who, [(one.a, one.o) for one in action.cancels])


def cancel_by_cloid(state: VenueState, who: Principal, action: shapes.CancelsByCloid) -> Any:
    """``cancelByCloid`` by the client's ids."""
    return _cancel(state, who, [(one.asset, one.cloid.lower()) for one in action.cancels])


def modify(state: VenueState, who: Principal, action: shapes.Modification) -> Any:
    """``modify``: one order replaced; the answer tells nothing but refusals."""
    fate = _modified(state, who, action, always=action.a)
    if isinstance(fate, str) or fate.kind == "error":
        raise Refused(error_status(fate if isinstance(fate, str) else fate.error, action.order.a)["error"])
    return {"type": "default"}


def batch_modify(state: VenueState, who: Principal, action: shapes.Modifications) -> Any:
    """``batchModify``: each order replaced by a new one with a new id."""
    fates = [_modified(state, who, one, always=action.a) for one in action.modifies]
    return _order_response(statuses([one.order for one in action.modifies], fates))


def schedule_cancel(state: VenueState, who: Principal, action: shapes.ScheduleCancel) -> Any:
    """``scheduleCancel``: a dead man's switch for accounts that have traded enough."""
    state.exchange.schedule_cancel(who.account, action.time)
    return {"type": "default"}


def _read(state: VenueState, wires: Sequence[OrderWire]) -> list[OrderRequest | str]:
    read: list[OrderRequest | str] = []
    for wire in wires:
        try:
            read.append(order_request(wire, state.assets))
        except UnreadableOrder as refusal:
            read.append(str(refusal))
    return read


def _woven(read: Sequence[OrderRequest | str], outcomes: Sequence[Outcome], sent: int) -> list[Outcome | str]:
    """Outcomes put back between the orders that were never sent; a batch refused whole stays as short as it is."""
    if len(outcomes) < sent:
        return list(outcomes)
    fates = iter(outcomes)
    return [one if isinstance(one, str) else next(fates) for one in read]


def _cancel(state: VenueState, who: Principal, orders: Sequence[tuple[int, int | str]]) -> Any:
    told: list[Any] = []
    for asset, oid in orders:
        row = state.assets.of_asset(asset)
        words = NEVER_PLACED if row is None else state.exchange.cancel(who.account, row.terms.coin, oid)
        told.append("success" if words is None else error_status(words, asset))
    return {"type": "cancel", "data": {"statuses": told}}


def _modified(state: VenueState, who: Principal, change: shapes.Modification, *, always: bool) -> Outcome | str:
    try:
        order = order_request(change.order, state.assets)
    except UnreadableOrder as refusal:
        return str(refusal)
    oid = change.oid.lower() if isinstance(change.oid, str) else change.oid
    return state.exchange.modify(who.account, oid, order, always=always)


def _order_response(told: list[Any]) -> dict[str, Any]:
    return {"type": "order", "data": {"statuses": told}}


def _check_builder(state: VenueState, who: Principal, builder: Builder | None) -> None:
    if builder is not None and builder.f > state.wallets.builder_limit(who.account, builder.b.lower()):
        raise Refused("Builder fee has not been approved.")
