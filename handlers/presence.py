"""Notes that an operator is there: whatever they may do in the chat, by message or by tap (SPEC V4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from core.desk import Desk
from core.flows.vigil import hear
from handlers.speaker import Speaker


class Presence(BaseMiddleware):
    """Outer middleware behind :class:`handlers.access.Access`: what was turned away there counts for nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        speaker = data.get("speaker")
        if isinstance(speaker, Speaker) and speaker.private and speaker.role.may_act:
            await hear(self.desk, speaker.name)
        return await handler(event, data)
