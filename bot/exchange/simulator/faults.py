"""Faults on demand, for proofs: the exchange's bad days, ordered by ``POST /faults``. Nothing happens unless ordered.

This is no part of Hyperliquid's protocol. A fault hits the next requests of its path, as many as it says, and is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from bot.exchange.simulator.upsets import UPSETS
from core.errors import UserMistake

Kind = Literal[
    "drop_before",
    "drop_after",
    "delay_before",
    "delay_after",
    "status",
    "refuse",
    "nonce",
    "stale",
    "lose_answer",
    "duplicate_frames",
    "silence",
]
KINDS: dict[str, str] = {
    "drop_before": "the connection is cut before anything is done",
    "drop_after": "it is done, then the connection is cut",
    "lose_answer": "it is done, and no answer ever comes; the connection stays",
    "delay_before": "nothing is done for `seconds`",
    "delay_after": "it is done, the answer comes after `seconds`",
    "status": "the answer is HTTP `status` (429, 500, 502, …) and nothing is done",
    "refuse": "nothing is done, and the answer says that trading is halted",
    "nonce": "nothing is done, and the answer says that the nonce was used already",
    "stale": "the answer is the one that was given first since this was ordered",
    "duplicate_frames": "every frame of every socket is sent twice, until removed",
    "silence": "nothing is sent on any socket, until removed",
}
"""What each kind does."""
SKEW = "skew"
"""The kind of :class:`Skew`, which strikes the clock instead of a request."""


class Fault(Struct, frozen=True):
    """One order for trouble. ``action`` narrows it to one type of ``/exchange`` action or ``/info`` request."""

    kind: Kind
    path: Literal["/info", "/exchange", "/ws"] = "/exchange"
    count: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    action: str | None = None
    seconds: Annotated[float, Meta(ge=0, le=3_600)] = 1.0
    status: Annotated[int, Meta(ge=400, le=599)] = 500


class Skew(Struct, frozen=True):
    """The venue's clock leaps ahead by ``ms`` of market time, or stands still for as long (negative)."""

    ms: Annotated[int, Meta(ge=-3_600_000, le=3_600_000)]


@dataclass(slots=True)
class Pending:
    """A fault and how often it will still strike."""

    fault: Fault
    left: int


class Faults:
    """The faults in force, first ordered first struck."""

    def __init__(self) -> None:
        self._pending: list[Pending] = []
        self.kept: dict[bytes, bytes] = {}
        """The answers that stale ones repeat, by request."""

    def order(self, body: Any) -> None:
        """Add the fault that a request body describes. Raises :class:`UserMistake`."""
        try:
            fault = msgspec.convert(body, Fault)
        except msgspec.ValidationError as error:
            kinds = ", ".join([*KINDS, SKEW, *UPSETS])
            raise UserMistake(
                f"no fault can be made of {body!r}: {error}; kinds are {kinds}", value=str(body)
            ) from error
        self._pending.append(Pending(fault, fault.count))

    def clear(self) -> None:
        """No more faults."""
        self._pending.clear()
        self.kept.clear()

    def strike(self, path: str, action: str | None) -> Fault | None:
        """The fault that hits this request, if one does; it is then used up by one."""
        for pending in self._pending:
            fault = pending.fault
            if fault.kind in ("duplicate_frames", "silence") or fault.path != path:
                continue
            if fault.action is not None and fault.action != action:
                continue
            pending.left -= 1
            if pending.left == 0:
                self._pending.remove(pending)
            return fault
        return None

    def holds(self, kind: Kind) -> bool:
        """Whether a lasting fault is in force."""
        return any(pending.fault.kind == kind for pending in self._pending)

    def told(self) -> list[dict[str, Any]]:
        """The faults in force, JSON-able."""
        return [{**msgspec.to_builtins(pending.fault), "left": pending.left} for pending in self._pending]
