"""The book: levels made around bid and ask, or a real market's, less what was taken since they last moved; users' orders.

At one price the users' orders stand before the street's, for the street quotes anew whenever the price moves.
Refuses to trade.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.trading.exchange.grid import ZERO, lots, power, tick, toward
from core.trading.exchange.ports import Level, Price
from core.trading.exchange.records import BookLevel, OrderRecord
from core.trading.exchange.state import State


def street(state: State, coin: str, *, asks: bool) -> Iterator[tuple[Decimal, Decimal]]:
    """(price, size) of the street's levels that have something left, best first."""
    price = state.price(coin)
    if price is None:
        return
    taken = state.consumed.get(coin, {})
    for at, size in _made(state, coin, price, asks=asks) if state.books is None else _real(state, coin, asks=asks):
        left = size - taken.get((asks, at), ZERO)
        if left > 0:
            yield at, left


def _made(state: State, coin: str, price: Price, *, asks: bool) -> Iterator[Level]:
    """Level k holds the first level's notional × (1 + k × growth), in whole lots and at least one.

    Of a thin book only the first levels are left, with one lot each.
    """
    digits = state.contracts[coin].size_decimals
    at = price.ask if asks else price.bid
    thin = coin in state.thin
    for k in range(state.thin.get(coin, state.rules.counts.book_levels)):
        if at <= 0:
            return
        usd = ZERO if thin else state.rules.level_usd * (1 + k * state.rules.level_growth)
        yield at, max(lots(usd / at, digits), power(-digits))
        at = at + tick(at, digits) if asks else at - tick(at, digits)


def _real(state: State, coin: str, *, asks: bool) -> Sequence[Level]:
    """What others offer there; nothing while that is not known."""
    book = state.books(coin) if state.books is not None else None
    if book is None:
        return ()
    return book.asks if asks else book.bids


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


def impact(state: State, coin: str, *, asks: bool) -> Decimal | None:
    """What the impact notional would trade at on average, outward on the grid; ``None`` when the side holds less."""
    sign = 1 if asks else -1
    own = ((order.price, order.size) for order in resting(state, coin, asks=asks))
    left, size = state.rules.impact_usd, ZERO
    for at, here in heapq.merge(own, street(state, coin, asks=asks), key=lambda level: sign * level[0]):
        taken = min(here, left / at)
        left, size = left - taken * at, size + taken
        if left <= 0 or taken < here:
            average = round(state.rules.impact_usd / size, AVERAGE_DECIMALS)
            return toward(average, state.contracts[coin].size_decimals, up=asks)
    return None


AVERAGE_DECIMALS = 8
"""Decimals to which an average is known: more than any price has."""


def levels(state: State, coin: str, *, asks: bool) -> list[BookLevel]:
    """One side of the book as shown, best first."""
    sizes: dict[Decimal, tuple[Decimal, int]] = {at: (size, 1) for at, size in street(state, coin, asks=asks)}
    for order in resting(state, coin, asks=asks):
        size, count = sizes.get(order.price, (ZERO, 0))
        sizes[order.price] = (size + order.size, count + 1)
    shown = [BookLevel(at, size, count) for at, (size, count) in sorted(sizes.items(), reverse=not asks)]
    return shown[: state.rules.counts.book_levels]
