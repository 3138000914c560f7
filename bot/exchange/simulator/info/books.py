"""Books: the levels around the quote, aggregated when asked, and the best of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from bot.exchange.simulator.answers import Broken
from bot.exchange.simulator.format import number
from bot.exchange.simulator.requests import OfBook
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.subscriptions import figures_allowed
from core.trading.exchange.records import BookLevel

MOST_LEVELS = 20
FAST_LEVELS = 5
"""Levels per side of a ``fast`` subscription [X]."""


def l2_book(state: VenueState, request: OfBook) -> Any:
    """``l2Book``; ``null`` for an unknown coin."""
    row = state.assets.of_coin(request.coin)
    if row is None:
        return None
    if not figures_allowed(request.n_sig_figs, request.mantissa):
        raise Broken(f"no book of {request.n_sig_figs} figures with mantissa {request.mantissa}")
    return book(state, request.coin, request.n_sig_figs, request.mantissa, MOST_LEVELS)


def book(state: VenueState, coin: str, figures: int | None, mantissa: int | None, most: int) -> dict[str, Any]:
    """A listed coin's book; both sides empty where it does not trade."""
    bids, asks = _sides(state, coin)
    if figures is not None:
        bids = aggregated(bids, figures, mantissa or 1, ROUND_FLOOR)
        asks = aggregated(asks, figures, mantissa or 1, ROUND_CEILING)
    levels = [[level(one) for one in side[:most]] for side in (bids, asks)]
    return {"coin": coin, "time": state.now_ms, "levels": levels}


def best(state: VenueState, coin: str) -> list[dict[str, Any] | None]:
    """Best bid and best ask, ``None`` where a side is empty."""
    return [level(side[0]) if side else None for side in _sides(state, coin)]


def level(one: BookLevel) -> dict[str, Any]:
    """One level on the wire."""
    return {"px": number(one.price), "sz": number(one.size), "n": one.orders}


def aggregated(side: Sequence[BookLevel], figures: int, mantissa: int, rounding: str) -> list[BookLevel]:
    """Levels joined on prices of so many significant figures, the last of them a multiple of ``mantissa``.

    Bids are rounded down and asks up, so that a level never looks better than it is.
    """
    joined: dict[Decimal, BookLevel] = {}
    for one in side:
        step = Decimal(mantissa).scaleb(one.price.adjusted() - figures + 1)
        price = (one.price / step).to_integral_value(rounding) * step
        held = joined.get(price)
        if held is None:
            joined[price] = BookLevel(price, one.size, one.orders)
        else:
            joined[price] = BookLevel(price, held.size + one.size, held.orders + one.orders)
    return list(joined.values())


def _sides(state: VenueState, coin: str) -> tuple[Sequence[BookLevel], Sequence[BookLevel]]:
    row = state.assets.of_coin(coin)
    if row is None or row.terms.delisted or state.source.price(coin) is None:
        return (), ()
    return state.exchange.book(coin)
