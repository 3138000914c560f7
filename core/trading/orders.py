"""Orders as we mean them and as the venue reports them; fills and funding as the venue books them.

Every price, size and amount is an exact ``Decimal``. Nothing here talks to a venue.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.market.symbols import Side

CLIENT_ID_PREFIX = "0x56454b"
"""First bytes of every client order id of ours (``VEK``), by which an order of ours is known on the venue."""


class Intent(StrEnum):
    """What an order is for."""

    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"
    CLOSE = "close"
    REDUCE = "reduce"
    """A part of it, as an operator asked."""


class TicketState(StrEnum):
    """Life of a ticket. It is stored as ``PLANNED`` before anything is sent (SPEC V1)."""

    PLANNED = "planned"
    """Stored; it may or may not have reached the venue."""
    RESTING = "resting"
    """The venue holds it."""
    FILLED = "filled"
    """Done, wholly or in part (what an IOC did not fill is gone)."""
    CANCELLED = "cancelled"
    """Taken back by us, by the venue, or by its sibling's fill."""
    REJECTED = "rejected"
    """The venue refused it; ``reason`` says why."""
    DROPPED = "dropped"
    """Expired without the venue ever having known it."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more can come of it."""
        return self not in (TicketState.PLANNED, TicketState.RESTING)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One order that we want the venue to hold.

    ``limit`` is the worst price accepted; ``trigger`` the mark at which a stop or target fires (``None`` for orders
    that act at once, which are immediate-or-cancel). ``expires_ms`` bounds when the venue may still accept it.
    """

    client_id: str
    position_id: str
    symbol: str
    coin: str
    intent: Intent
    is_buy: bool
    size: Decimal
    limit: Decimal
    trigger: Decimal | None
    reduce_only: bool
    created_ms: int
    expires_ms: int
    state: TicketState = TicketState.PLANNED
    venue_id: int | None = None
    reason: str = ""
    mark: Decimal | None = None
    """The price at which it was decided: what its fills are measured by; of a trigger the trigger itself."""


def client_id(account: str, position_id: str, intent: Intent, attempt: int) -> str:
    """The client order id of the n-th order of one intent of one position: 0x and 32 hex digits.

    The same arguments always give the same id, so a repeated send can never become a second order.

    >>> client_id("0xab", "BTC-1", Intent.ENTRY, 0) == client_id("0xab", "BTC-1", Intent.ENTRY, 0)
    True
    >>> len(client_id("0xab", "BTC-1", Intent.ENTRY, 0))
    34
    """
    digest = hashlib.sha256(f"{account}|{position_id}|{intent}|{attempt}".encode()).hexdigest()
    return CLIENT_ID_PREFIX + digest[: 34 - len(CLIENT_ID_PREFIX)]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The venue's answer to one ticket, in the order sent.

    ``state`` is RESTING, FILLED or REJECTED; ``waiting`` marks an attached stop or target whose venue id is not told.
    """

    client_id: str
    state: TicketState
    venue_id: int | None = None
    filled: Decimal = Decimal(0)
    average: Decimal | None = None
    reason: str = ""
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order resting on the venue. ``client_id`` is ``None`` for one placed without."""

    coin: str
    venue_id: int
    client_id: str | None
    is_buy: bool
    size: Decimal
    limit: Decimal
    trigger: Decimal | None
    is_stop: bool
    is_target: bool
    reduce_only: bool
    placed_ms: int

    @property
    def is_ours(self) -> bool:
        """Whether it bears an id that we gave it."""
        return self.client_id is not None and self.client_id.startswith(CLIENT_ID_PREFIX)

    def reduces(self, side: Side) -> bool:
        """Whether it can only make a position of that side smaller."""
        return self.reduce_only and self.is_buy is (side is Side.SHORT)


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What the venue says of one order that was asked for by id."""

    client_id: str
    venue_id: int
    state: TicketState
    size: Decimal
    status: str


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution as the venue booked it.

    ``fee`` is what was paid (negative for a rebate) in USDC; ``closed_pnl`` the price result of the reduced part
    before fees. ``start_position`` is the signed position before the fill. ``liquidation`` is true when the venue
    closed by force, ``deleveraged`` when it took the position to pay for somebody else's (auto-deleveraging).
    """

    trade_id: int
    coin: str
    is_buy: bool
    price: Decimal
    size: Decimal
    time_ms: int
    venue_id: int
    client_id: str | None
    closed_pnl: Decimal
    fee: Decimal
    start_position: Decimal
    liquidation: bool = False
    deleveraged: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that came into the account (positive) or left it, in USDC; ``kind`` is the venue's word for it."""

    transfer_id: str
    time_ms: int
    amount: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class FundingPayment:
    """One hourly settlement. ``amount`` is signed cash in USDC: negative was paid."""

    coin: str
    time_ms: int
    amount: Decimal
    size: Decimal
    rate: Decimal
