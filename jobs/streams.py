"""Long-lived tasks, watched: a stream that ends or fails is begun again with backoff, and its gaps are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from core.desk import Desk
from core.errors import VektorError
from core.events import Recovered
from jobs.attempt import degrade, tell

log = logging.getLogger(__name__)


async def supervise(desk: Desk, name: str, stream: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a stream for ever. Cancelling this task ends it.

    An outage is told; what nobody foresaw goes to the log whole. Either way the stream begins again, ever more slowly.
    """
    rules = desk.settings.execution
    wait_ms = rules.reconnect_least_ms
    while True:
        begun = asyncio.get_running_loop().time()
        task = asyncio.create_task(stream(), name=name)
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
        failure = task.exception()
        if isinstance(failure, VektorError):
            await degrade(desk, name, str(failure))
        elif failure is not None:
            log.error("%s crashed", name, exc_info=failure)
            await degrade(desk, name, f"crashed: {type(failure).__name__}: {failure}")
        if (asyncio.get_running_loop().time() - begun) * 1000 > rules.reconnect_most_ms:
            wait_ms = rules.reconnect_least_ms  # it had lived; this is a new trouble
        await asyncio.sleep(wait_ms / 1000)
        wait_ms = min(wait_ms * 2, rules.reconnect_most_ms)


async def follow_account(desk: Desk, name: str, look: Callable[[], Awaitable[None]]) -> None:
    """Look closely whenever the venue says that something happened to the account.

    ``look`` outlives this stream: a look that has begun is never cut off in the middle of a write.
    """
    async for word in desk.venue.changes():
        log.debug("account stream: %s", word)
        desk.nudged = True
        if name in desk.degraded:
            desk.degraded.discard(name)
            await tell(desk, Recovered(name))
        await look()
