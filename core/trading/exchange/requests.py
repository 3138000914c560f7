"""What an account may ask of the simulated exchange, and what it is answered. Refuses to judge a request."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from core.errors import VektorError


class Tif(StrEnum):
    """How long an order may rest."""

    GTC = "Gtc"
    """Takes what it can, rests with the remainder."""
    IOC = "Ioc"
    """Takes what it can, the remainder is dropped."""
    ALO = "Alo"
    """Rests, or is refused; never takes."""
    FRONTEND_MARKET = "FrontendMarket"
    """The venue's own page sends it; acts as IOC."""

    LIQUIDATION = "LiquidationMarket"
    """The venue's own forced orders; nobody may send it."""

    @property
    def rests(self) -> bool:
        """Whether what is not filled at once stays in the book."""
        return self in (Tif.GTC, Tif.ALO)


class Grouping(StrEnum):
    """How the orders of one request belong together."""

    NA = "na"
    """Not at all."""
    NORMAL = "normalTpsl"
    """The first is the parent; the rest its stop and target, of fixed size, each other's siblings."""
    POSITION = "positionTpsl"
    """Stop and target tied to the position: resized with it, removed with it."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The mark price at which a stop (``is_stop``) or a target fires; market or limit at the order's price."""

    price: Decimal
    is_market: bool
    is_stop: bool


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One order as it is asked for. ``tif`` is ``None`` for trigger orders; prices in USD, sizes in base units."""

    coin: str
    is_buy: bool
    price: Decimal
    size: Decimal
    reduce_only: bool
    tif: Tif | None
    trigger: Trigger | None = None
    client_id: str | None = None


OutcomeKind = Literal["resting", "filled", "error", "waitingForFill", "waitingForTrigger"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one order. ``total`` and ``average`` are what was filled at once; ``error`` the venue's words."""

    kind: OutcomeKind
    oid: int | None = None
    client_id: str | None = None
    total: Decimal = Decimal(0)
    average: Decimal | None = None
    error: str = ""


class Refused(VektorError):
    """A whole action was refused, in the venue's words (``str(error)``)."""

    key = "error-venue-refused"

    def __init__(self, words: str) -> None:
        super().__init__(words, words=words)
