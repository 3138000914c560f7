"""Margin that an operator adds to a position: stored before it is asked for, settled by what the venue then holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.trading.ports import VenuePosition


class InjectionState(StrEnum):
    """Where an injection stands. Stored."""

    ASKED = "asked"
    """It may have left; the venue's answer is not known."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Injection:
    """``amount`` USDC for one position, once.

    ``before`` is the position's margin without its unrealised result when it was asked for; after ``expires_ms`` (market
    time) the venue carries out no request of ours that it has not carried out yet.
    """

    position_id: str
    symbol: str
    coin: str
    amount: Decimal
    before: Decimal
    asked_ms: int
    expires_ms: int
    by: str
    state: InjectionState = InjectionState.ASKED


def own_margin(held: VenuePosition) -> Decimal:
    """Margin bound to a position without its unrealised result: what changes by injections (and a little by funding)."""
    return held.margin - held.unrealised


def arrived(injection: Injection, held: VenuePosition) -> bool:
    """Whether the margin has come in: more than half of it is there, since funding moves the rest by far less."""
    return own_margin(held) - injection.before > injection.amount / 2
