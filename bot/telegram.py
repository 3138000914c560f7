"""The chat side as a whole: connects to Telegram (or a server that speaks like it), listens, answers, tells.

Starts with the server away, goes on through outages, and stops in order: no new updates, what was begun finishes,
what waits to be said is said, the connection closes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramRetryAfter, TelegramUnauthorizedError
from pydantic import SecretStr

from bot.announcer import Announcer
from bot.live_status import LiveStatus
from bot.outbox import Courier
from bot.painter import paint
from bot.polling import SECOND_MS, Backoff, Intake, Polling, Webhook, WebhookServer
from bot.tasks import end, first_of, kept_alive
from core.desk import Desk
from core.errors import StartRefused
from handlers.access import Access
from handlers.claim import Claim
from handlers.intake import Once
from handlers.menus import publish_menu
from handlers.pace import Pace
from handlers.ports import Role, Shelves, WallClock
from handlers.presence import Presence
from handlers.questions import Questions
from handlers.router import build_router
from handlers.views.health import Pulse
from handlers.voice import Voice
from locales.texts import Texts, supported
from storage.events import Events
from storage.outbox import Outbox

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stores:
    """The stored things of the chat side."""

    shelves: Shelves
    outbox: Outbox
    events: Events


@dataclass(frozen=True, slots=True)
class Connection:
    """How the bot reaches Telegram, and how Telegram reaches it."""

    token: SecretStr
    api_base: str | None = None
    mode: Literal["polling", "webhook"] = "polling"
    webhook: Webhook | None = None


@dataclass(frozen=True, slots=True)
class House:
    """Whose bot this is, and how it speaks."""

    owner_id: int | None = None
    followers_chat: int | None = None
    claim_code: str | None = None
    locale: str = "en"
    timezone: str = "UTC"


class TelegramSide:
    """One bot, from start to stop."""

    def __init__(
        self,
        *,
        connection: Connection,
        house: House,
        desk: Desk,
        stores: Stores,
        wall_ms: WallClock,
        new_nonce: Callable[[], str],
    ) -> None:
        """``new_nonce`` gives ≥ 96 random bits in ``A-Za-z0-9_-``. Raises :class:`StartRefused` for an impossible mix."""
        self.connection, self.house, self.desk, self.stores, self.wall_ms = connection, house, desk, stores, wall_ms
        self.chat = desk.settings.chat
        self.bot = make_bot(connection, self.chat.request_s)
        self.pace = Pace(self.chat, wall_ms)
        self.voice = Voice(self.bot, self.pace, self.chat)
        self.claim = Claim(house.claim_code, wall_ms(), self.chat)
        self.conflicts = 0
        self.started_ms = wall_ms()
        self.ready = asyncio.Event()
        self._stopping = asyncio.Event()
        self._finished = asyncio.Event()
        shelves = stores.shelves
        self.questions = Questions(
            store=shelves.decisions,
            audit=shelves.audit,
            voice=self.voice,
            chat=self.chat,
            wall_ms=wall_ms,
            new_nonce=new_nonce,
        )
        self.courier = Courier(self.bot, stores.outbox, shelves.rooms, self.pace, self.chat, wall_ms)
        self.announcer = Announcer(desk, stores.events, stores.outbox, shelves.rooms, self.defaults, wall_ms, paint)
        self.live_status = LiveStatus(desk, shelves.rooms, self.voice, self.defaults, wall_ms)
        self.intake = Intake(self.dispatcher(), self.bot, self.chat)

    @property
    def defaults(self) -> tuple[str, str]:
        """Language and zone of chats that chose none."""
        return supported(self.house.locale), self.house.timezone

    def dispatcher(self) -> Dispatcher:
        """Handlers and what they are given by name."""
        shelves = self.stores.shelves
        access = Access(
            shelves=shelves,
            voice=self.voice,
            claim=self.claim,
            chat=self.chat,
            wall_ms=self.wall_ms,
            locale=self.defaults[0],
            timezone=self.defaults[1],
        )
        dispatcher = Dispatcher(
            disable_fsm=True,
            desk=self.desk,
            shelves=shelves,
            voice=self.voice,
            questions=self.questions,
            claim=self.claim,
            access=access,
            wall_ms=self.wall_ms,
            painter=paint,
            pulse=self.pulse,
        )
        dispatcher.update.outer_middleware(Once(shelves.updates, self.wall_ms))
        dispatcher.update.outer_middleware(access)
        dispatcher.update.outer_middleware(Presence(self.desk))
        dispatcher.include_router(build_router())
        return dispatcher

    async def run(self) -> None:
        """Until :meth:`stop`. Raises :class:`StartRefused` for a token that Telegram refuses."""
        loops = {
            "updates": self.updates,
            "outbox": self.courier.run,
            "announcer": self.announcer.run,
            "live status": self.live_status.run,
            "sweep": self.sweep,
        }
        tasks: dict[str, asyncio.Task[None]] = {}
        stopping = asyncio.create_task(self._stopping.wait(), name="stopping")
        try:
            await self.settle_people()
            connecting = tasks["connect"] = asyncio.create_task(self.connect(), name="connect")
            await first_of(stopping, connecting)
            if connecting.done():
                self.ready.set()
                tasks = {name: asyncio.create_task(kept_alive(name, loop, self.chat)) for name, loop in loops.items()}
                await first_of(stopping, *tasks.values())
                await end(tasks.pop("updates"))
            await self.wind_down()
        finally:
            await end(stopping, *tasks.values())
            await self.bot.session.close()
            self._finished.set()

    async def stop(self) -> None:
        """Stop in order, and return when all is done."""
        self._stopping.set()
        await self._finished.wait()

    async def wind_down(self) -> None:
        """What was begun finishes; what waits to be said is said, if it can be."""
        if late := await self.intake.drain():
            logger.warning("%s updates were still being worked on and were cancelled", late)
        if not self.ready.is_set():
            return
        (failure,) = await asyncio.gather(self.announcer.announce(), return_exceptions=True)
        if failure is not None:
            logger.warning("events wait for the next start: %s", failure)
        await self.courier.flush()

    async def settle_people(self) -> None:
        """The owner of the configuration is owner; its followers' chat follows, and no other group does."""
        rooms, now = self.stores.shelves.rooms, self.wall_ms()
        if self.house.owner_id is not None:
            await rooms.appoint_owner(self.house.owner_id, self.house.owner_id, now)
        for room in await rooms.active():
            if room.chat_id < 0 and room.chat_id != self.house.followers_chat:
                await rooms.forget(room.chat_id)
        if self.house.followers_chat is not None:
            await rooms.follow(self.house.followers_chat, now)
        if await rooms.owner() is not None:
            self.claim.close()

    async def connect(self) -> None:
        """Reach Telegram, however long it is away; then show the menus. Raises :class:`StartRefused`."""
        backoff = Backoff(self.chat)
        while not await self.reached(backoff):  # noqa: ASYNC110  # an outage gives no event to wait for
            await asyncio.sleep(backoff.next_s())
        for room in await self.stores.shelves.rooms.active():
            texts = Texts(supported(room.locale or self.defaults[0]))
            await publish_menu(self.bot, room.chat_id, texts, Role(str(room.role)))
        await self.courier.recover()

    async def reached(self, backoff: Backoff) -> bool:
        """Whether Telegram answered; waits as long as it asks for."""
        try:
            me = await self.bot.me()
            if self.connection.mode == "polling":
                await self.bot.delete_webhook(drop_pending_updates=False)
        except TelegramUnauthorizedError as error:
            raise StartRefused("Telegram refuses TELEGRAM_TOKEN; BotFather has the right one") from error
        except TelegramRetryAfter as error:
            backoff.wait_ms = error.retry_after * SECOND_MS
            return False
        except AiogramError as error:
            logger.warning("Telegram cannot be reached yet: %s", error)
            return False
        logger.info("connected as @%s", me.username)
        return True

    async def updates(self) -> None:
        """Listen, by the chosen way."""
        if self.connection.mode == "webhook":
            if self.connection.webhook is None:
                raise StartRefused("TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_URL and TELEGRAM_WEBHOOK_SECRET")
            await WebhookServer(self.bot, self.intake, self.connection.webhook).run()
        else:
            await Polling(self.bot, self.intake, self.chat, self.conflict).run()

    async def sweep(self) -> None:
        """Put away questions that nobody answered."""
        while True:
            await self.questions.sweep()
            await asyncio.sleep(self.chat.sweep_ms / SECOND_MS)

    async def conflict(self) -> None:
        """Somebody else reads with our token: say so once, count it always."""
        self.conflicts += 1
        logger.error("another program reads updates with this token (%s times)", self.conflicts)
        if self.conflicts == 1:
            await self.announcer.alarm("alert-conflict")

    async def pulse(self) -> Pulse:
        """What /health shows of the chat side."""
        shelves = self.stores.shelves
        return Pulse(
            up_ms=self.wall_ms() - self.started_ms,
            waiting=await shelves.outbox.waiting(),
            strangers=await shelves.audit.strangers(),
            conflicts=self.conflicts,
        )


def make_bot(connection: Connection, request_s: int) -> Bot:
    """The library's bot against Telegram or another server; no parse mode, because entities need none."""
    api = TelegramAPIServer.from_base(connection.api_base) if connection.api_base else PRODUCTION
    session = AiohttpSession(api=api, timeout=request_s)
    return Bot(connection.token.get_secret_value(), session=session, default=DefaultBotProperties(parse_mode=None))
