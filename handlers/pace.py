"""Telegram's published limits, kept before Telegram has to remind us: overall, per chat, per group.

Edits share the budget of messages; answers to taps are free. The numbers are a floor, not a contract, so a 429 that
comes anyway holds that one chat for as long as it says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from core.settings import Chat

SECOND_MS, MINUTE_MS = 1_000, 60_000


class Bucket:
    """A token bucket: ``burst`` at once, then one per ``every_ms``."""

    __slots__ = ("_at_ms", "_tokens", "burst", "every_ms")

    def __init__(self, burst: float, every_ms: float, now_ms: int) -> None:
        self.burst, self.every_ms = burst, every_ms
        self._tokens, self._at_ms = burst, now_ms

    def wait_ms(self, now_ms: int) -> float:
        """How long until one may go."""
        self._refill(now_ms)
        return max(0.0, (1 - self._tokens) * self.every_ms)

    def take(self, now_ms: int) -> None:
        """One goes."""
        self._refill(now_ms)
        self._tokens -= 1

    def _refill(self, now_ms: int) -> None:
        self._tokens = min(self.burst, self._tokens + max(0, now_ms - self._at_ms) / self.every_ms)
        self._at_ms = now_ms


class Pace:
    """When the next message of a chat may leave. ``now_ms`` is any clock that runs with the wall."""

    def __init__(
        self,
        chat: Chat,
        now_ms: Callable[[], int],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.chat, self.now_ms, self.pause = chat, now_ms, pause
        self._all = Bucket(chat.per_second, SECOND_MS / chat.per_second, now_ms())
        self._chats: dict[int, Bucket] = {}
        self._held: dict[int, int] = {}
        self._queues: dict[int, asyncio.Lock] = {}

    async def turn(self, chat_id: int) -> None:
        """Return when a message to ``chat_id`` may leave, first come first served, and count it as left."""
        async with self._queues.setdefault(chat_id, asyncio.Lock()):
            while (wait := self.wait_ms(chat_id)) > 0:
                await self.pause(wait / SECOND_MS)
            now = self.now_ms()
            self._all.take(now)
            self._bucket(chat_id).take(now)

    def wait_ms(self, chat_id: int) -> float:
        """How long the next message to ``chat_id`` must wait."""
        now = self.now_ms()
        held = self._held.get(chat_id, 0) - now
        return max(held, self._all.wait_ms(now), self._bucket(chat_id).wait_ms(now))

    def hold(self, chat_id: int, ms: int) -> None:
        """Telegram asked for quiet in this chat."""
        self._held[chat_id] = max(self._held.get(chat_id, 0), self.now_ms() + ms)

    def _bucket(self, chat_id: int) -> Bucket:
        if chat_id not in self._chats:
            every = MINUTE_MS / self.chat.group_per_minute if chat_id < 0 else self.chat.per_chat_ms
            self._chats[chat_id] = Bucket(self.chat.burst, every, self.now_ms())
        return self._chats[chat_id]
