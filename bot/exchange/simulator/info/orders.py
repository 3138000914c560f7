"""Orders as they are shown: plainly, to the exchange's own page, and with what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.exchange.simulator.format import number
from bot.exchange.simulator.info.margins import universe
from bot.exchange.simulator.requests import OfOrder, OfUser
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.records import OrderRecord


def open_orders(state: VenueState, request: OfUser) -> Any:
    """``openOrders`` of one dex, newest first."""
    return [plain(order) for order in _open(state, request)]


def frontend_open_orders(state: VenueState, request: OfUser) -> Any:
    """``frontendOpenOrders`` of one dex, newest first: the one that shows stops."""
    return frontend_orders(state, request.user.lower(), request.dex or "")


def frontend_orders(state: VenueState, address: str, dex: str) -> list[dict[str, Any]]:
    """Every open order of one dex of an account in full."""
    held = _open(state, OfUser(address, dex))
    by_id = {order.oid: order for order in held}
    return [full(order, by_id) for order in held]


def order_status(state: VenueState, request: OfOrder) -> Any:
    """``orderStatus`` by the exchange's id or the client's."""
    address = request.user.lower()
    oid = request.oid.lower() if isinstance(request.oid, str) else request.oid
    found = state.exchange.order(address, oid) if state.exchange.has_account(address) else None
    if found is None:
        return {"status": "unknownOid"}
    return {"status": "order", "order": _reported(found)}


def historical_orders(state: VenueState, request: OfUser) -> Any:
    """``historicalOrders``: the newest, newest first."""
    address = request.user.lower()
    if not state.exchange.has_account(address):
        return []
    newest = sorted(state.exchange.history(address), key=lambda order: order.oid)[-state.wire.fills :]
    return [_reported(order) for order in reversed(newest)]


def plain(order: OrderRecord) -> dict[str, Any]:
    """An order as ``openOrders`` and ``orderUpdates`` show it; optional fields only when they say something."""
    shown: dict[str, Any] = {
        "coin": order.coin,
        "side": "B" if order.is_buy else "A",
        "limitPx": number(order.price),
        "sz": number(order.size),
        "oid": order.oid,
        "timestamp": order.placed_ms,
        "origSz": number(order.original_size),
    }
    if order.client_id is not None:
        shown["cloid"] = order.client_id
    if order.reduce_only:
        shown["reduceOnly"] = True
    return shown


def full(order: OrderRecord, open_by_id: Mapping[int, OrderRecord]) -> dict[str, Any]:
    """An order as the exchange's page sees it, with those of its children that are still open."""
    trigger = order.trigger
    return {
        "coin": order.coin,
        "side": "B" if order.is_buy else "A",
        "limitPx": number(order.price),
        "sz": number(order.size),
        "oid": order.oid,
        "timestamp": order.placed_ms,
        "triggerCondition": _condition(order),
        "isTrigger": trigger is not None,
        "triggerPx": number(trigger.price) if trigger else "0.0",
        "children": [full(open_by_id[oid], open_by_id) for oid in order.children if oid in open_by_id],
        "isPositionTpsl": order.is_position_tpsl,
        "reduceOnly": order.reduce_only,
        "orderType": order.order_type,
        "origSz": number(order.original_size),
        "tif": order.tif.value if order.tif is not None else None,
        "cloid": order.client_id,
    }


def update(order: OrderRecord) -> dict[str, Any]:
    """An entry of an ``orderUpdates`` frame."""
    return {"order": plain(order), "status": order.status, "statusTimestamp": order.status_ms}


def _reported(order: OrderRecord) -> dict[str, Any]:
    return {"order": full(order, {}), "status": order.status, "statusTimestamp": order.status_ms}


def _open(state: VenueState, request: OfUser) -> Sequence[OrderRecord]:
    universe(state, request.dex)
    address = request.user.lower()
    if not state.exchange.has_account(address):
        return []
    held = state.exchange.open_orders(address, request.dex or "")
    return sorted(held, key=lambda order: order.oid, reverse=True)


def _condition(order: OrderRecord) -> str:
    """When the trigger fires, in the exchange's words.

    A stop fires when the mark runs against the position it closes, a target when it runs with it.
    """
    if order.trigger is None:
        return "N/A"
    above = order.is_buy == order.trigger.is_stop
    return f"Price {'above' if above else 'below'} {_bare(number(order.trigger.price))}"


def _bare(text: str) -> str:
    return text.removesuffix(".0")
