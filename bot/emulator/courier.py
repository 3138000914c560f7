"""Delivers updates to the bot's webhook, one after the other, until each is taken or too old.

A refusal is retried with doubling pauses, or after the bot's own ``Retry-After``. The reply may carry one method call.
It only ever connects to this machine: ``setWebhook`` accepted nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp

from bot.emulator import limits
from bot.emulator.records import Waiting
from bot.emulator.wire import Json
from bot.emulator.world import World

_RETRY_AFTER_MOST_S: Final = 3600.0
FIRST_REDIRECT: Final = 300


class Courier:
    """The delivering task of one chat."""

    def __init__(
        self, world: World, commit: Callable[[], Awaitable[None]], on_reply: Callable[[Json], Awaitable[None]]
    ) -> None:
        self._world = world
        self._commit = commit
        self._on_reply = on_reply
        self._news = asyncio.Event()
        self._moved = asyncio.Event()
        self._url = ""
        self._task: asyncio.Task[None] | None = None
        self._pause_s = 0.0

    def start(self) -> None:
        """Begin delivering."""
        self._task = asyncio.create_task(self._run(), name="webhook courier")

    def wake(self) -> None:
        """There may be something to deliver, or a new address (which ends a pause)."""
        self._news.set()
        if self._url != self._world.desk.webhook_url:
            self._pause_s = 0.0
            self._moved.set()

    async def stop(self) -> None:
        """Stop delivering; what was not taken stays in the queue."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=limits.WEBHOOK_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                self._world.expire()
                if not self._world.desk.webhook_url or not self._world.waiting:
                    self._news.clear()
                    await self._news.wait()
                    continue
                await self._deliver(session, self._world.waiting[0])

    async def _deliver(self, session: aiohttp.ClientSession, update: Waiting) -> None:
        desk = self._world.desk
        self._url = desk.webhook_url
        headers = {"X-Telegram-Bot-Api-Secret-Token": desk.webhook_secret} if desk.webhook_secret else {}
        try:
            async with session.post(self._url, json=update.wire(), headers=headers, allow_redirects=False) as response:
                body = await response.text()
                if response.status < FIRST_REDIRECT:
                    await self._delivered(update, body)
                    return
                problem = f"Wrong response from the webhook: {response.status} {response.reason}"
                asked = response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            problem, asked = f"Connection failed: {error}", ""
        await self._failed(problem, float(asked) if asked.isdigit() else 0.0)

    async def _delivered(self, update: Waiting, body: str) -> None:
        self._pause_s = 0.0
        if self._world.waiting and self._world.waiting[0] is update:
            self._world.forget_until(update.update_id + 1)
        await self._commit()
        reply = _method_call(body)
        if reply:
            await self._on_reply(reply)

    async def _failed(self, problem: str, asked_s: float) -> None:
        self._moved.clear()
        desk = self._world.desk
        desk.webhook_error, desk.webhook_error_s = problem, self._world.date()
        self._world.touch("desk", "desk")
        await self._commit()
        self._pause_s = min(self._pause_s * 2 or limits.WEBHOOK_FIRST_RETRY_S, limits.WEBHOOK_LAST_RETRY_S)
        try:
            await asyncio.wait_for(self._moved.wait(), min(asked_s, _RETRY_AFTER_MOST_S) or self._pause_s)
        except TimeoutError:
            return


def _method_call(body: str) -> Json | None:
    """The method call in a webhook's reply, if there is one."""
    try:
        reply = json.loads(body) if body.strip().startswith("{") else None
    except ValueError:
        return None
    return reply if isinstance(reply, dict) and reply.get("method") else None
