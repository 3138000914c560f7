"""Stops and targets: which the mark has crossed, and what happens when one fires. Refuses to move the mark."""

from __future__ import annotations

from decimal import Decimal

from core.trading.exchange import checks, words
from core.trading.exchange.depth import best
from core.trading.exchange.lifecycle import finish, open_order, tell, withdraw
from core.trading.exchange.matching import take
from core.trading.exchange.records import OrderRecord
from core.trading.exchange.requests import Tif
from core.trading.exchange.state import State


def fires_below(order: OrderRecord) -> bool:
    """Whether the order waits for a falling mark: a stop that sells, a target that buys."""
    return order.trigger is not None and order.trigger.is_stop != order.is_buy


def is_crossed(order: OrderRecord, mark: Decimal) -> bool:
    """Whether the mark has reached the trigger."""
    if order.trigger is None:
        return False
    return mark <= order.trigger.price if fires_below(order) else mark >= order.trigger.price


def armed(state: State, coin: str) -> list[OrderRecord]:
    """Orders of a coin that wait for their trigger."""
    return [order for order in state.live.get(coin, {}).values() if order.is_armed]


def fire_crossed(state: State, coin: str, came_from: Decimal) -> bool:
    """Fire what the mark has crossed, nearest to where it came from first; whether anything did."""
    fired = False
    while True:
        mark = state.mark(coin)
        crossed = [order for order in armed(state, coin) if is_crossed(order, mark)]
        if not crossed:
            return fired
        fire(state, min(crossed, key=lambda o: (abs(_level(o) - came_from), o.oid)))
        fired = True


def _level(order: OrderRecord) -> Decimal:
    return order.trigger.price if order.trigger is not None else order.price


def fire(state: State, order: OrderRecord) -> None:
    """Send a triggered order: market as IOC bounded by its price, limit to rest at its price."""
    account, contract = state.accounts[order.address], state.contracts[order.coin]
    withdraw(state, order)
    order.triggered = True
    order.status, order.status_ms = "triggered", state.now_ms
    tell(state, order)
    if checks.cap(account, contract, order) is not None:
        finish(state, order, "reduceOnlyCanceled")
        return
    burden = checks.burden(state, account, contract, order)
    if burden is not None:
        finish(state, order, burden.status)
        return
    empty = best(state, order.coin, asks=order.is_buy) is None
    taken = take(state, order, order.price)
    if order.size == 0:
        return
    if order.trigger is not None and not order.trigger.is_market:
        order.tif = Tif.GTC
        open_order(state, order)
    elif taken.size > 0:
        finish(state, order, "canceled")
    else:
        finish(state, order, words.NO_LIQUIDITY.status if empty else words.IOC.status)
