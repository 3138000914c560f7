"""How prices move from old to new: in a straight line, all coins together, and what happens on the way, nearest first.

A coin that gapped is at its new price at once. On the line every trigger fires at its own level, every resting order
when the quote reaches it, every liquidation where equity meets maintenance. At one and the same point resting orders
come first, then liquidations, then triggers. Refuses time and chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from core.trading.exchange.accounts import Position
from core.trading.exchange.depth import consume, resting, street
from core.trading.exchange.grid import rounded
from core.trading.exchange.liquidation import liquidate
from core.trading.exchange.margin import cross
from core.trading.exchange.matching import hit_by_street, maker_stands
from core.trading.exchange.ports import Price
from core.trading.exchange.records import OrderRecord
from core.trading.exchange.state import State
from core.trading.exchange.triggers import fire_crossed, fires_below


def move(state: State, prices: Mapping[str, Price]) -> None:
    """Bring active coins to their new prices and let happen what that causes."""
    origin: dict[str, Decimal] = {}
    lines: dict[str, Price] = {}
    for coin, new in prices.items():
        old = state.prices.get(coin)
        origin[coin] = old.mark if old else new.mark
        if old is None or new.gapped or old.mark == new.mark:
            _set(state, coin, new)
        else:
            lines[coin] = new
    _settle(state, {coin: origin.get(coin, state.mark(coin)) for coin in _active(state)})
    while lines:
        share = _next(state, lines)
        if share is None:
            break
        _go(state, lines, share)
        _settle(state, {coin: origin[coin] for coin in lines})
    for coin, new in lines.items():
        _set(state, coin, new)
    if lines:
        _settle(state, {coin: origin[coin] for coin in lines})


def _active(state: State) -> list[str]:
    """Coins with an order or position and a price, in listing order."""
    return [coin for coin in state.contracts if state.is_active(coin) and coin in state.prices]


def _set(state: State, coin: str, price: Price) -> None:
    state.prices[coin] = price
    state.consumed.pop(coin, None)


def _shifted(state: State, coin: str, new: Price, mark: Decimal) -> Price:
    """The new quote moved to ``mark``."""
    digits = state.contracts[coin].size_decimals
    bid, ask = (rounded(mark + side - new.mark, digits) for side in (new.bid, new.ask))
    return Price(mark, new.oracle, bid if bid > 0 else mark, ask)


def _settle(state: State, came_from: Mapping[str, Decimal]) -> None:
    """Let happen what present prices cause, until nothing more does."""
    spent: set[tuple[str, str]] = set()
    going = True
    while going:
        going = False
        for coin in came_from:
            _hit_resting(state, coin)
        for account in list(state.users()):
            going |= liquidate(state, account, spent)
        for coin, origin in came_from.items():
            if coin in state.live:
                going |= fire_crossed(state, coin, origin)


def _hit_resting(state: State, coin: str) -> None:
    """Execute users' resting orders that the street's quote has crossed, as far as its size goes."""
    if coin not in state.live:
        return
    for asks in (True, False):
        for order in resting(state, coin, asks=not asks):
            while order.oid in state.live.get(coin, {}):
                level = next(street(state, coin, asks=asks), None)
                if level is None or not _reaches(level[0], order) or not maker_stands(state, order):
                    break
                size = min(level[1], order.size)
                consume(state, coin, asks=asks, price=level[0], size=size)
                hit_by_street(state, order, size)


def _reaches(price: Decimal, order: OrderRecord) -> bool:
    return price <= order.price if order.is_buy else price >= order.price


def _next(state: State, lines: Mapping[str, Price]) -> Decimal | None:
    """The share of the way to ``lines`` after which something may happen first; ``None`` when the way is free."""
    shares = list(_drownings(state, lines))
    for coin, new in lines.items():
        mark = state.mark(coin)
        near, far = min(mark, new.mark), max(mark, new.mark)
        shares.extend((at - mark) / (new.mark - mark) for at in _levels(state, coin, new) if near < at < far)
    return min(shares, default=None)


def _levels(state: State, coin: str, new: Price) -> Iterator[Decimal]:
    """Marks on the way to ``new`` at which a trigger fires or the quote reaches a resting order."""
    falls = new.mark < state.mark(coin)
    for order in state.live.get(coin, {}).values():
        if order.is_armed and order.trigger is not None and fires_below(order) == falls:
            yield order.trigger.price
        elif order.in_book and order.is_buy == falls:
            yield order.price - ((new.ask if order.is_buy else new.bid) - new.mark)


def _drownings(state: State, lines: Mapping[str, Price]) -> Iterator[Decimal]:
    """Shares of the way at which equity, falling evenly, meets maintenance."""
    there = {**state.prices, **lines}
    for account in state.users():
        for wallet in account.wallets.values():
            if not any(coin in lines for coin in wallet.positions):
                continue
            side = cross(state, wallet)
            groups: list[tuple[Decimal, list[Position]]] = []
            shared = [p for p in wallet.positions.values() if p.cross]
            if shared:
                groups.append((side.equity - side.maintenance, shared))
            alone = [p for p in wallet.positions.values() if not p.cross]
            groups.extend((_spare(state, state.prices, [p], p.margin), [p]) for p in alone)
            for here, held in groups:
                cash = wallet.cash if held[0].cross else held[0].margin
                end = _spare(state, there, held, cash)
                if here > 0 > end:
                    yield here / (here - end)


def _spare(state: State, prices: Mapping[str, Price], held: list[Position], cash: Decimal) -> Decimal:
    """Equity less maintenance of positions that share ``cash``, at given prices."""
    total = cash
    for position in held:
        mark = prices[position.coin].mark
        total += position.unrealised(mark) - state.contracts[position.coin].maintenance(abs(position.size) * mark)
    return total


def _go(state: State, lines: Mapping[str, Price], share: Decimal) -> None:
    """Move every coin by a share of its way, onto the next grid price: triggers lie on the grid and are never passed."""
    for coin, new in lines.items():
        mark = state.mark(coin)
        rounding = ROUND_CEILING if new.mark > mark else ROUND_FLOOR
        target = rounded(mark + share * (new.mark - mark), state.contracts[coin].size_decimals, rounding)
        _set(state, coin, _shifted(state, coin, new, target))
