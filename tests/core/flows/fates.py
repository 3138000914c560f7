"""What can happen to one awaited call: the process dies around it, or its answer is lost, late, doubled or overtaken.

A :class:`Fate` counts the calls that the flows make to venue and ledger and strikes at one of them. The other side is
always the real one; only the way there and back is ours.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from core.errors import OutcomeUnknown, StorageUnavailable, VektorError, VenueUnavailable
from tests.chaos.points import reached_from

VENUE_WRITES = frozenset({"submit", "cancel", "set_leverage", "bring_collateral", "add_margin"})
LEDGER_WRITES = frozenset({"store", "begin"})
LATE_MS = 1_500
"""How long after its caller gave up a late request acts, or how long a late answer takes."""


class Killed(BaseException):
    """The process is gone: nothing may catch it."""


class Mode(StrEnum):
    """What happens at the call that is struck."""

    KILLED_BEFORE = "killed before the other side acted"
    KILLED_AFTER = "killed after the other side acted"
    LOST_UNDONE = "answer lost, not acted"
    LOST_DONE = "answer lost, acted"
    LATE = "late"
    DOUBLED = "duplicated"
    SWAPPED = "reordered"


def modes_of(port: str, method: str) -> tuple[Mode, ...]:
    """What can happen to a call. A read changes nothing, so that it was answered or not is all that can be told apart.

    The ledger is no network: an answer of its own can be lost with the connection, but neither late nor doubled.
    """
    killed, lost = (Mode.KILLED_BEFORE, Mode.KILLED_AFTER), (Mode.LOST_UNDONE, Mode.LOST_DONE)
    if port == "ledger":
        return (*killed, *lost) if method in LEDGER_WRITES else (Mode.KILLED_BEFORE, Mode.LOST_UNDONE)
    if method in VENUE_WRITES:
        return tuple(Mode)
    return (Mode.KILLED_BEFORE, Mode.LOST_UNDONE, Mode.LATE, Mode.DOUBLED, Mode.SWAPPED)


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a port: ``act`` lets the other side carry it out, each time anew."""

    port: str
    method: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    act: Callable[[], Awaitable[Any]]

    @property
    def writes(self) -> bool:
        """Whether it changes something at the venue."""
        return self.port == "venue" and self.method in VENUE_WRITES

    def lost(self) -> VektorError:
        """What the caller is told when no answer comes."""
        if self.port == "ledger":
            return StorageUnavailable("the connection to the database is gone")
        return (OutcomeUnknown if self.writes else VenueUnavailable)("no answer came")


class Way(Protocol):
    """The way to the other side and back, on market time."""

    async def carry(self, call: Call) -> Any:
        """There and back as it should be."""

    async def give_up(self, call: Call) -> None:
        """Wait for an answer as long as the caller would."""

    def send_later(self, call: Call, ms: int) -> None:
        """Let a request arrive so much later, whoever is still there."""

    async def repeat(self, call: Call) -> None:
        """Deliver the request that was just carried out once more."""

    async def nudge(self) -> None:
        """The account's stream speaks before the answer is there."""

    async def overtaken(self, call: Call) -> Any:
        """A read answered as of before the last change."""

    async def pass_time(self, ms: int) -> None:
        """Let the market go on."""


class Fate:
    """Notes the calls that are made while it is armed, and strikes at one of them."""

    def __init__(self, way: Way, at: int | None = None, mode: Mode = Mode.KILLED_BEFORE) -> None:
        self.way, self.at, self.mode = way, at, mode
        self.armed = False
        self.calls: list[tuple[str, str, str]] = []
        self.struck: str | None = None

    async def meet(self, chain: str | None, call: Call) -> Any:
        """Let a call through, or strike."""
        if not self.armed or chain is None:
            return await self.way.carry(call)
        self.calls.append((chain, call.port, call.method))
        if len(self.calls) - 1 != self.at:
            return await self.way.carry(call)
        self.struck = chain
        return await self.strike(call)

    async def strike(self, call: Call) -> Any:
        """The call's fate."""
        if self.mode is Mode.KILLED_BEFORE:
            raise Killed(call.method)
        if self.mode is Mode.LOST_UNDONE:
            await self.way.give_up(call)
            raise call.lost()
        if self.mode is Mode.LATE and call.writes:
            self.way.send_later(call, LATE_MS)
            raise call.lost()
        if self.mode is Mode.SWAPPED and not call.writes:
            return await self.way.overtaken(call)
        return await self.after(call, await self.way.carry(call))

    async def after(self, call: Call, answer: Any) -> Any:
        """The other side has acted; what becomes of its answer."""
        match self.mode:
            case Mode.KILLED_AFTER:
                raise Killed(call.method)
            case Mode.LOST_DONE:
                await self.way.give_up(call)
                raise call.lost()
            case Mode.LATE:
                await self.way.pass_time(LATE_MS)
            case Mode.DOUBLED:
                await self.way.repeat(call)
                await self.way.nudge()
                await self.way.nudge()
            case Mode.SWAPPED:
                await self.way.nudge()
        return answer


class Fated:
    """A port whose every call is met by fate."""

    def __init__(self, real: Any, port: str, fate: Fate) -> None:
        self._real, self._port, self._fate = real, port, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **options: Any) -> Awaitable[Any]:
            chain = reached_from(sys._getframe(1), self._port, name)
            one = Call(self._port, name, arguments, options, lambda: found(*arguments, **options))
            return self._fate.meet(chain, one)

        return call
