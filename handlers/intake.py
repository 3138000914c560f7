"""The first gate of every update: not twice, and not forgotten while it is being worked on.

Telegram delivers at least once. An update's id is kept before anything is done with it, so that a command acts at most
once, even across restarts.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from handlers.ports import Updates, WallClock

logger = logging.getLogger(__name__)


class Once(BaseMiddleware):
    """Outer middleware of all updates: drops those that were taken before."""

    def __init__(self, updates: Updates, wall_ms: WallClock) -> None:
        self.updates, self.wall_ms = updates, wall_ms

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if isinstance(event, Update) and await self.updates.seen(event.update_id, self.wall_ms()):
            logger.info("update %s was taken before", event.update_id)
            return None
        return await handler(event, data)
