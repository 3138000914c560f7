"""Turns stored events into stored messages, for every chat in its language and with what it may see.

The messages of an event and its mark "announced" are one transaction, so a crash says nothing twice and forgets
nothing. A picture that cannot be drawn costs only itself; an event that cannot be shown is told as such.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardMarkup
from aiogram.utils.formatting import Text

from bot.painter import paint_halt
from bot.subjects import subject_of, way_since
from core.desk import Desk
from core.errors import VektorError
from core.events import EntriesHalted
from core.flows.chart import chart_series
from core.market.candles import Timeframe
from core.risk.governor import PATH_MS
from handlers import keyboards
from handlers.pace import SECOND_MS
from handlers.ports import Painter, Role, Room, Rooms, WallClock
from handlers.views.alert import alert_view, is_silent
from handlers.views.plain import verdict
from handlers.views.reader import GROUP_COLUMNS, PRIVATE_COLUMNS, Reader
from locales.texts import Texts, supported
from storage.events import Events, StoredEvent
from storage.messages import Message, MessageKind, Priority
from storage.outbox import Outbox

logger = logging.getLogger(__name__)

BATCH = 50
"""Events read at once."""


class Announcer:
    """``wake`` makes it look at once instead of at the next tick."""

    def __init__(
        self,
        desk: Desk,
        events: Events,
        outbox: Outbox,
        rooms: Rooms,
        defaults: tuple[str, str],
        wall_ms: WallClock,
        painter: Painter,
    ) -> None:
        self.desk, self.events, self.outbox, self.rooms = desk, events, outbox, rooms
        self.defaults, self.wall_ms, self.painter = defaults, wall_ms, painter
        self._woken = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def wake(self) -> None:
        """Something has happened."""
        self._woken.set()

    async def run(self) -> None:
        """Announce until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.announce()
            except VektorError as error:
                logger.warning("events wait to be announced: %s", error)
            try:
                await asyncio.wait_for(self._woken.wait(), self.desk.settings.chat.announce_ms / SECOND_MS)
            except TimeoutError:
                continue

    async def announce(self) -> None:
        """Everything that has not been announced, oldest first. Nobody to tell yet: it waits."""
        async with self._one_at_a_time:
            while stored := await self.events.unannounced(BATCH):
                rooms = await self.rooms.active()
                if not any(room.chat_id > 0 for room in rooms):
                    return
                for one in stored:
                    await self.outbox.put(await self.messages(one, rooms), event_id=one.event_id)

    async def alarm(self, key: str) -> None:
        """A sentence of the program itself, to everyone who may act."""
        rooms = [room for room in await self.rooms.active() if may_act(room)]
        await self.outbox.put(
            [self.message(room, verdict(self.reader(room).texts(key)), self.reader(room)) for room in rooms]
        )

    async def messages(self, stored: StoredEvent, rooms: Sequence[Room]) -> list[Message]:
        """One message per chat that is told of the event."""
        picture = await self.picture(stored)
        made = []
        for room in rooms:
            reader = self.reader(room)
            try:
                view = alert_view(stored.event, stored.at_ms, reader, self.desk.venue_name)
            except Exception as fault:  # whatever it is: the events behind this one would never be told
                logger.exception("event %s cannot be shown", stored.event_id, exc_info=fault)
                made += [self.message(room, unshown(stored, reader), reader)] if reader.full else []
                continue
            if view is not None:
                message = self.message(room, view, reader, picture, silent=is_silent(stored.event))
                made.append(
                    with_buttons(message, keyboards.alert(stored.event, reader.texts)) if reader.full else message
                )
        return made

    def message(
        self, room: Room, view: Text, reader: Reader, picture: bytes | None = None, *, silent: bool = False
    ) -> Message:
        """A view as a row of the outbox."""
        return Message(
            chat_id=room.chat_id,
            kind=MessageKind.PHOTO if picture else MessageKind.TEXT,
            payload=payload_of(view, reader),
            created_ms=self.wall_ms(),
            priority=Priority.ALERT,
            photo=picture,
            silent=silent,
        )

    def reader(self, room: Room) -> Reader:
        """For whom a chat's messages are drawn."""
        texts = Texts(supported(room.locale or self.defaults[0]))
        zone = ZoneInfo(room.timezone or self.defaults[1])
        return Reader(texts, zone, may_act(room), PRIVATE_COLUMNS if room.chat_id > 0 else GROUP_COLUMNS)

    async def picture(self, stored: StoredEvent) -> bytes | None:
        """The chart of what the event is about; ``None`` without one and where there is none to be had."""
        if isinstance(stored.event, EntriesHalted):
            return await self.way_to(stored.event, stored.at_ms)
        subject = subject_of(stored.event)
        if subject is None:
            return None
        symbol, drawn = subject
        try:
            series = await chart_series(self.desk, self.desk.market(symbol), Timeframe.H1)
            return await self.painter(series, drawn)
        except (VektorError, OSError) as error:
            logger.warning("no picture of %s: %s", symbol, error)
            return None

    async def way_to(self, halt: EntriesHalted, at_ms: int) -> bytes | None:
        """How the equity came to a halt; ``None`` where too little of it is known."""
        try:
            way = await self.desk.ledger.standings(way_since(halt, at_ms))
            seen = [one for one in way if one.at_ms <= at_ms + PATH_MS]  # the venue's clock may be ahead of ours
            return await paint_halt(halt, seen) if len(seen) > 1 else None
        except (VektorError, OSError) as error:
            logger.warning("no picture of the equity: %s", error)
            return None


def unshown(stored: StoredEvent, reader: Reader) -> Text:
    """That something happened of which this version cannot say more."""
    return verdict(reader.texts("alert-unshown", kind=type(stored.event).__name__, number=str(stored.event_id)))


def may_act(room: Room) -> bool:
    """Whether the chat is an operator's."""
    return room.chat_id > 0 and Role(str(room.role)).may_act


def with_buttons(message: Message, keyboard: InlineKeyboardMarkup | None) -> Message:
    """The message with buttons under it."""
    if keyboard is None:
        return message
    stored = keyboard.model_dump(exclude_none=True, mode="json")
    return replace(message, payload={**message.payload, "reply_markup": stored})


def payload_of(view: Text, reader: Reader) -> dict[str, Any]:
    """Rendered text as stored JSON: entities become plain dictionaries. What shows money cannot be forwarded."""
    text, entities = view.render()
    rows = [entity.model_dump(exclude_none=True, mode="json") for entity in entities]
    return {"text": text, "entities": rows, "locale": reader.texts.locale, "guarded": reader.full}
