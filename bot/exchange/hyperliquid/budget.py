"""The venue's weight budget per minute, kept on our side so that it is never overdrawn.

Calls wait, they do not fail. A reserve is open to protective calls only (actions and reads of the account), so that
candle requests can never keep a stop from being placed. The minute is one of market time: the simulated venue's clock
may run faster than the wall.
"""

from __future__ import annotations

import asyncio
from collections import deque

from core.market.ports import Clock
from core.settings import Execution

WINDOW_MS = 60_000
"""The venue counts weight per minute."""


class WeightBudget:
    """Weight spent during the last minute, and the queue for what is left of it."""

    def __init__(self, execution: Execution, clock: Clock) -> None:
        self._limit = execution.weight_per_minute
        self._reserve = min(execution.weight_reserve, execution.weight_per_minute)
        self._clock = clock
        self._spent: deque[tuple[int, int]] = deque()
        self._total = 0
        self._queue = asyncio.Lock()
        self.waived = False
        """The venue has no budget (a simulated one), or its clock stands still while we wait: nothing waits."""

    @property
    def spent(self) -> int:
        """Weight spent during the last minute of market time."""
        self._forget(self._clock.now_ms())
        return self._total

    async def take(self, weight: int, *, protective: bool) -> None:
        """Spend ``weight``, waiting until it is there. Ordinary calls queue in order; protective ones pass them."""
        if protective:
            await self._take(weight, self._limit)
            return
        async with self._queue:
            await self._take(weight, self._limit - self._reserve)

    def charge(self, weight: int) -> None:
        """Count weight that became known only with the answer (rows returned)."""
        if weight > 0:
            self._spent.append((self._clock.now_ms(), weight))
            self._total += weight

    def exhaust(self) -> None:
        """The venue says the budget is spent: ordinary calls wait a minute, the reserve stays."""
        self.charge(self._limit - self._reserve - self.spent)

    async def _take(self, weight: int, limit: int) -> None:
        while (wait_ms := self._wait_ms(min(weight, limit), limit)) > 0 and not self.waived:  # noqa: ASYNC110 - time, not an event
            await asyncio.sleep(wait_ms / max(1, self._clock.span_ms(1_000)))
        self.charge(weight)

    def _wait_ms(self, weight: int, limit: int) -> int:
        """Market milliseconds until ``weight`` more fits under ``limit``; 0 when it fits now."""
        now_ms = self._clock.now_ms()
        self._forget(now_ms)
        over = self._total + weight - limit
        for spent_ms, part in self._spent:
            if over <= 0:
                return 0
            over -= part
            if over <= 0:
                return max(1, spent_ms + WINDOW_MS - now_ms)
        return 0

    def _forget(self, now_ms: int) -> None:
        if self._spent and self._spent[-1][0] > now_ms:  # the clock was set back, to the venue's own time
            self._spent = deque((min(at_ms, now_ms), weight) for at_ms, weight in self._spent)
        while self._spent and self._spent[0][0] <= now_ms - WINDOW_MS:
            self._total -= self._spent.popleft()[1]
