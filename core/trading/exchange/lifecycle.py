"""The life of an order outside the matching: opened, finished, and what its end means for its family.

One cancels the other among siblings; children wake when their parent has filled wholly and die with it otherwise;
reduce-only orders never outlive what they could reduce. Refuses to match.
"""

from __future__ import annotations

from copy import copy
from decimal import Decimal

from core.trading.exchange.accounts import Account
from core.trading.exchange.contracts import Contract
from core.trading.exchange.grid import ZERO
from core.trading.exchange.records import OrderChanged, OrderRecord
from core.trading.exchange.state import State


def tell(state: State, order: OrderRecord, *, by_user: bool = False) -> None:
    """Say how the order stands now."""
    state.happenings.append(OrderChanged(order.address, copy(order), by_user))


def remember(state: State, order: OrderRecord) -> None:
    """Keep the order in its account's history, to be found by either id."""
    account = state.accounts[order.address]
    account.orders[order.oid] = order
    if order.client_id is not None:
        account.by_client[order.client_id] = order.oid


def open_order(state: State, order: OrderRecord) -> None:
    """Let the order live: in the book, waiting for its trigger, or waiting for its parent."""
    state.live.setdefault(order.coin, {})[order.oid] = order
    state.restless = True
    order.status, order.status_ms = "open", state.now_ms
    tell(state, order)
    if order.reduce_only and order.in_book:
        trim_reduce_only(state, state.accounts[order.address], state.contracts[order.coin])


def withdraw(state: State, order: OrderRecord) -> None:
    """Take the order out of the live ones without ending it."""
    orders = state.live.get(order.coin)
    if orders is not None and orders.pop(order.oid, None) is not None:
        state.restless = True
        if not orders:
            del state.live[order.coin]


def live(state: State, oid: int, coin: str) -> OrderRecord | None:
    """A live order by id."""
    return state.live.get(coin, {}).get(oid)


def finish(state: State, order: OrderRecord, status: str, *, by_user: bool = False) -> None:
    """End the order under ``status`` and draw the consequences for children and siblings."""
    withdraw(state, order)
    order.status, order.status_ms = status, state.now_ms
    tell(state, order, by_user=by_user)
    wakes = status == "filled" or (status == "marginCanceled" and order.filled > 0)
    for oid in order.children:
        child = live(state, oid, order.coin)
        if child is not None and child.waiting:
            if wakes:
                child.waiting = False
                state.restless = True
                tell(state, child)
            else:
                finish(state, child, "canceled", by_user=by_user)
    if status == "filled":
        for oid in order.siblings:
            sibling = live(state, oid, order.coin)
            if sibling is not None:
                finish(state, sibling, "siblingFilledCanceled")


def trim_reduce_only(state: State, account: Account, contract: Contract, status: str = "reduceOnlyCanceled") -> None:
    """Fit the account's reduce-only orders to its position: end the pointless, resize the tied, cut the surplus."""
    held = account.size(contract)
    orders = [
        o
        for o in list(state.live.get(contract.coin, {}).values())
        if o.address == account.address and o.reduce_only and not o.waiting
    ]
    for order in orders:
        if held == 0 or order.is_buy == (held > 0):
            if live(state, order.oid, order.coin) is not None:
                finish(state, order, status)
        elif order.is_position_tpsl and order.size != abs(held):
            order.original_size = order.filled + abs(held)
            order.size = abs(held)
            tell(state, order)
    _cut_surplus(state, [o for o in orders if o.in_book], abs(held))


def _cut_surplus(state: State, resting: list[OrderRecord], most: Decimal) -> None:
    """Of resting reduce-only orders that together exceed the position, the older are cancelled; the last stays."""
    alive = [o for o in resting if live(state, o.oid, o.coin) is not None]
    total = sum((o.size for o in alive), ZERO)
    while len(alive) > 1 and total > most:
        oldest = alive.pop(0)
        total -= oldest.size
        finish(state, oldest, "reduceOnlyCanceled")
