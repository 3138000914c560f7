"""Placing, cancelling and replacing orders. Refuses whatever :mod:`checks` refuses, in the venue's words."""

from __future__ import annotations

from collections.abc import Sequence

from core.trading.exchange import checks, words
from core.trading.exchange.accounts import Account
from core.trading.exchange.contracts import Contract
from core.trading.exchange.depth import best
from core.trading.exchange.lifecycle import finish, open_order, remember, tell, withdraw
from core.trading.exchange.margin import account_orders, expected
from core.trading.exchange.matching import take
from core.trading.exchange.records import OrderRecord
from core.trading.exchange.requests import Grouping, OrderRequest, Outcome, OutcomeKind, Tif
from core.trading.exchange.state import State
from core.trading.exchange.words import Rejection


def submit(state: State, account: Account, orders: Sequence[OrderRequest], grouping: Grouping) -> list[Outcome]:
    """Place the orders of one request. A refusal of the whole batch is one outcome."""
    refusal = checks.batch(state, orders, grouping)
    if refusal is not None:
        return [Outcome("error", error=refusal)]
    if grouping is Grouping.NORMAL:
        return _submit_family(state, account, orders)
    if grouping is Grouping.POSITION:
        return _submit_tied(state, account, orders)
    return [_submit_one(state, account, one) for one in orders]


def record(state: State, account: Account, one: OrderRequest, grouping: Grouping) -> OrderRecord:
    """A new order with its id; not yet open."""
    return OrderRecord(
        oid=state.take_oid(),
        address=account.address,
        coin=one.coin,
        is_buy=one.is_buy,
        price=one.price,
        size=one.size,
        original_size=one.size,
        reduce_only=one.reduce_only,
        tif=None if one.trigger else _tif(one),
        trigger=one.trigger,
        client_id=one.client_id,
        placed_ms=state.now_ms,
        status="open",
        status_ms=state.now_ms,
        grouping=grouping,
    )


def _tif(one: OrderRequest) -> Tif:
    """How long a limit order may rest; the venue's own forced kind is not for accounts and acts as IOC."""
    return Tif.IOC if one.tif is Tif.LIQUIDATION else one.tif or Tif.GTC


def _submit_one(state: State, account: Account, one: OrderRequest) -> Outcome:
    order = record(state, account, one, Grouping.NA)
    contract = state.contracts[one.coin]
    rejection = checks.standalone(state, account, contract, order)
    remember(state, order)
    if rejection is not None:
        return _rejected(state, order, rejection)
    return place(state, order)


def _submit_tied(state: State, account: Account, orders: Sequence[OrderRequest]) -> list[Outcome]:
    """Stops and targets tied to the position; those accepted together are siblings."""
    outcomes, opened = [], []
    for one in orders:
        order = record(state, account, one, Grouping.POSITION)
        rejection = checks.standalone(state, account, state.contracts[one.coin], order)
        remember(state, order)
        if rejection is None:
            opened.append(order)
            outcomes.append(Outcome("waitingForTrigger", client_id=order.client_id))
        else:
            outcomes.append(_rejected(state, order, rejection))
    _join(opened)
    for order in opened:
        open_order(state, order)
    return outcomes


def _submit_family(state: State, account: Account, orders: Sequence[OrderRequest]) -> list[Outcome]:
    """A parent with its stop and target. A child that cannot be refuses the request before anything is executed."""
    contract = state.contracts[orders[0].coin]
    parent = record(state, account, orders[0], Grouping.NORMAL)
    rejection = checks.standalone(state, account, contract, parent)
    children = [] if rejection else [record(state, account, one, Grouping.NORMAL) for one in orders[1:]]
    for child in children:
        wrong = _check_child(state, contract, parent, child)
        if wrong is not None:
            return [Outcome("error", error=wrong.words)]
    remember(state, parent)
    if rejection is not None:
        return [_rejected(state, parent, rejection)]
    _attach(parent, children)
    for child in children:
        remember(state, child)
        open_order(state, child)
    outcome = place(state, parent)
    if outcome.kind == "error":
        return [outcome]
    kind: OutcomeKind = "waitingForTrigger" if parent.size == 0 else "waitingForFill"
    return [outcome, *(Outcome(kind, client_id=child.client_id) for child in children)]


def _check_child(state: State, contract: Contract, parent: OrderRecord, child: OrderRecord) -> Rejection | None:
    """A child must be well formed, close the parent, and trigger beyond the price at which the parent will fill."""
    found = checks.shape(state, contract, child)
    if found is None and (child.trigger is None or not child.reduce_only):
        found = words.CHILD
    if found is None and (child.coin != parent.coin or child.is_buy == parent.is_buy):
        found = words.REDUCE_ONLY
    if found is not None:
        return found
    reference = expected(state, parent.coin, is_buy=parent.is_buy, limit=parent.price)
    return checks.value(state, child, parent.original_size) or checks.side(child, reference)


def _attach(parent: OrderRecord, children: Sequence[OrderRecord]) -> None:
    for child in children:
        child.parent, child.waiting = parent.oid, True
    parent.children = tuple(child.oid for child in children)
    _join(children)


def _join(orders: Sequence[OrderRecord]) -> None:
    """Make orders each other's siblings."""
    oids = tuple(order.oid for order in orders)
    for order in orders:
        order.siblings = tuple(oid for oid in oids if oid != order.oid)


