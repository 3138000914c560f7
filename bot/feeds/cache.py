"""When a cached candle series is still good, and how fetches are shared and held back (SPEC C1, C2).

It refuses to know what a candle is: it counts time, requests and who waits for whom.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from core.errors import VektorError
from core.market.candles import Timeframe
from core.settings import CandleRules

T = TypeVar("T")


def time_to_live(timeframe: Timeframe, rules: CandleRules) -> int:
    """How long a series of this timeframe is fresh, ms.

    >>> time_to_live(Timeframe.H1, CandleRules())
    840000
    """
    return {Timeframe.M15: rules.ttl_15m_ms, Timeframe.H1: rules.ttl_1h_ms, Timeframe.H4: rules.ttl_4h_ms}[timeframe]


def is_fresh(fetched_ms: int, timeframe: Timeframe, now_ms: int, rules: CandleRules) -> bool:
    """Whether a series fetched at a time need not be asked for again: its TTL runs, and no bar has closed since."""
    if timeframe.last_close(now_ms) != timeframe.last_close(fetched_ms):
        return False
    return fetched_ms <= now_ms < fetched_ms + time_to_live(timeframe, rules)


class SharedFetches(Generic[T]):
    """At most ``in_flight`` fetches at once, and one per key: whoever asks for the same waits for the same answer.

    A failure is an answer too: everyone who waits gets it. A caller that is cancelled takes no one else with it.
    """

    def __init__(self, in_flight: int) -> None:
        self._room = asyncio.Semaphore(in_flight)
        self._running: dict[Hashable, asyncio.Task[T | VektorError]] = {}

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T | VektorError:
        """The answer of the fetch under way for ``key``, else of a new one; an error of ours is returned, not raised."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(fetch))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is under way."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _fetch(self, fetch: Callable[[], Awaitable[T]]) -> T | VektorError:
        async with self._room:
            try:
                return await fetch()
            except VektorError as error:
                return error
