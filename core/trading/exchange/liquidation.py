"""Forced closing: to the book first, to the backstop when too little is left. Refuses auto-deleveraging.

Equity under maintenance: market orders for the position, over 100,000 USD a fifth first and the whole for the
cooldown after. Equity under two thirds of maintenance: the backstop takes positions and margin over, at the price
that leaves the account nothing; what a gap cost beyond that is the backstop's loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from core.trading.exchange.accounts import Account, Position, Wallet, book
from core.trading.exchange.grid import ZERO, lots, micro, power, rounded
from core.trading.exchange.lifecycle import finish, remember
from core.trading.exchange.margin import account_orders, cross
from core.trading.exchange.matching import Print, new_print, record_print, take
from core.trading.exchange.records import Filled, FillRecord, Liquidated, LiquidationNote, OrderRecord
from core.trading.exchange.requests import Tif
from core.trading.exchange.state import BACKSTOP, STREET, State
from core.trading.exchange.words import NO_LIQUIDITY


def liquidate(state: State, account: Account, spent: set[tuple[str, str]]) -> bool:
    """Liquidate what of the account has to be; whether anything was done.

    ``spent`` collects (address, dex) of the wallets in which something was done at the present price: one step per
    price, so that a part is not followed by the whole before the market has moved.
    """
    done = False
    for dex, wallet in list(account.wallets.items()):
        if wallet.positions and (account.address, dex) not in spent and _examine(state, account, wallet):
            spent.add((account.address, dex))
            done = True
    return done


def _examine(state: State, account: Account, wallet: Wallet) -> bool:
    """Compare equity with maintenance: of the cross positions together, of each isolated one."""
    done = False
    whole = cross(state, wallet)
    held = [p for p in wallet.positions.values() if p.cross]
    if held and whole.equity < whole.maintenance:
        done |= _step(state, account, wallet, held, whole.equity, whole.maintenance)
    for position in [p for p in wallet.positions.values() if not p.cross]:
        mark = state.mark(position.coin)
        needed = state.contracts[position.coin].maintenance(abs(position.size) * mark)
        if position.equity(mark) < needed:
            done |= _step(state, account, wallet, [position], position.equity(mark), needed)
    return done


def _step(
    state: State, account: Account, wallet: Wallet, held: Sequence[Position], equity: Decimal, maintenance: Decimal
) -> bool:
    """One step against positions that share ``equity``."""
    state.restless = True
    if equity < maintenance * state.rules.backstop_share:
        _announce(state, account, held, equity, "backstop")
        _take_over(state, account, held, equity)
        return True
    coins = {position.coin for position in held}
    for order in account_orders(state, account):
        if order.coin in coins and not order.reduce_only and order.oid in state.live.get(order.coin, {}):
            finish(state, order, "liquidatedCanceled")
    _announce(state, account, held, equity, "market")
    done = False
    for position in sorted(held, key=lambda p: (-abs(p.size) * state.mark(p.coin), p.coin)):
        if done and position.cross and _is_healthy(state, wallet):
            break
        done |= _to_book(state, account, wallet, position)
    return done


def _is_healthy(state: State, wallet: Wallet) -> bool:
    side = cross(state, wallet)
    return side.equity >= side.maintenance


def _announce(state: State, account: Account, held: Sequence[Position], equity: Decimal, method: str) -> None:
    notional = sum((abs(p.size) * state.mark(p.coin) for p in held), ZERO)
    taker = BACKSTOP if method == "backstop" else account.address
    coins = ",".join(p.coin for p in held)
    number, state.next_liquidation = state.next_liquidation, state.next_liquidation + 1
    said = Liquidated(account.address, number, taker, notional, equity, coins, method, state.now_ms)
    state.happenings.append(said)


def _to_book(state: State, account: Account, wallet: Wallet, position: Position) -> bool:
    """Send the position, or a first part of it, to the book; whether anything was executed."""
    contract, mark = state.contracts[position.coin], state.mark(position.coin)
    size = whole = abs(position.size)
    fresh = wallet.partial_ms is None or state.now_ms - wallet.partial_ms > state.rules.counts.liquidation_cooldown_ms
    if whole * mark > state.rules.partial_usd and fresh:
        size = max(lots(whole * state.rules.partial_share, contract.size_decimals), power(-contract.size_decimals))
        wallet.partial_ms = state.now_ms
    limit = _worst(state, wallet, position)
    order = _forced(state, account, position, size, limit)
    remember(state, order)
    taken = take(state, order, limit, LiquidationNote(account.address, mark, "market"))
    if order.size > 0:
        finish(state, order, "canceled" if taken.size else NO_LIQUIDITY.status)
    return taken.size > 0


def _worst(state: State, wallet: Wallet, position: Position) -> Decimal:
    """The price at which closing costs all equity, fee included: no forced order trades beyond it."""
    contract, mark = state.contracts[position.coin], state.mark(position.coin)
    equity = cross(state, wallet).equity if position.cross else position.equity(mark)
    if position.size > 0:
        least = (mark - equity / position.size) / (1 - contract.taker)
        return rounded(max(least, power(-contract.price_decimals)), contract.size_decimals, ROUND_CEILING)
    return rounded((mark - equity / position.size) / (1 + contract.taker), contract.size_decimals, ROUND_FLOOR)


def _forced(state: State, account: Account, position: Position, size: Decimal, price: Decimal) -> OrderRecord:
    return OrderRecord(
        oid=state.take_oid(),
        address=account.address,
        coin=position.coin,
        is_buy=position.size < 0,
        price=price,
        size=size,
        original_size=size,
        reduce_only=True,
        tif=Tif.LIQUIDATION,
        trigger=None,
        client_id=None,
        placed_ms=state.now_ms,
        status="open",
        status_ms=state.now_ms,
    )


def _take_over(state: State, account: Account, held: Sequence[Position], equity: Decimal) -> None:
    """Pass positions and their whole equity (which a gap may have made negative) to the backstop."""
    coins = {position.coin for position in held}
    for order in account_orders(state, account):
        if order.coin in coins and order.oid in state.live.get(order.coin, {}):
            finish(state, order, "liquidatedCanceled")
    notional = sum((abs(p.size) * state.mark(p.coin) for p in held), ZERO)
    left = equity
    for position in list(held)[:-1]:
        share = micro(equity * abs(position.size) * state.mark(position.coin) / notional)
        left -= share
        _pass_on(state, account, position, share)
    _pass_on(state, account, held[-1], left)


def _pass_on(state: State, account: Account, position: Position, share: Decimal) -> None:
    """Close one position against the backstop for its mark value less ``share``."""
    contract, mark, size = state.contracts[position.coin], state.mark(position.coin), position.size
    kind = f"Liquidated {'Cross' if position.cross else 'Isolated'} {'Long' if size > 0 else 'Short'}"
    value = share - size * mark
    price = rounded(abs(value / size), contract.size_decimals)
    note = LiquidationNote(account.address, mark, "backstop")
    one = new_print(state, position.coin, price, abs(size), note, taker_buys=size < 0)
    parties = (BACKSTOP, account.address) if size > 0 else (account.address, BACKSTOP)
    record_print(state, one, parties)
    profit = book(account, contract, state.choice(account, contract), -size, value)
    note_fill(state, account, one, size, kind, profit, crossed=True)
    backstop, street = state.accounts[BACKSTOP], state.accounts[STREET]
    book(backstop, contract, (1, True), size, -value)
    note_fill(state, backstop, one, ZERO, "Open Long" if size > 0 else "Open Short", ZERO, crossed=False)
    book(backstop, contract, (1, True), -size, -size * mark)
    book(street, contract, (1, True), size, size * mark)
    state.note_position(account, position.coin)


def note_fill(
    state: State, account: Account, one: Print, start: Decimal, kind: str, profit: Decimal, *, crossed: bool
) -> None:
    """Note an execution that no order of the account led to; it pays no fee."""
    fill = FillRecord(
        coin=one.coin,
        price=one.price,
        size=one.size,
        is_buy=one.taker_buys == crossed,
        time_ms=state.now_ms,
        start_position=start,
        direction=kind,
        closed_pnl=profit,
        hash=one.hash,
        oid=state.take_oid(),
        crossed=crossed,
        fee=ZERO,
        tid=one.tid,
        liquidation=one.note,
    )
    account.fills.append(fill)
    state.happenings.append(Filled(account.address, fill))
