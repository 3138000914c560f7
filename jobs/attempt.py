"""One run of one job: an outage is named, told once when it begins and once when it ends, and never ends the program."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from core.desk import Desk
from core.errors import BrokenInvariant, StorageUnavailable, VektorError
from core.events import Degraded, Event, Recovered
from core.flows.control import pause

log = logging.getLogger(__name__)


async def attempt(desk: Desk, what: str, verb: Callable[[Desk], Awaitable[object]]) -> bool:
    """Run a verb; whether it came through."""
    try:
        await verb(desk)
    except BrokenInvariant as bug:
        log.exception("%s broke an invariant; trading is paused", what)
        await degrade(desk, what, str(bug))
        if not (await desk.ledger.switches()).paused:
            await pause(desk, "vektor")
        return False
    except VektorError as outage:
        await degrade(desk, what, str(outage))
        return False
    if what in desk.degraded:
        desk.degraded.discard(what)
        await tell(desk, Recovered(what))
    return True


async def degrade(desk: Desk, what: str, words: str) -> None:
    """Name what is missing; say so when it begins."""
    log.warning("%s: %s", what, words)
    if what not in desk.degraded:
        desk.degraded.add(what)
        await tell(desk, Degraded(what, words))


async def tell(desk: Desk, event: Event) -> None:
    """Store an event for the announcer. Without storage there is only the log."""
    try:
        await desk.ledger.store(events=[event], at_ms=desk.clock.now_ms())
    except StorageUnavailable as outage:
        log.warning("could not store %s: %s", type(event).__name__, outage)
