"""Tickets as the venue wants them, and its outcomes as acknowledgements of those tickets.

Exact decimals all the way: no float is ever made of a price or a size. The order of keys is part of what is signed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.exchange.hyperliquid.outcomes import Status, StatusRow
from core.errors import BrokenInvariant, OutcomeUnknown, VenueRefused
from core.trading.orders import Acknowledgement, Intent, Ticket, TicketState

_SUFFIX = re.compile(r" asset=\d+$")
_WAITING = ("waitingForFill", "waitingForTrigger")
_GONE = "Order was never placed, already canceled, or filled."


def wire_number(value: Decimal) -> str:
    """A positive decimal without trailing zeros or exponent, as the venue hashes it.

    Raises :class:`BrokenInvariant` for what no price or size can be.

    >>> wire_number(Decimal("1670.10")), wire_number(Decimal("1E+3")), wire_number(Decimal("0.00001000"))
    ('1670.1', '1000', '0.00001')
    """
    if not value.is_finite() or value <= 0:
        raise BrokenInvariant(f"{value} is no price, size or amount; it must be over 0")
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def order_wire(ticket: Ticket, asset: int) -> dict[str, Any]:
    """One order in the key order ``a, b, p, s, r, t, c``.

    Without a trigger it is immediate-or-cancel; with one it fires a market order bounded by ``limit``.
    """
    return {
        "a": asset,
        "b": ticket.is_buy,
        "p": wire_number(ticket.limit),
        "s": wire_number(ticket.size),
        "r": ticket.reduce_only,
        "t": _order_type(ticket),
        "c": ticket.client_id,
    }


def _order_type(ticket: Ticket) -> dict[str, Any]:
    if ticket.trigger is None:
        return {"limit": {"tif": "Ioc"}}
    role = "tp" if ticket.intent is Intent.TARGET else "sl"
    return {"trigger": {"isMarket": True, "triggerPx": wire_number(ticket.trigger), "tpsl": role}}


def order_action(tickets: Sequence[Ticket], assets: Sequence[int], *, attached: bool) -> dict[str, Any]:
    """The action that places ``tickets``; attached ones form an entry with its stop and target."""
    return {
        "type": "order",
        "orders": [order_wire(ticket, asset) for ticket, asset in zip(tickets, assets, strict=True)],
        "grouping": "normalTpsl" if attached else "na",
    }


def cancel_action(orders: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """The action that cancels ``(asset id, order id)`` pairs."""
    return {"type": "cancel", "cancels": [{"a": asset, "o": order} for asset, order in orders]}


def acknowledgements(tickets: Sequence[Ticket], statuses: Sequence[Status]) -> list[Acknowledgement]:
    """One acknowledgement per ticket. Raises :class:`OutcomeUnknown` when the answer cannot be told apart."""
    return [
        _acknowledged(ticket, status) for ticket, status in zip(tickets, spread(statuses, len(tickets)), strict=True)
    ]


def spread(statuses: Sequence[Status], count: int) -> Sequence[Status]:
    """``count`` statuses: a single error answers for the whole batch, which the venue then refused as one (facts §2).

    Raises :class:`OutcomeUnknown` for any other number that does not fit.
    """
    if len(statuses) == count:
        return statuses
    if len(statuses) == 1 and isinstance(statuses[0], StatusRow) and statuses[0].error is not None:
        return list(statuses) * count
    raise OutcomeUnknown(f"the venue gave {len(statuses)} answers to a request of {count}")


def was_there(status: Status) -> bool:
    """Whether a cancelled order was still there.

    Raises :class:`VenueRefused` with any other refusal of the venue, :class:`OutcomeUnknown` for an answer that says
    nothing.
    """
    if status == "success":
        return True
    words = status.error if isinstance(status, StatusRow) else None
    if words is None:
        raise OutcomeUnknown(f"the venue answered a cancel with {status}")
    if words.startswith(_GONE):
        return False
    raise VenueRefused(bare(words), words=bare(words))


def _acknowledged(ticket: Ticket, status: Status) -> Acknowledgement:
    if isinstance(status, str):
        if status not in _WAITING:
            raise OutcomeUnknown(f"the venue answered an order with {status!r}")
        return Acknowledgement(ticket.client_id, TicketState.RESTING, waiting=True)
    if status.resting is not None:
        return Acknowledgement(ticket.client_id, TicketState.RESTING, status.resting.oid)
    if status.filled is not None:
        done = status.filled
        return Acknowledgement(ticket.client_id, TicketState.FILLED, done.oid, done.total_sz, done.avg_px)
    if status.error is None:
        raise OutcomeUnknown("the venue answered an order with nothing")
    return Acknowledgement(ticket.client_id, TicketState.REJECTED, reason=bare(status.error))


def bare(words: str) -> str:
    """The venue's words without the asset number that it appends.

    >>> bare("Order must have minimum value of $10. asset=173")
    'Order must have minimum value of $10.'
    """
    return _SUFFIX.sub("", words)
