"""The whole exchange as JSON values and back, so that it continues as if nothing had been. Refuses to write files.

A snapshot that is not ``whole`` leaves out finished orders, fills, funding and prints; they come back from the
journal of happenings (:func:`remember_happening`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.settings import ExchangeRules
from core.trading.exchange.accounts import Account
from core.trading.exchange.codec import decode, decode_happening, encode, encode_happening
from core.trading.exchange.collateral import set_alarm
from core.trading.exchange.ports import MarketTerms, Price
from core.trading.exchange.records import Filled, FundingPaid, Happening, OrderChanged, Trade
from core.trading.exchange.state import State, begin

COUNTERS = ("now_ms", "next_oid", "next_tid", "next_liquidation")


def take_snapshot(state: State, *, whole: bool) -> dict[str, Any]:
    """Everything (or, without ``whole``, everything that can still change) as JSON values."""
    return {
        **{name: getattr(state, name) for name in COUNTERS},
        "prices": encode(state.prices),
        "live": {coin: list(orders) for coin, orders in state.live.items()},
        "consumed": {
            coin: [[asks, str(price), str(size)] for (asks, price), size in taken.items()]
            for coin, taken in state.consumed.items()
        },
        "thin": dict(state.thin),
        "prints": encode(state.prints) if whole else {},
        "happenings": [encode_happening(one) for one in state.happenings],
        "accounts": [_account(state, account, whole=whole) for account in state.accounts.values()],
    }


def _account(state: State, account: Account, *, whole: bool) -> dict[str, Any]:
    if whole:
        return {**encode(account), "orders": [encode(order) for order in account.orders.values()]}
    alive = {oid for orders in state.live.values() for oid in orders}
    kept = [order for oid, order in account.orders.items() if oid in alive]
    hot = encode(replace(account, orders={}, by_client={}, fills=[], payments=[]))
    return {**hot, "orders": [encode(order) for order in kept]}


def read_snapshot(snapshot: Mapping[str, Any], terms: Sequence[MarketTerms], rules: ExchangeRules) -> State:
    """The state of a snapshot. Raises :class:`BadData` where the snapshot is malformed."""
    state = begin(terms, rules, int(snapshot["now_ms"]))
    for name in COUNTERS:
        setattr(state, name, snapshot[name])
    state.prices = decode(dict[str, Price], snapshot["prices"])
    for table in snapshot["accounts"]:
        orders = {one["oid"]: one for one in table["orders"]}
        account: Account = decode(Account, {**table, "orders": orders})
        account.by_client = {o.client_id: o.oid for o in account.orders.values() if o.client_id is not None}
        state.accounts[account.address] = account
    by_oid = {oid: order for account in state.accounts.values() for oid, order in account.orders.items()}
    state.live = {coin: {oid: by_oid[oid] for oid in oids} for coin, oids in snapshot["live"].items()}
    for coin, taken in snapshot["consumed"].items():
        state.consumed[coin] = {(asks, Decimal(price)): Decimal(size) for asks, price, size in taken}
    state.thin = dict(snapshot.get("thin", {}))
    most = state.rules.counts.prints
    for coin, tape in snapshot["prints"].items():
        state.prints[coin] = deque((decode(Trade, one) for one in tape), maxlen=most)
    state.happenings = [decode_happening(one) for one in snapshot["happenings"]]
    for account in state.users():
        for _, position in state.positions(account):
            state.holders.setdefault(position.coin, set()).add(account.address)
    set_alarm(state)
    return state


def remember_happening(state: State, happening: Happening) -> None:
    """Put a journalled happening back into its account's history. Money is not booked again."""
    account = state.accounts.get(happening.address)
    if account is None:
        return
    if isinstance(happening, Filled):
        account.fills.append(happening.fill)
    elif isinstance(happening, FundingPaid):
        account.payments.append(happening.payment)
    elif isinstance(happening, OrderChanged):
        order = happening.order
        if order.oid not in state.live.get(order.coin, {}):
            account.orders[order.oid] = order
            if order.client_id is not None:
                account.by_client[order.client_id] = order.oid
