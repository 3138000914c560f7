"""What happened to the account, as words that call for a look: the same word twice before anyone looked is one word.

Frames are never the news themselves (state is read back), so nothing is lost by merging them and nothing can pile up.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec

from bot.exchange.hyperliquid.frames import FillsFrame, Frame, UserEvent

log = logging.getLogger(__name__)

GAP = "gap"
_EVENTS = {"fills": "fill", "funding": "funding", "liquidation": "liquidation", "non_user_cancel": "order"}


def subscriptions(account: str) -> list[dict[str, Any]]:
    """What an account's own stream consists of; every dex is in it."""
    return [{"type": kind, "user": account} for kind in ("userFills", "orderUpdates", "userEvents")]


class Nudges:
    """Hears an account's frames and keeps the words that nobody has taken yet."""

    def __init__(self) -> None:
        self._words: dict[str, None] = {}
        self._there = asyncio.Event()

    def hear(self, frame: Frame) -> None:
        """Take note of one frame."""
        try:
            words = _words_of(frame)
        except msgspec.DecodeError as error:
            log.warning("a %s frame that cannot be read: %s", frame.channel, error)
            words = [GAP]
        for word in words:
            self.add(word)

    def missed(self) -> None:
        """Something may have been missed."""
        self.add(GAP)

    def add(self, word: str) -> None:
        """Put ``word`` behind those that wait, unless it waits already."""
        self._words.setdefault(word)
        self._there.set()

    async def next(self) -> str:
        """The oldest word that waits, or the next one to come."""
        await self._there.wait()
        word = next(iter(self._words))
        del self._words[word]
        if not self._words:
            self._there.clear()
        return word


def _words_of(frame: Frame) -> list[str]:
    if frame.channel == "userFills":
        news = msgspec.json.decode(frame.data, type=FillsFrame)
        return [] if news.is_snapshot or not news.fills else ["fill"]
    if frame.channel == "orderUpdates":
        return ["order"]
    if frame.channel == "user":
        event = msgspec.json.decode(frame.data, type=UserEvent)
        return [word for name, word in _EVENTS.items() if getattr(event, name) is not None]
    return []
