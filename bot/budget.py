"""A venue's weight budget per minute, kept on our side so that it is never overdrawn.

Calls wait, they do not fail, but for those that say how long they can wait. A reserve is open to protective calls only
(actions and reads of the account), so that candle requests can never keep a stop from being placed. The minute is one of
market time: the simulated venue's clock may run faster than the wall. Weight counts from the answer on, since nobody
knows when a request arrived.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.market.ports import Clock

WINDOW_MS = 60_000
"""The venue counts weight per minute."""
LOOK_S = 1.0
"""Longest wall time that a waiting call goes without looking at the clock, which may be set meanwhile."""


class WeightBudget:
    """Weight under way and spent during the last minute, and the queue for what is left."""

    def __init__(self, limit: int, reserve: int, clock: Clock) -> None:
        self._limit = limit
        self._reserve = min(reserve, limit)
        self._clock = clock
        self._under_way = 0
        self._spent: deque[tuple[int, int]] = deque()
        self._total = 0
        self._queue = asyncio.Lock()
        self.waived = False
        """The venue has no budget (a simulated one), or its clock stands still while we wait: nothing waits."""

    @property
    def spent(self) -> int:
        """Weight under way and of the last minute of market time."""
        self._forget(self._clock.now_ms())
        return self._under_way + self._total

    @asynccontextmanager
    async def spending(self, weight: int, *, protective: bool, patience_s: float | None = None) -> AsyncIterator[None]:
        """Wait until ``weight`` is there, then hold it while the request is made.

        Ordinary calls queue in order; protective ones pass them. Raises :class:`TimeoutError`, with nothing spent,
        where that takes longer than ``patience_s`` (wall time).
        """
        async with asyncio.timeout(patience_s):
            if protective:
                await self._take(weight, self._limit)
            else:
                async with self._queue:
                    await self._take(weight, self._limit - self._reserve)
        try:
            yield
        finally:
            self._under_way -= weight
            self.charge(weight)

    def charge(self, weight: int) -> None:
        """Count weight from now on: a request that was answered, rows that it brought."""
        if weight > 0:
            self._spent.append((self._clock.now_ms(), weight))
            self._total += weight

    def exhaust(self) -> None:
        """The venue says that the budget is spent: ordinary calls wait a minute, the reserve stays."""
        self.charge(self._limit - self._reserve - self.spent)

    async def _take(self, weight: int, limit: int) -> None:
        while (wait_ms := self._wait_ms(min(weight, limit), limit)) > 0 and not self.waived:  # noqa: ASYNC110 - time, not an event
            await asyncio.sleep(min(LOOK_S, wait_ms / max(1, self._clock.span_ms(1_000))))
        self._under_way += weight

    def _wait_ms(self, weight: int, limit: int) -> int:
        """Least market time until ``weight`` more can fit under ``limit``; 0 when it fits now."""
        now_ms = self._clock.now_ms()
        self._forget(now_ms)
        over = self._under_way + self._total + weight - limit
        if over <= 0:
            return 0
        for spent_ms, part in self._spent:
            over -= part
            if over <= 0:
                return max(1, spent_ms + WINDOW_MS - now_ms)
        return WINDOW_MS if self._under_way else 0

    def _forget(self, now_ms: int) -> None:
        if self._spent and self._spent[-1][0] > now_ms:  # the clock was set back, to the venue's own time
            self._spent = deque((min(at_ms, now_ms), weight) for at_ms, weight in self._spent)
        while self._spent and self._spent[0][0] <= now_ms - WINDOW_MS:
            self._total -= self._spent.popleft()[1]
