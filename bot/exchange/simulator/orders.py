"""Orders on the wire: how a client writes one, and how its fate is answered. It refuses to repair what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.format import number, ratio
from bot.exchange.simulator.requests import Address, ClientId
from core.trading.exchange.requests import OrderRequest, Outcome, Tif, Trigger

_DECIMAL = re.compile(r"\d{1,30}(\.\d{1,30})?")


class Limit(Struct, frozen=True, rename="camel"):
    """``t.limit``."""

    tif: Literal["Gtc", "Ioc", "Alo", "FrontendMarket"]


class TriggerWire(Struct, frozen=True, rename="camel"):
    """``t.trigger``: fires on the mark, then an IOC bounded by ``p`` (``isMarket``) or a limit at ``p``."""

    is_market: bool
    trigger_px: str
    tpsl: Literal["tp", "sl"]


class Kind(Struct, frozen=True, rename="camel"):
    """``t``: exactly one of the two."""

    limit: Limit | None = None
    trigger: TriggerWire | None = None

    def __post_init__(self) -> None:
        if (self.limit is None) == (self.trigger is None):
            raise ValueError("an order is either a limit or a trigger")


class OrderWire(Struct, frozen=True, rename="camel"):
    """One order: asset, buy, price, size, reduce-only, type, client id."""

    a: int
    b: bool
    p: str
    s: str
    r: bool
    t: Kind
    c: ClientId | None = None


class Builder(Struct, frozen=True, rename="camel"):
    """Who built the order's client and takes ``f`` tenths of a basis point."""

    b: Address
    f: int


class UnreadableOrder(ValueError):
    """Asset or numbers that the exchange cannot read; the text is the exchange's."""


def order_request(wire: OrderWire, assets: Assets) -> OrderRequest:
    """The order as the exchange takes it. Raises :class:`UnreadableOrder`."""
    row = assets.of_asset(wire.a)
    if row is None:
        raise UnreadableOrder("Invalid asset.")
    trigger = None
    if wire.t.trigger is not None:
        price = _decimal(wire.t.trigger.trigger_px, "Order has invalid price.")
        trigger = Trigger(price, wire.t.trigger.is_market, wire.t.trigger.tpsl == "sl")
    return OrderRequest(
        coin=row.terms.coin,
        is_buy=wire.b,
        price=_decimal(wire.p, "Order has invalid price."),
        size=_decimal(wire.s, "Order has invalid size."),
        reduce_only=wire.r,
        tif=Tif(wire.t.limit.tif) if wire.t.limit else None,
        trigger=trigger,
        client_id=wire.c.lower() if wire.c else None,
    )


def statuses(wires: Sequence[OrderWire], fates: Sequence[Outcome | str]) -> list[Any]:
    """One status per fate; a text is an error found before the exchange was asked."""
    return [_status(wire, fate) for wire, fate in zip(wires, fates, strict=False)]


def error_status(words: str, asset: int) -> dict[str, str]:
    """A refused order or cancel: the exchange's words and the asset.

    >>> error_status("Order has zero size.", 110001)
    {'error': 'Order has zero size. asset=110001'}
    """
    return {"error": f"{words} asset={asset}"}


def _status(wire: OrderWire, fate: Outcome | str) -> Any:
    if isinstance(fate, str):
        return error_status(fate, wire.a)
    if fate.kind == "error":
        return error_status(fate.error, wire.a)
    if fate.kind in ("waitingForFill", "waitingForTrigger"):
        return fate.kind
    told: dict[str, Any] = {"oid": fate.oid}
    if wire.c is not None:
        told["cloid"] = wire.c
    if fate.kind == "resting":
        return {"resting": told}
    average = fate.average if fate.average is not None else Decimal(0)
    return {"filled": {"totalSz": number(fate.total), "avgPx": ratio(average), **told}}


def _decimal(text: str, words: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise UnreadableOrder(words)
    return Decimal(text)
