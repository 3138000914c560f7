"""The pinned message that shows where we stand: one per operator's chat, edited in place, only when it changed.

An edit costs as much of Telegram's patience as a message, so a body that is the same is left alone. When somebody
deleted the message, a new one is posted and pinned.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from aiogram.exceptions import AiogramError

from core.desk import Desk
from core.errors import VektorError
from core.flows.status import Status, status
from handlers import keyboards
from handlers.pace import SECOND_MS
from handlers.ports import Role, Room, Rooms, WallClock
from handlers.views.reader import Reader
from handlers.views.status import status_body, status_view
from handlers.voice import Voice
from locales.texts import Texts, supported

logger = logging.getLogger(__name__)


class LiveStatus:
    """Keeps the pinned messages true."""

    def __init__(self, desk: Desk, rooms: Rooms, voice: Voice, defaults: tuple[str, str], wall_ms: WallClock) -> None:
        self.desk, self.rooms, self.voice, self.defaults, self.wall_ms = desk, rooms, voice, defaults, wall_ms
        self._shown: dict[int, str] = {}
        self._flat_since: object = None
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Look every so often (wall time) until cancelled."""
        while True:
            try:
                await self.refresh()
            except (VektorError, AiogramError) as error:
                logger.warning("the live status is not renewed: %s", error)
            await asyncio.sleep(self.desk.settings.cadence.status_ms / SECOND_MS)

    async def refresh(self) -> None:
        """Bring every operator's pinned message up to date."""
        async with self._one_at_a_time:
            await self._refresh()

    async def _refresh(self) -> None:
        rooms = [room for room in await self.rooms.active() if room.chat_id > 0 and Role(str(room.role)).may_act]
        if not rooms:
            return
        if await self.is_unchanged(rooms):
            return
        standing = await status(self.desk)
        for room in rooms:
            await self.show(room, standing)

    async def is_unchanged(self, rooms: Sequence[Room]) -> bool:
        """Whether nothing can have changed, by our own books: while flat there is no need to ask the venue."""
        ledger, desk = self.desk.ledger, self.desk
        report = await ledger.last_scan()
        told = tuple((room.chat_id, room.status_message_id) for room in rooms)
        standing = (told, await ledger.switches(), report.at_ms if report else None, frozenset(desk.degraded))
        flat = not await ledger.live_positions()
        unchanged = flat and self._flat_since == standing
        self._flat_since = standing if flat else None
        return unchanged

    async def show(self, room: Room, standing: Status) -> None:
        """Edit one message, or post and pin it."""
        texts = Texts(supported(room.locale or self.defaults[0]))
        reader = Reader(texts, ZoneInfo(room.timezone or self.defaults[1]))
        most = self.desk.settings.chat.rows_most
        body = status_body(standing, reader, most).render()[0]
        if room.status_message_id is not None and self._shown.get(room.chat_id) == body:
            return
        view, keyboard = status_view(standing, reader, self.wall_ms(), most), keyboards.refresh("status", texts)
        number = room.status_message_id
        if number is None or not await self.voice.revise(room.chat_id, number, view, keyboard):
            message = await self.voice.say(room.chat_id, view, keyboard, silent=True, guarded=True)
            await self.rooms.pin(room.chat_id, message.message_id)
            await self.voice.bot.pin_chat_message(room.chat_id, message.message_id, disable_notification=True)
        self._shown[room.chat_id] = body
