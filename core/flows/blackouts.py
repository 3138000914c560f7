"""Blackouts around events, as operators list them: they survive everything, are told, and stop new entries only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.desk import Desk
from core.errors import AlreadyDone, UserMistake
from core.events import BlackoutLifted, BlackoutSet
from core.flows.control import keep
from core.risk.blackouts import Blackout


async def blackouts(desk: Desk) -> Sequence[Blackout]:
    """Those that stand or are to come, in the order of their events."""
    now = desk.clock.now_ms()
    return [one for one in (await desk.ledger.switches()).blackouts if now < one.ends_ms]


async def black_out(desk: Desk, blackout: Blackout) -> None:
    """Keep one more. Raises :class:`AlreadyDone` for an event that is listed, :class:`UserMistake` for one that is over."""
    async with desk.deciding:
        standing = await blackouts(desk)
        if any(is_meant(one, blackout.name, blackout.at_ms) for one in standing):
            raise AlreadyDone(f"{blackout.name} is listed at that time already", what=blackout.name)
        if blackout.ends_ms <= desk.clock.now_ms():
            raise UserMistake(f"{blackout.name} is over; a time that is still to come would be right")
        listed = tuple(sorted([*standing, blackout], key=lambda one: (one.at_ms, one.name)))
        await keep(desk, replace(await desk.ledger.switches(), blackouts=listed), BlackoutSet(blackout))


async def lift_blackout(desk: Desk, name: str, by: str, at_ms: int | None = None) -> Sequence[Blackout]:
    """Forget every event of a name, or the one at a time; those that were. Raises :class:`UserMistake` where none was."""
    async with desk.deciding:
        standing = await blackouts(desk)
        lifted = [one for one in standing if is_meant(one, name, at_ms)]
        if not lifted:
            names = ", ".join(dict.fromkeys(one.name for one in standing)) or "no event"
            raise UserMistake(f"{name!r} is no event of the list; it holds {names}")
        listed = tuple(one for one in standing if one not in lifted)
        switches = replace(await desk.ledger.switches(), blackouts=listed)
        await keep(desk, switches, *(BlackoutLifted(one, by) for one in lifted))
        return lifted


def is_meant(one: Blackout, name: str, at_ms: int | None) -> bool:
    """Whether a name, in whatever letters, and a time if there is one, mean this event."""
    return one.name.casefold() == name.casefold() and at_ms in (None, one.at_ms)
