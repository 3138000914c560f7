"""Delivers what waits in the stored outbox: in order per chat, at Telegram's pace, through outages, never lost.

A message is marked before its call and after its answer. A call without an answer may or may not have arrived: it is
made once more, bearing its alert id, and never a third time. A chat that refuses us is dropped; everything else waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.delivery import deliver
from bot.redaction import redacted
from core.settings import Chat
from handlers.pace import SECOND_MS, Pace
from handlers.ports import Rooms, WallClock
from handlers.voice import surely_not_sent
from storage.messages import Outgoing
from storage.outbox import Outbox

logger = logging.getLogger(__name__)

NOT_MODIFIED = "message is not modified"


class Courier:
    """One per bot. ``wake`` makes it look at once instead of at the next tick."""

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        rooms: Rooms,
        pace: Pace,
        chat: Chat,
        wall_ms: WallClock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot, self.outbox, self.rooms, self.pace = bot, outbox, rooms, pace
        self.chat, self.wall_ms, self.pause = chat, wall_ms, pause
        self.repeated = 0
        self._woken = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._waits_ms: dict[int, int] = {}

    def wake(self) -> None:
        """There is something new to say."""
        self._woken.set()

    async def recover(self) -> None:
        """Call once at the start: calls that a crash left without an answer are lined up once more."""
        again = await self.outbox.ambiguous()
        self.repeated += len(again)

    async def run(self) -> None:
        """Deliver until cancelled. A call cut off then has an unknown outcome, like one cut off by a crash."""
        try:
            while True:
                self._woken.clear()
                await self.begin()
                await self.rest()
        finally:
            for task in (cut := list(self._busy.values())):
                task.cancel()
            await asyncio.gather(*cut, return_exceptions=True)

    async def rest(self) -> None:
        """Until something new is to be said, or the next tick."""
        try:
            await asyncio.wait_for(self._woken.wait(), self.chat.announce_ms / SECOND_MS)
        except TimeoutError:
            return

    async def begin(self) -> None:
        """Start on every chat that has something due and is not being served."""
        for out in await self.outbox.pending(self.wall_ms()):
            chat_id = out.message.chat_id
            if chat_id not in self._busy:
                task = asyncio.create_task(self.serve(chat_id), name=f"outbox-{chat_id}")
                self._busy[chat_id] = task
                task.add_done_callback(partial(self._served, chat_id))

    def _served(self, chat_id: int, task: asyncio.Task[None]) -> None:
        del self._busy[chat_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("delivery to chat %s failed", chat_id, exc_info=error)

    async def serve(self, chat_id: int) -> None:
        """Deliver one chat's messages in order until none is due or one must wait."""
        while (out := await self.outbox.next_for(chat_id, self.wall_ms())) is not None:
            await self.pace.turn(chat_id)
            if await self.outbox.sending(out.id) and not await self.send(out):
                return

    async def send(self, out: Outgoing) -> bool:
        """Make one call and book its outcome; whether the next message may follow at once."""
        chat_id = out.message.chat_id
        try:
            message_id = await deliver(self.bot, out, self.chat)
        except TelegramRetryAfter as error:
            self.pace.hold(chat_id, error.retry_after * SECOND_MS)
            await self.outbox.retry(out.id, self.wall_ms() + error.retry_after * SECOND_MS)
            return False
        except TelegramMigrateToChat as error:
            await self.outbox.retry(out.id, 0)
            await self.rooms.migrate_chat(chat_id, error.migrate_to_chat_id)
            return False
        except TelegramForbiddenError as error:
            return await self.refused(out, redacted(str(error)))
        except (TelegramServerError, TelegramNetworkError) as error:
            return await self.later(out, error)
        except (TelegramAPIError, AiogramError) as error:
            return await self.unsayable(out, error)
        self._waits_ms.pop(chat_id, None)
        await self.outbox.sent(out.id, message_id)
        return True

    async def refused(self, out: Outgoing, words: str) -> bool:
        """The chat does not want us: forget it until it speaks again."""
        chat_id = out.message.chat_id
        logger.warning("chat %s refuses messages: %s", chat_id, words)
        await self.rooms.forget(chat_id)
        await self.outbox.abandon_chat(chat_id, words)
        return False

    async def later(self, out: Outgoing, error: Exception) -> bool:
        """The network or the server failed: wait, longer each time; count a call that may have arrived."""
        chat_id = out.message.chat_id
        wait = self._waits_ms.get(chat_id, self.chat.retry_least_ms)
        self._waits_ms[chat_id] = min(wait * 2, self.chat.retry_most_ms)
        due = self.wall_ms() + wait
        if surely_not_sent(error):
            await self.outbox.retry(out.id, due)
            return False
        logger.warning("message %s may or may not have arrived: %s", out.alert_id, error)
        self.repeated += 1
        if not await self.outbox.unsure(out.id, due):
            logger.error("message %s was given up: its outcome is unknown twice", out.alert_id)
        return False

    async def unsayable(self, out: Outgoing, error: Exception) -> bool:
        """Telegram understood and said no: an edit that changes nothing is done, anything else is given up."""
        if NOT_MODIFIED in str(error).lower():
            await self.outbox.sent(out.id, out.message.payload.get("message_id"))
            return True
        logger.error("message %s cannot be said: %s", out.alert_id, error)
        await self.outbox.abandon(out.id, redacted(str(error)))
        return True

    async def flush(self) -> None:
        """Say what is due now, for at most ``flush_ms``: for the end of the program."""
        try:
            async with asyncio.timeout(self.chat.flush_ms / SECOND_MS):
                await self.begin()
                while self._busy:
                    await asyncio.wait(list(self._busy.values()))
                    await asyncio.sleep(0)
        except TimeoutError:
            logger.warning("%s messages wait for the next start", await self.outbox.waiting())
