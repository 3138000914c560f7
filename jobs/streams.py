"""Long-lived tasks, watched: a stream that ends or fails is begun again with backoff, and its gaps are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from core.desk import Desk
from core.errors import VektorError
from core.flows.watch import watch
from jobs.attempt import attempt, degrade

log = logging.getLogger(__name__)


async def supervise(desk: Desk, name: str, stream: Callable[[], Awaitable[None]]) -> None:
    """Run a stream for ever. Cancelling this task ends it."""
    rules = desk.settings.execution
    wait_ms = rules.reconnect_least_ms
    while True:
        try:
            await stream()
            wait_ms = rules.reconnect_least_ms
        except VektorError as outage:
            await degrade(desk, name, str(outage))
            wait_ms = min(wait_ms * 2, rules.reconnect_most_ms)
        await asyncio.sleep(wait_ms / 1000)


async def follow_account(desk: Desk) -> None:
    """Look closely whenever the venue says that something happened to the account."""
    async for word in desk.venue.changes():
        log.debug("account stream: %s", word)
        desk.nudged = True
        await attempt(desk, "watch", watch)