def _rejected(state: State, order: OrderRecord, rejection: Rejection) -> Outcome:
    finish(state, order, rejection.status)
    return Outcome("error", oid=order.oid, client_id=order.client_id, error=rejection.words)


def place(state: State, order: OrderRecord) -> Outcome:
    """Bring a checked order to the book or to its waiting place."""
    if order.trigger is not None and not order.triggered:
        open_order(state, order)
        return Outcome("resting", oid=order.oid, client_id=order.client_id)
    if order.tif is Tif.ALO and _would_take(state, order):
        bid, ask = best(state, order.coin, asks=False), best(state, order.coin, asks=True)
        return _rejected(state, order, words.post_only(bid, ask))
    taken = take(state, order, order.price)
    if order.size == 0:
        return Outcome("filled", order.oid, order.client_id, taken.size, taken.average)
    if order.tif is not None and order.tif.rests:
        open_order(state, order)
        return Outcome("resting", order.oid, order.client_id, taken.size, taken.average)
    if taken.size == 0:
        return _rejected(state, order, words.IOC)
    finish(state, order, "canceled")
    return Outcome("filled", order.oid, order.client_id, taken.size, taken.average)


def _would_take(state: State, order: OrderRecord) -> bool:
    facing = best(state, order.coin, asks=order.is_buy)
    if facing is None:
        return False
    return order.price >= facing if order.is_buy else order.price <= facing


def find(account: Account, oid: int | str) -> OrderRecord | None:
    """An order of the account by order id or client id."""
    number = account.by_client.get(oid) if isinstance(oid, str) else oid
    return account.orders.get(number) if number is not None else None


def _find_live(state: State, account: Account, oid: int | str) -> OrderRecord | None:
    order = find(account, oid)
    if order is None or order.oid not in state.live.get(order.coin, {}):
        return None
    return order


def cancel(state: State, account: Account, coin: str, oid: int | str) -> str | None:
    """Cancel a live order of the account in ``coin``; ``None``, or the venue's words."""
    order = _find_live(state, account, oid)
    if order is None or order.coin != coin:
        return words.NEVER_PLACED
    finish(state, order, "canceled", by_user=True)
    return None


def cancel_all(state: State, account: Account, status: str) -> None:
    """End every live order of the account; children go with their parents."""
    for order in account_orders(state, account):
        if order.oid in state.live.get(order.coin, {}):
            finish(state, order, status)


def modify(state: State, account: Account, oid: int | str, one: OrderRequest, *, always: bool) -> Outcome:
    """Replace a live order; the new one has a new id and inherits the family, unless it is for another coin.

    Without ``always`` only a resting limit order may come of it: GTC is made post-only, triggers and IOC are
    refused. The old order stays when the new one is refused.
    """
    old = _find_live(state, account, oid)
    if old is None:
        return Outcome("error", client_id=one.client_id, error=words.CLOSED_MODIFY.words)
    refusal = checks.batch(state, [one], Grouping.NA)
    if refusal is not None:
        return Outcome("error", client_id=one.client_id, error=refusal)
    ties = one.coin == old.coin and one.trigger is not None and one.reduce_only
    order = record(state, account, one, old.grouping if ties else Grouping.NA)
    withdraw(state, old)
    rejection = _check_replacement(state, account, old, order, always=always)
    if rejection is not None:
        remember(state, order)
        state.live.setdefault(old.coin, {})[old.oid] = old
        return _rejected(state, order, rejection)
    remember(state, order)
    if order.coin == old.coin:
        _inherit(state, old, order)
        old.status, old.status_ms = "canceled", state.now_ms
        tell(state, old, by_user=True)
    else:
        finish(state, old, "canceled", by_user=True)
    if order.waiting:
        open_order(state, order)
        return Outcome("resting", order.oid, order.client_id)
    return place(state, order)


def _check_replacement(
    state: State, account: Account, old: OrderRecord, order: OrderRecord, *, always: bool
) -> Rejection | None:
    contract = state.contracts[order.coin]
    if not always:
        if order.trigger is not None or order.tif is None or not order.tif.rests:
            return words.MODIFY_KIND
        order.tif = Tif.ALO
    if old.waiting:
        parent = account.orders[old.parent or 0]
        return _check_child(state, contract, parent, order)
    rejection = checks.standalone(state, account, contract, order)
    if rejection is None and order.tif is Tif.ALO and _would_take(state, order):
        bid, ask = best(state, order.coin, asks=False), best(state, order.coin, asks=True)
        return words.post_only(bid, ask)
    return rejection


def _inherit(state: State, old: OrderRecord, order: OrderRecord) -> None:
    """Put the replacement where the old order stood among parent, children and siblings."""
    order.parent, order.siblings, order.children, order.waiting = old.parent, old.siblings, old.children, old.waiting
    relatives = state.accounts[old.address].orders
    for child in (relatives[oid] for oid in order.children if oid in relatives):
        child.parent = order.oid
    for sibling in (relatives[oid] for oid in order.siblings if oid in relatives):
        sibling.siblings = tuple(order.oid if one == old.oid else one for one in sibling.siblings)
    parent = relatives.get(old.parent or 0)
    if parent is not None:
        parent.children = tuple(order.oid if one == old.oid else one for one in parent.children)
