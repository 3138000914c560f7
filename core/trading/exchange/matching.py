"""Executions: a taker walks the book, a resting order is hit by the street. Price, then users, then time.

Both parties are booked in the same breath, so that money is conserved. Refuses to validate orders.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

from core.trading.exchange.accounts import Account, book
from core.trading.exchange.contracts import Contract
from core.trading.exchange.depth import consume, resting, street
from core.trading.exchange.grid import ZERO, micro
from core.trading.exchange.lifecycle import finish, tell, trim_reduce_only
from core.trading.exchange.margin import available
from core.trading.exchange.records import Filled, FillRecord, LiquidationNote, OrderRecord, Trade
from core.trading.exchange.state import FEES, STREET, State, credit, digest


@dataclass(slots=True)
class Taken:
    """What a taker got: size and Σ size × price."""

    size: Decimal = ZERO
    notional: Decimal = ZERO

    @property
    def average(self) -> Decimal | None:
        """Mean price, to eight decimals; ``None`` when nothing was taken."""
        return round(self.notional / self.size, AVERAGE_DECIMALS) if self.size else None


AVERAGE_DECIMALS = 8
"""Decimals of a reported average price."""


@dataclass(frozen=True, slots=True)
class Print:
    """One execution being booked."""

    coin: str
    price: Decimal
    size: Decimal
    taker_buys: bool
    tid: int
    hash: str
    note: LiquidationNote | None


def take(state: State, order: OrderRecord, limit: Decimal | None, note: LiquidationNote | None = None) -> Taken:
    """Execute ``order`` against the book at ``limit`` or better (``None``: at any price), until done or empty.

    Own resting orders in the way are cancelled, and makers that can no longer bear their order.
    """
    taken = Taken()
    while order.size > 0:
        maker, price, size = _opposite(state, order, limit)
        if price is None:
            break
        if maker is not None and not _maker_stands(state, order, maker):
            continue
        size = min(size, order.size) if maker is None else min(order.size, _maker_size(state, maker))
        if maker is None:
            consume(state, order.coin, asks=order.is_buy, price=price, size=size)
        _execute(state, new_print(state, order.coin, price, size, note, taker_buys=order.is_buy), order, maker)
        taken.size += size
        taken.notional += size * price
    return taken


def _opposite(
    state: State, order: OrderRecord, limit: Decimal | None
) -> tuple[OrderRecord | None, Decimal | None, Decimal]:
    """The best counterpart within the limit: (user's order or ``None`` for the street, price, size)."""
    level = next(street(state, order.coin, asks=order.is_buy), None)
    makers = resting(state, order.coin, asks=order.is_buy)
    maker = makers[0] if makers else None
    if maker is not None and level is not None:
        behind = maker.price > level[0] if order.is_buy else maker.price < level[0]
        if behind:
            maker = None
    price, size = (maker.price, maker.size) if maker is not None else level or (None, ZERO)
    if price is not None and limit is not None and (price > limit if order.is_buy else price < limit):
        return None, None, ZERO
    return maker, price, size


def _maker_stands(state: State, taker: OrderRecord, maker: OrderRecord) -> bool:
    """Whether the resting order may be hit; ends it when not."""
    if maker.address == taker.address:
        finish(state, maker, "selfTradeCanceled")
        return False
    return maker_stands(state, maker)


def maker_stands(state: State, maker: OrderRecord) -> bool:
    """Whether a resting order still has something to reduce, or margin to open with; ends it when not."""
    account, contract = state.accounts[maker.address], state.contracts[maker.coin]
    if maker.reduce_only:
        held = account.size(contract)
        if held == 0 or maker.is_buy == (held > 0):
            finish(state, maker, "reduceOnlyCanceled")
            return False
    elif available(state, account, contract.dex) < 0 and _adds(account, contract, maker):
        finish(state, maker, "marginCanceled")
        return False
    return True


def _adds(account: Account, contract: Contract, order: OrderRecord) -> bool:
    held = account.size(contract)
    return abs(held + order.size if order.is_buy else held - order.size) > abs(held)


def _maker_size(state: State, maker: OrderRecord) -> Decimal:
    """What of a resting order can trade: a reduce-only one no more than the position."""
    if not maker.reduce_only:
        return maker.size
    return min(maker.size, abs(state.accounts[maker.address].size(state.contracts[maker.coin])))


def hit_by_street(state: State, maker: OrderRecord, size: Decimal) -> None:
    """The street trades against a resting order at its price."""
    size = min(size, _maker_size(state, maker))
    _execute(state, new_print(state, maker.coin, maker.price, size, None, taker_buys=not maker.is_buy), None, maker)


def new_print(
    state: State, coin: str, price: Decimal, size: Decimal, note: LiquidationNote | None, *, taker_buys: bool
) -> Print:
    """An execution with its ids; not yet booked."""
    tid = state.take_tid()
    return Print(coin, price, size, taker_buys, tid, digest("trade", tid, coin, state.now_ms), note)


def _execute(state: State, one: Print, taker: OrderRecord | None, maker: OrderRecord | None) -> None:
    """Book one execution for both parties (``None`` is the street)."""
    parties = [order.address if order else STREET for order in (taker, maker)]
    buyer, seller = parties if one.taker_buys else reversed(parties)
    record_print(state, one, (buyer, seller))
    for order, crossed in ((taker, True), (maker, False)):
        if order is None:
            _book_street(state, one, is_buy=one.taker_buys == crossed)
        else:
            _fill(state, order, one, crossed=crossed)
    for order in (taker, maker):
        if order is not None:
            trim_reduce_only(state, state.accounts[order.address], state.contracts[one.coin])


def record_print(state: State, one: Print, users: tuple[str, str]) -> None:
    """Keep the trade for the tape."""
    tape = state.prints.get(one.coin)
    if tape is None:
        tape = state.prints[one.coin] = deque(maxlen=state.rules.counts.prints)
    tape.append(Trade(one.coin, one.taker_buys, one.price, one.size, state.now_ms, one.hash, one.tid, users))


def _book_street(state: State, one: Print, *, is_buy: bool) -> None:
    quantity = one.size if is_buy else -one.size
    contract = state.contracts[one.coin]
    book(state.accounts[STREET], contract, (1, True), quantity, quantity * one.price)


def _fill(state: State, order: OrderRecord, one: Print, *, crossed: bool) -> None:
    """Book one side: position, profit, fee, record, and the order's new state."""
    account, contract = state.accounts[order.address], state.contracts[order.coin]
    quantity = one.size if order.is_buy else -one.size
    start = account.size(contract)
    profit = book(account, contract, state.choice(account, contract), quantity, quantity * one.price)
    notional = one.size * one.price
    fee = micro(notional * (contract.taker if crossed else contract.maker))
    credit(account, contract.dex, -fee)
    credit(state.accounts[FEES], contract.dex, fee)
    account.volume += notional
    order.size -= one.size
    fill = FillRecord(
        coin=order.coin,
        price=one.price,
        size=one.size,
        is_buy=order.is_buy,
        time_ms=state.now_ms,
        start_position=start,
        direction=direction(start, quantity),
        closed_pnl=profit,
        hash=one.hash,
        oid=order.oid,
        crossed=crossed,
        fee=fee,
        tid=one.tid,
        client_id=order.client_id,
        liquidation=one.note,
    )
    account.fills.append(fill)
    state.happenings.append(Filled(order.address, fill))
    state.note_position(account, order.coin)
    if order.size == 0:
        finish(state, order, "filled")
    elif not crossed:
        tell(state, order)


def direction(start: Decimal, quantity: Decimal) -> str:
    """The venue's word for what an execution did to a position.

    >>> direction(Decimal(0), Decimal(1)), direction(Decimal(2), Decimal(-1)), direction(Decimal(1), Decimal(-3))
    ('Open Long', 'Close Long', 'Long > Short')
    """
    end = start + quantity
    if start == 0 or (start > 0) == (quantity > 0):
        return "Open Long" if quantity > 0 else "Open Short"
    if end == 0 or (end > 0) == (start > 0):
        return "Close Long" if start > 0 else "Close Short"
    return "Long > Short" if start > 0 else "Short > Long"
