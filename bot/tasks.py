"""Tasks that run side by side: waiting for the first, ending them, keeping one alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.polling import Backoff
from core.errors import StartRefused
from core.settings import Chat

logger = logging.getLogger(__name__)


async def first_of(*tasks: asyncio.Task[Any]) -> None:
    """Wait until one is done, and raise what it raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel and wait."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def kept_alive(name: str, start: Callable[[], Awaitable[None]], chat: Chat) -> None:
    """Start a loop again whenever it fails; only a refusal to start goes through."""
    backoff = Backoff(chat)
    while True:
        task = asyncio.ensure_future(start())
        try:
            await asyncio.wait([task])
        finally:
            if not task.done():
                await end(task)
        error = task.exception()
        if isinstance(error, StartRefused):
            raise error
        logger.error("%s stopped and is started again", name, exc_info=error)
        await asyncio.sleep(backoff.next_s())
