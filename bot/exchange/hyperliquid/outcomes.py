"""What the venue answers to actions, as typed shapes: outcomes order by order, or a refusal in its words."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import field

from bot.exchange.hyperliquid.answers import Answer


class Resting(Answer):
    """The order rests in the book, or waits as a trigger."""

    oid: int


class Filled(Answer):
    """The order was executed, wholly or (an IOC) in part."""

    total_sz: Decimal
    avg_px: Decimal
    oid: int


class StatusRow(Answer):
    """One order's outcome: exactly one of the three."""

    resting: Resting | None = None
    filled: Filled | None = None
    error: str | None = None


Status = str | StatusRow
"""A word (``success``, ``waitingForFill``, ``waitingForTrigger``) or an outcome."""


class Statuses(Answer):
    """Outcomes in the order sent; shorter than the batch when the batch was refused as a whole."""

    statuses: list[Status] = field(default_factory=list)


class ActionResponse(Answer):
    """What an accepted action answered."""

    type: str
    data: Statuses | None = None


class ActionAnswer(Answer):
    """Answer to ``/exchange``: ``ok`` with a response, or ``err`` with a sentence."""

    status: Literal["ok", "err"]
    response: ActionResponse | str
