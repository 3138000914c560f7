"""Telegram's sending limits: 30 a second in all, one a second per chat after a short burst, 20 a minute per group.

Edits count like messages. Off unless switched on (page menu or control API): the published numbers are a floor that
Telegram does not promise, and most tests want to send as fast as they can.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

from bot.emulator import limits
from bot.emulator.clock import Clock
from bot.emulator.faults import flood_wait

_COUNTED: Final = (
    "sendmessage",
    "sendphoto",
    "senddocument",
    "sendmediagroup",
    "edit",
    "forward",
    "copy",
    "createforum",
)


class Flood:
    """Sliding windows over what the bot sent."""

    def __init__(self, now_ms: Clock) -> None:
        self._now_ms = now_ms
        self._sent: dict[str, deque[int]] = defaultdict(deque)

    def check(self, method: str, chat: str) -> None:
        """Count a call; ApiError 429 when a window is full."""
        if not method.lower().startswith(_COUNTED):
            return
        now = self._now_ms()
        windows = [("", limits.FLOOD_ALL_PER_SECOND, 1000)]
        if chat.startswith(("-", "@")):
            windows.append((chat, limits.FLOOD_GROUP_PER_MINUTE, 60_000))
        else:
            burst = limits.FLOOD_CHAT_BURST
            windows.append((chat, burst, burst * 1000 // limits.FLOOD_CHAT_PER_SECOND))
        for key, count, span_ms in windows:
            sent = self._sent[key]
            while sent and sent[0] <= now - span_ms:
                sent.popleft()
            if len(sent) >= count:
                raise flood_wait(max(1, -(-(sent[0] + span_ms - now) // 1000)))
        for key, _, _ in windows:
            self._sent[key].append(now)
