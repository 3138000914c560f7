"""What may befall the market itself, ordered like the faults by ``POST /faults``: a gap, the end of a market, a thin book.

Unlike a fault an upset happens once, at a market time, and is kept like an action: it is part of where the venue stands.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.state import VenueState
from core.errors import UserMistake

UPSETS: dict[str, str] = {
    "gap": "the price of `coin` jumps by `move` of itself, through whatever lies between, and stays there",
    "delist": "`coin` is delisted: its orders are cancelled, its positions settled at the mark without a fee",
    "thin": "the book of `coin` (without one: every book) is left with `lots` levels of one lot on each side, until removed",
}
"""What each kind does."""


class Upset(Struct, frozen=True, omit_defaults=True):
    """One order for it. ``lots`` 0 fills the books again."""

    kind: Literal["gap", "delist", "thin"]
    coin: str | None = None
    move: Annotated[float, Meta(gt=-1, le=10)] = 0.0
    lots: Annotated[int, Meta(ge=0, le=20)] = 1


def upset_of(body: Any, state: VenueState) -> Upset:
    """The upset that a request body describes. Raises :class:`UserMistake`."""
    try:
        order = msgspec.convert(body, Upset)
    except msgspec.ValidationError as error:
        raise UserMistake(f"no {body['kind']} can be made of {body!r}: {error}", value=str(body)) from error
    row = state.assets.of_coin(order.coin or "")
    if (order.coin is not None or order.kind != "thin") and (row is None or row.terms.delisted):
        raise UserMistake(f"{order.kind} needs the coin of a market that trades, not {order.coin!r}", value=str(body))
    return order


def befall(state: VenueState, order: Upset) -> None:
    """Let it happen now."""
    coin = order.coin or ""
    if order.kind == "gap":
        state.market.leap(coin, Decimal(repr(order.move)))
        state.running.leapt(coin)
    elif order.kind == "delist":
        state.exchange.delist(coin)
        state.market.end(coin)
        state.assets = Assets(state.source.terms)
    else:
        for one in [coin] if coin else [terms.coin for terms in state.source.terms]:
            state.exchange.thin_out(one, order.lots or None)
