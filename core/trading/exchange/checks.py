"""Whether an order may be placed, in the venue's order of questions. Refuses to place it.

Order: size and price format, tick, least value, reduce-only, trigger side, (oracle distance: whole batch, before),
margin, tier, number of open orders; what only the book can tell (post-only, IOC) comes after.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.trading.exchange import words
from core.trading.exchange.accounts import Account
from core.trading.exchange.contracts import Contract
from core.trading.exchange.grid import is_legal_price, lots
from core.trading.exchange.margin import account_orders, affords, expected
from core.trading.exchange.records import OrderRecord
from core.trading.exchange.requests import Grouping, OrderRequest
from core.trading.exchange.state import State
from core.trading.exchange.words import Rejection


def batch(state: State, orders: Sequence[OrderRequest], grouping: Grouping) -> str | None:
    """What refuses the whole request before any of its orders is looked at; the venue's words."""
    if not orders:
        return words.EMPTY_BATCH
    if grouping is Grouping.NORMAL and orders[0].trigger is not None:
        return words.PARENT_TRIGGER
    children = orders[1:] if grouping is Grouping.NORMAL else orders if grouping is Grouping.POSITION else ()
    if any(one.trigger is None or not one.reduce_only for one in children):
        return words.CHILD.words
    for one in orders:
        price = state.price(state.contract(one.coin).coin)
        sound = price is not None and one.price.is_finite() and one.price > 0
        if price is not None and sound and abs(one.price - price.oracle) > state.rules.oracle_band * price.oracle:
            return words.far(state.rules.oracle_band)
    return None


def shape(state: State, contract: Contract, order: OrderRecord) -> Rejection | None:
    """Market open, price and size well formed, on tick and lot."""
    if contract.delisted or state.price(contract.coin) is None or state.is_shut(contract.coin):
        return words.HALTED
    prices = [order.price] + ([order.trigger.price] if order.trigger else [])
    if any(not price.is_finite() or price <= 0 for price in prices):
        return words.INVALID_PRICE
    if not order.size.is_finite() or order.size < 0:
        return words.INVALID_SIZE
    if order.size == 0 and not order.is_position_tpsl:
        return words.ZERO_SIZE
    if lots(order.size, contract.size_decimals) != order.size:
        return words.INVALID_SIZE
    if any(not is_legal_price(price, contract.size_decimals) for price in prices):
        return words.TICK
    return None


def cap(account: Account, contract: Contract, order: OrderRecord) -> Rejection | None:
    """Cut a reduce-only order to the position; refused where there is nothing to reduce."""
    if not order.reduce_only:
        return None
    held = account.size(contract)
    if held == 0 or order.is_buy == (held > 0):
        return words.REDUCE_ONLY
    size = abs(held) if order.is_position_tpsl else min(order.size, abs(held))
    order.size = order.original_size = size
    return None


def value(state: State, order: OrderRecord, whole: Decimal) -> Rejection | None:
    """Least value; a reduce-only order for the ``whole`` (unsigned) position or parent is exempt."""
    least = state.rules.minimum_usd
    if order.size * order.price < least and not (order.reduce_only and order.size >= whole):
        return words.minimum(least)
    return None


def side(order: OrderRecord, reference: Decimal) -> Rejection | None:
    """A trigger must lie where the price has yet to go from ``reference``."""
    if order.trigger is None:
        return None
    falls = order.trigger.is_stop != order.is_buy
    wrong = order.trigger.price >= reference if falls else order.trigger.price <= reference
    return words.TRIGGER_SIDE if wrong else None


def burden(state: State, account: Account, contract: Contract, order: OrderRecord) -> Rejection | None:
    """Initial margin and margin tier, for what adds to a position; triggers are asked when they fire."""
    if order.reduce_only:
        return None
    if not affords(state, account, contract, order):
        return words.MARGIN
    held = account.size(contract)
    after = abs(held + order.size if order.is_buy else held - order.size)
    if after > abs(held):
        price = expected(state, contract.coin, is_buy=order.is_buy, limit=order.price)
        if contract.tier(after * price).max_leverage < state.choice(account, contract)[0]:
            return words.TIER
    return None


def room(state: State, account: Account) -> Rejection | None:
    """Number of open orders."""
    return words.TOO_MANY if len(account_orders(state, account)) >= state.rules.counts.open_orders else None


def standalone(state: State, account: Account, contract: Contract, order: OrderRecord) -> Rejection | None:
    """Every question about an order that stands by itself, in the venue's order; cuts a reduce-only one to size."""
    found = shape(state, contract, order) or _least_of_open(state, account, contract, order)
    found = found or cap(account, contract, order) or value(state, order, abs(account.size(contract)))
    found = found or side(order, state.mark(contract.coin))
    if order.trigger is None:
        found = found or burden(state, account, contract, order)
    return found or room(state, account)


def _least_of_open(state: State, account: Account, contract: Contract, order: OrderRecord) -> Rejection | None:
    """Least value is asked before reduce-only where the order could not close the whole position anyway."""
    if order.reduce_only and (order.is_position_tpsl or order.size >= abs(account.size(contract))):
        return None
    return value(state, order, abs(account.size(contract)))
