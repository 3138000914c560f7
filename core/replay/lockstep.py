"""Time that waits for us: the venue moves to a mark, every job of that mark runs to its end, then the next mark.

Replay drives the exchange directly, ``--speed step`` drives it over the wire; both run these lines, so that they can
be compared trade by trade.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

from core.decision.record import ScanReport
from core.desk import Desk
from core.flows.reconcile import reconcile
from core.flows.scan import scan
from core.flows.watch import watch
from core.settings import Cadence


class MovableClock(Protocol):
    """A clock that stands still until moved."""

    def move_to(self, now_ms: int) -> None:
        """Move forward."""
        ...


Step = Callable[[int], Awaitable[None]]
"""Moves the venue's market to a time."""
Heard = Callable[[ScanReport], Awaitable[None]]
"""Told of every scan."""


def marks(start_ms: int, end_ms: float, cadence: Cadence) -> Iterator[int]:
    """The times of the scans in ``[start_ms, end_ms]``; an end of infinity has no last one.

    >>> list(marks(0, 900_000, Cadence()))
    [5000, 305000, 605000]
    """
    mark = -(-start_ms // cadence.scan_ms) * cadence.scan_ms + cadence.scan_delay_ms
    while mark <= end_ms:
        yield mark
        mark += cadence.scan_ms


def for_ever() -> bool:
    """Nobody asks for a stop."""
    return True


async def lockstep(
    desk: Desk,
    clock: MovableClock,
    step: Step,
    heard: Heard,
    start_ms: int,
    end_ms: float,
    going: Callable[[], bool] = for_ever,
) -> None:
    """Run the timetable over a stretch of market time; a stop is asked for between marks, never within one."""
    for mark in marks(start_ms, end_ms, desk.settings.cadence):
        if not going():
            return
        await step(mark)
        clock.move_to(mark)
        await reconcile(desk)
        await watch(desk)
        await heard(await scan(desk))
