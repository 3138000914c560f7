"""APScheduler on market time: a trigger that fires when the market's clock reaches the next mark.

On a market that runs faster than the wall, marks that pass too quickly are coalesced: a job never repeats sooner
than ``least_wall_ms``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from apscheduler.triggers.base import BaseTrigger


class RunningClock(Protocol):
    """A market clock that knows how long the wall still takes."""

    def now_ms(self) -> int:
        """Market time, epoch ms."""
        ...

    def wall_until(self, market_ms: int) -> float:
        """Wall seconds until market time reaches ``market_ms``."""
        ...


class MarketTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires at every multiple of ``every_ms`` of market time, ``delay_ms`` after it."""

    def __init__(self, clock: RunningClock, *, every_ms: int, delay_ms: int = 0, least_wall_ms: int = 0) -> None:
        self.clock = clock
        self.every_ms = every_ms
        self.delay_ms = delay_ms
        self.least_wall = timedelta(milliseconds=least_wall_ms)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The wall time of the next mark. Called by APScheduler."""
        market_ms = self.clock.now_ms()
        mark = (market_ms - self.delay_ms) // self.every_ms * self.every_ms + self.every_ms + self.delay_ms
        due = now + timedelta(seconds=self.clock.wall_until(mark))
        if previous_fire_time is None:
            return due
        return max(due, previous_fire_time + self.least_wall)
