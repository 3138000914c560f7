"""The synthetic book: levels around bid and ask, less what was taken since the price last moved; and users' orders.

At one price the users' orders stand before the street's, for the street quotes anew whenever the price moves.
Refuses to trade.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.trading.exchange.grid import ZERO, lots, power, tick
from core.trading.exchange.records import BookLevel, OrderRecord
from core.trading.exchange.state import State


def street(state: State, coin: str, *, asks: bool) -> Iterator[tuple[Decimal, Decimal]]:
    """(price, size) of the street's levels that have something left, best first.

    Level k holds the first level's notional × (1 + k × growth), in whole lots and at least one; of a thin book only
    the first levels are left, with one lot each.
    """
    price = state.price(coin)
    if price is None:
        return
    digits = state.contracts[coin].size_decimals
    taken = state.consumed.get(coin, {})
    at = price.ask if asks else price.bid
    thin = coin in state.thin
    for k in range(state.thin.get(coin, state.rules.counts.book_levels)):
        if at <= 0:
            return
        usd = ZERO if thin else state.rules.level_usd * (1 + k * state.rules.level_growth)
        left = max(lots(usd / at, digits), power(-digits)) - taken.get((asks, at), ZERO)
        if left > 0:
            yield at, left
        at = at + tick(at, digits) if asks else at - tick(at, digits)


def consume(state: State, coin: str, *, asks: bool, price: Decimal, size: Decimal) -> None:
    """Remember that ``size`` of the street's level is gone until the price moves."""
    taken = state.consumed.setdefault(coin, {})
    taken[(asks, price)] = taken.get((asks, price), ZERO) + size


def resting(state: State, coin: str, *, asks: bool) -> list[OrderRecord]:
    """Users' orders in the book on one side: best price first, then oldest."""
    found = [o for o in state.live.get(coin, {}).values() if o.in_book and o.is_buy != asks]
    sign = 1 if asks else -1
    return sorted(found, key=lambda o: (sign * o.price, o.oid))


def best(state: State, coin: str, *, asks: bool) -> Decimal | None:
    """Best price of one side, users' orders included; ``None`` when it is empty."""
    level = next(street(state, coin, asks=asks), None)
    own = resting(state, coin, asks=asks)
    prices = ([level[0]] if level else []) + ([own[0].price] if own else [])
    if not prices:
        return None
    return min(prices) if asks else max(prices)


def levels(state: State, coin: str, *, asks: bool) -> list[BookLevel]:
    """One side of the book as shown, best first."""
    sizes: dict[Decimal, tuple[Decimal, int]] = {at: (size, 1) for at, size in street(state, coin, asks=asks)}
    for order in resting(state, coin, asks=asks):
        size, count = sizes.get(order.price, (ZERO, 0))
        sizes[order.price] = (size + order.size, count + 1)
    shown = [BookLevel(at, size, count) for at, (size, count) in sorted(sizes.items(), reverse=not asks)]
    return shown[: state.rules.counts.book_levels]
