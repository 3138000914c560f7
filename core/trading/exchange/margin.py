"""Margin: what positions and resting orders bind, what is free, what must remain, where liquidation lies.

Pure readings of the state; refuses to change anything. All amounts in USD. Source: Hyperliquid's margining,
margin tiers and liquidation pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.trading.exchange.accounts import Account, Position, Wallet
from core.trading.exchange.contracts import Contract
from core.trading.exchange.grid import ZERO, micro
from core.trading.exchange.records import OrderRecord
from core.trading.exchange.state import State


@dataclass(frozen=True, slots=True)
class CrossMargin:
    """The cross side of a wallet: equity with unrealised profit, initial and maintenance margin, Σ|notional|."""

    equity: Decimal
    initial: Decimal
    maintenance: Decimal
    notional: Decimal


def initial(position: Position, mark: Decimal) -> Decimal:
    """Initial margin of a position: |size| × mark / leverage."""
    return micro(abs(position.size) * mark / position.leverage)


def cross(state: State, wallet: Wallet) -> CrossMargin:
    """The cross side of a wallet at present marks."""
    equity, bound, maintenance, notional = wallet.cash, ZERO, ZERO, ZERO
    for position in wallet.positions.values():
        if position.cross:
            mark = state.mark(position.coin)
            value = abs(position.size) * mark
            equity += position.unrealised(mark)
            bound += initial(position, mark)
            maintenance += state.contracts[position.coin].maintenance(value)
            notional += value
    return CrossMargin(equity, bound, maintenance, notional)


def expected(state: State, coin: str, *, is_buy: bool, limit: Decimal) -> Decimal:
    """The price at which margin for an order is reckoned: its limit, or the mark when that is better for it."""
    mark = state.mark(coin)
    return min(limit, mark) if is_buy else max(limit, mark)


def hold(state: State, account: Account, contract: Contract, extra: OrderRecord | None = None) -> Decimal:
    """Margin that the resting limit orders of one coin bind, ``extra`` included.

    Orders bind what they would add to the exposure if one side filled wholly; the dearer side counts. Reduce-only
    orders and waiting triggers bind nothing.
    """
    resting = [o for o in state.live.get(contract.coin, {}).values() if o.address == account.address and o.in_book]
    if extra is not None:
        resting.append(extra)
    leverage, _ = state.choice(account, contract)
    held = account.size(contract)
    most = ZERO
    for is_buy in (True, False):
        side = [o for o in resting if o.is_buy == is_buy and not o.reduce_only]
        size = sum((o.size for o in side), ZERO)
        added = abs(held + size if is_buy else held - size) - abs(held)
        if added > 0:
            value = sum((o.size * expected(state, contract.coin, is_buy=is_buy, limit=o.price) for o in side), ZERO)
            most = max(most, micro(value * added / size / leverage))
    return most


def held_by_orders(state: State, account: Account, dex: str) -> Decimal:
    """Margin bound by all resting orders of an account on a dex."""
    coins = {o.coin for o in account_orders(state, account)}
    listed = (state.contracts[coin] for coin in sorted(coins))
    return sum((hold(state, account, one) for one in listed if one.dex == dex), ZERO)


def account_orders(state: State, account: Account) -> list[OrderRecord]:
    """Live orders of an account, oldest first."""
    found = [o for orders in state.live.values() for o in orders.values() if o.address == account.address]
    return sorted(found, key=lambda o: o.oid)


def available(state: State, account: Account, dex: str) -> Decimal:
    """Collateral of a dex that is free to become margin."""
    side = cross(state, account.peek(dex))
    return side.equity - side.initial - held_by_orders(state, account, dex)


def withdrawable(state: State, account: Account, dex: str) -> Decimal:
    """Collateral that may leave a dex: what is over max(initial margin, 10 % of notional), and over order margin."""
    wallet = account.peek(dex)
    side = cross(state, wallet)
    remains = max(side.initial, micro(side.notional * state.rules.transfer_share))
    return max(ZERO, side.equity - remains - held_by_orders(state, account, dex))


def affords(state: State, account: Account, contract: Contract, order: OrderRecord) -> bool:
    """Whether the account can bear ``order`` beside everything it has. Isolated margin also needs the fee."""
    with_order = hold(state, account, contract, order)
    added = with_order - hold(state, account, contract)
    if added <= 0:
        return True
    _, is_cross = state.choice(account, contract)
    if not is_cross:
        value = order.size * expected(state, contract.coin, is_buy=order.is_buy, limit=order.price)
        added += micro(value * contract.taker)
    return available(state, account, contract.dex) >= added


def liquidation_price(state: State, wallet: Wallet, position: Position) -> Decimal | None:
    """The mark at which the position would be liquidated, other marks staying; ``None`` where there is none.

    price − side × margin available / size / (1 − l × side), l = 1 / maintenance leverage of the position's tier.
    """
    contract = state.contracts[position.coin]
    mark = state.mark(position.coin)
    size = abs(position.size)
    if position.cross:
        whole = cross(state, wallet)
        free = whole.equity - whole.maintenance
    else:
        free = position.equity(mark) - contract.maintenance(size * mark)
    side = 1 if position.size > 0 else -1
    found = mark - side * free / size / (1 - contract.tier(size * mark).rate * side)
    return round(found, LIQUIDATION_DECIMALS) if found > 0 else None


LIQUIDATION_DECIMALS = 10
"""Decimals of a displayed liquidation price, as recorded on the venue."""
