"""``getUpdates``: long polling with offsets, as strict about a second poller as Telegram.

One poll at a time: a new one ends the old with 409. A bot with a webhook may not poll at all.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from bot.emulator import limits
from bot.emulator.methods.webhook import remember_allowed_updates
from bot.emulator.wire import ApiError, Json, Params
from bot.emulator.world import World

_WEBHOOK_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_OTHER_POLLER: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(slots=True)
class _Poll:
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""


class Polling:
    """The queue's reader."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._poll: _Poll | None = None
        self._closed = False

    def wake(self) -> None:
        """There may be new updates."""
        if self._poll:
            self._poll.news.set()

    def close(self) -> None:
        """Let a waiting poll answer now: the server stops."""
        self._closed = True
        self.wake()

    async def get_updates(self, params: Params) -> list[Json]:
        """Unconfirmed updates from ``offset`` on; waits up to ``timeout`` seconds (at most 50) for the first."""
        if self._world.desk.webhook_url:
            raise ApiError(409, _WEBHOOK_ACTIVE)
        remember_allowed_updates(self._world, params)
        self._confirm(params.integer("offset"))
        count = params.integer("limit", limits.POLL_UPDATES)
        count = count if 1 <= count <= limits.POLL_UPDATES else limits.POLL_UPDATES
        patience = min(max(params.integer("timeout"), 0), limits.POLL_SECONDS)
        self._end_other(_OTHER_POLLER)
        poll = self._poll = _Poll()
        try:
            return await self._collect(poll, count, patience)
        finally:
            if self._poll is poll:
                self._poll = None

    def webhook_was_set(self) -> None:
        """A webhook ends a waiting poll."""
        self._end_other(_WEBHOOK_ACTIVE)

    def _end_other(self, why: str) -> None:
        if self._poll:
            self._poll.ended_by = why
            self._poll.news.set()

    def _confirm(self, offset: int) -> None:
        world = self._world
        world.expire()
        if offset > 0:
            world.forget_until(offset)
        elif offset < 0 and len(world.waiting) > -offset:
            world.forget_until(world.waiting[offset].update_id)

    async def _collect(self, poll: _Poll, count: int, patience: int) -> list[Json]:
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            if poll.ended_by:
                raise ApiError(409, poll.ended_by)
            self._world.expire()
            updates = [update.wire() for _, update in zip(range(count), self._world.waiting, strict=False)]
            left = deadline - asyncio.get_running_loop().time()
            if updates or left <= 0 or self._closed:
                return updates
            poll.news.clear()
            try:
                await asyncio.wait_for(poll.news.wait(), left)
            except TimeoutError:
                continue
