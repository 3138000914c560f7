"""Where updates come from: long polling, or a webhook with a secret. Both hand each update to a task that is awaited.

Our own loop, because the library's forgets its tasks when it stops, ignores what a 429 asks for, and dies when the
server is down at the start. It never stops by itself: an outage is waited out.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import Update
from pydantic import ValidationError

from core.errors import StartRefused
from core.settings import Chat

logger = logging.getLogger(__name__)

ALLOWED = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
]
"""Everything that is acted on, and what must be seen to be refused."""
SECOND_MS = 1_000
EXTRA_S = 10
"""How much longer than the server's long poll a request for updates may take."""


class Intake:
    """Tasks in flight: at most so many at once, all of them awaited at the end."""

    def __init__(self, dispatcher: Dispatcher, bot: Bot, chat: Chat) -> None:
        self.dispatcher, self.bot, self.chat = dispatcher, bot, chat
        self._room = asyncio.Semaphore(chat.in_flight)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def take(self, update: Update) -> None:
        """Begin with an update as soon as there is room."""
        await self._room.acquire()
        task = asyncio.create_task(self.dispatcher.feed_update(self.bot, update), name=f"update-{update.update_id}")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._room.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s failed", task.get_name(), exc_info=error)

    async def idle(self) -> None:
        """Return when nothing that was begun until now is being worked on."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def drain(self) -> int:
        """Let what was begun finish; how many tasks had to be cancelled."""
        if not self._tasks:
            return 0
        _, late = await asyncio.wait(self._tasks, timeout=self.chat.drain_ms / SECOND_MS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)


@dataclass(slots=True)
class Backoff:
    """How long to wait before the next try: doubles, up to a bound; a success starts over."""

    chat: Chat
    wait_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """It worked."""
        self.wait_ms = self.chat.retry_least_ms

    def next_s(self) -> float:
        """Seconds to wait now."""
        wait, self.wait_ms = self.wait_ms, min(self.wait_ms * 2, self.chat.retry_most_ms)
        return wait / SECOND_MS


class Polling:
    """Asks for updates until cancelled."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        chat: Chat,
        on_conflict: Callable[[], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot, self.intake, self.chat, self.on_conflict, self.pause = bot, intake, chat, on_conflict, pause
        self.offset: int | None = None

    async def run(self) -> None:
        """Raises :class:`StartRefused` when the token is refused; waits out everything else."""
        backoff, least = Backoff(self.chat), self.chat.poll_least_ms / SECOND_MS
        while True:
            asked = asyncio.get_running_loop().time()
            try:
                updates = await self.bot.get_updates(
                    offset=self.offset,
                    limit=self.chat.poll_batch,
                    timeout=self.chat.poll_s,
                    allowed_updates=ALLOWED,
                    request_timeout=self.chat.poll_s + EXTRA_S,
                )
            except TelegramRetryAfter as error:
                await self.pause(error.retry_after)
            except TelegramUnauthorizedError as error:
                raise StartRefused("Telegram refuses TELEGRAM_TOKEN; BotFather has the right one") from error
            except TelegramConflictError:
                await self.on_conflict()
                await self.pause(backoff.next_s())
            except ClientDecodeError as error:
                await self.skip(error)
            except AiogramError as error:
                logger.warning("no updates: %s", error)
                await self.pause(backoff.next_s())
            else:
                backoff.reset()
                await self.take(updates)
                if not updates and asyncio.get_running_loop().time() < asked + least:
                    await self.pause(least)

    async def take(self, updates: list[Update]) -> None:
        """Begin with each; the next request confirms them to the server."""
        for update in updates:
            self.offset = update.update_id + 1
            await self.intake.take(update)

    async def skip(self, error: ClientDecodeError) -> None:
        """Step over what this version cannot read, instead of asking for it for ever; the rest of the batch counts."""
        rows = error.data.get("result", []) if isinstance(error.data, dict) else []
        for row in rows:
            if not isinstance(row, dict) or not isinstance(row.get("update_id"), int):
                continue
            self.offset = max(self.offset or 0, row["update_id"] + 1)
            try:
                update = Update.model_validate(row, context={"bot": self.bot})
            except ValidationError as mistake:
                logger.error("update %s cannot be read and is passed over: %s", row["update_id"], unread(mistake))
            else:
                await self.intake.take(update)


def unread(mistake: ValidationError) -> str:
    """What is wrong with an update, and nothing of what it says: that is somebody's words, perhaps a secret."""
    wrong = mistake.errors(include_input=False, include_context=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in wrong)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram pushes updates to. ``secret``: 1–256 of ``A-Za-z0-9_-``; without it nothing starts."""

    url: str
    secret: str
    port: int
    host: str = "127.0.0.1"


HEADER = "X-Telegram-Bot-Api-Secret-Token"
UNAUTHORISED, BAD_REQUEST = 401, 400


class WebhookServer:
    """Takes pushed updates on the path of the webhook's URL, from whoever knows the secret."""

    def __init__(self, bot: Bot, intake: Intake, webhook: Webhook) -> None:
        if not webhook.secret:
            raise StartRefused(
                "TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_SECRET; anyone could give orders otherwise"
            )
        self.bot, self.intake, self.webhook = bot, intake, webhook

    async def run(self) -> None:
        """Listen and register until cancelled. Raises :class:`StartRefused` when the port is taken."""
        from aiohttp import web
        from yarl import URL

        async def receive(request: web.Request) -> web.Response:
            if not self.knows_secret(request.headers.get(HEADER, "")):  # before a stranger's body is read
                return web.Response(status=UNAUTHORISED)
            return web.Response(status=await self.receive(await request.read()))

        app = web.Application()
        app.router.add_post(URL(self.webhook.url).path or "/", receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.webhook.host, self.webhook.port).start()
            await self.register()
            await asyncio.Event().wait()
        except OSError as error:
            words = f"port {self.webhook.port} cannot be used for the webhook: {error}; change TELEGRAM_WEBHOOK_PORT"
            raise StartRefused(words) from error
        finally:
            await runner.cleanup()

    def knows_secret(self, given: str) -> bool:
        """Whether a call comes from whoever was told the secret."""
        if hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self.webhook.secret.encode()):
            return True
        logger.warning("a webhook call without the secret was refused")
        return False

    async def receive(self, body: bytes) -> int:
        """Status of the answer; the update itself is worked on after it."""
        try:
            update = Update.model_validate_json(body, context={"bot": self.bot})
        except ValidationError as error:
            logger.error("a pushed update cannot be read and is passed over: %s", unread(error))
            return BAD_REQUEST if not body else 200
        await self.intake.take(update)
        return 200

    async def register(self) -> None:
        """Tell Telegram where to push; waits out an outage."""
        backoff = Backoff(self.intake.chat)
        while True:
            try:
                await self.bot.set_webhook(self.webhook.url, secret_token=self.webhook.secret, allowed_updates=ALLOWED)
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except AiogramError as error:
                logger.warning("webhook not registered: %s", error)
                await asyncio.sleep(backoff.next_s())
            else:
                return
