"""Subscriptions: what a client may follow, read and checked. A coin, dex or interval that does not exist is no mistake
that is answered: the exchange drops the socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from bot.exchange.simulator import intervals
from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.requests import Address


class Wish(Struct, frozen=True, rename="camel"):
    """Every field that any subscription has."""

    type: str
    coin: str | None = None
    dex: str | None = None
    user: Address | None = None
    interval: str | None = None
    n_sig_figs: int | None = None
    mantissa: int | None = None
    fast: bool | None = None
    aggregate_by_time: bool | None = None


class InvalidSubscription(ValueError):
    """The words of a subscription make no sense; the socket stays open."""


class Unfollowable(ValueError):
    """It names something that does not exist; the socket is dropped without a word."""


NEEDS: dict[str, tuple[str, ...]] = {
    "allMids": (),
    "trades": ("coin",),
    "l2Book": ("coin",),
    "bbo": ("coin",),
    "candle": ("coin", "interval"),
    "activeAssetCtx": ("coin",),
    "activeAssetData": ("user", "coin"),
    "orderUpdates": ("user",),
    "userEvents": ("user",),
    "userFills": ("user",),
    "userFundings": ("user",),
    "userNonFundingLedgerUpdates": ("user",),
    "clearinghouseState": ("user",),
    "openOrders": ("user",),
    "spotState": ("user",),
    "allDexsClearinghouseState": ("user",),
    "webData2": ("user",),
    "notification": ("user",),
}
"""Types of subscriptions and the fields that they need."""

_ECHOED: dict[str, tuple[str, ...]] = {
    "l2Book": ("nSigFigs", "mantissa", "fast"),
    "userFills": ("aggregateByTime",),
    "clearinghouseState": ("dex",),
    "openOrders": ("dex",),
}
"""Optional fields that the acknowledgement fills in."""
_DEFAULTS: dict[str, Any] = {"fast": False, "aggregateByTime": False, "dex": ""}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One thing followed. Equal ones are the same; ``user`` is lower case, fields that do not matter are empty."""

    type: str
    coin: str = ""
    dex: str = ""
    user: str = ""
    interval: str = ""
    figures: int | None = None
    mantissa: int | None = None
    fast: bool = False


def read(asked: Any) -> Subscription:
    """The subscription that a client asked for. Raises :class:`InvalidSubscription`."""
    try:
        wish = msgspec.convert(asked, Wish)
    except msgspec.ValidationError as error:
        raise InvalidSubscription from error
    needed = NEEDS.get(wish.type)
    if needed is None or any(getattr(wish, name) is None for name in needed):
        raise InvalidSubscription
    fields = {name: getattr(wish, name) for name in needed}
    if "user" in fields:
        fields["user"] = fields["user"].lower()
    if wish.type in ("allMids", "clearinghouseState", "openOrders"):
        fields["dex"] = wish.dex or ""
    if wish.type == "l2Book":
        fields |= {"figures": wish.n_sig_figs, "mantissa": wish.mantissa, "fast": bool(wish.fast)}
    return Subscription(wish.type, **fields)


def check(wanted: Subscription, assets: Assets) -> None:
    """See that what is named exists. Raises :class:`Unfollowable`."""
    if wanted.coin and assets.of_coin(wanted.coin) is None:
        raise Unfollowable(wanted.coin)
    if assets.universe(wanted.dex) is None:
        raise Unfollowable(wanted.dex)
    if wanted.interval and not intervals.known(wanted.interval):
        raise Unfollowable(wanted.interval)
    if not figures_allowed(wanted.figures, wanted.mantissa):
        raise Unfollowable(f"{wanted.figures} {wanted.mantissa}")


def figures_allowed(figures: int | None, mantissa: int | None) -> bool:
    """Whether a book can be aggregated so: 2 … 5 figures, a mantissa of 2 or 5 only with 5 figures."""
    if figures is None:
        return mantissa is None
    return figures in (2, 3, 4, 5) and (mantissa is None or (figures == 5 and mantissa in (2, 5)))


def acknowledged(asked: dict[str, Any]) -> dict[str, Any]:
    """The subscription as the exchange echoes it: as sent, with defaults filled in."""
    filled = {name: _DEFAULTS.get(name) for name in _ECHOED.get(asked["type"], ()) if asked.get(name) is None}
    return {**asked, **filled}
