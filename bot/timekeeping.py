"""Keeps the bot's clock by the venue's: orders expire, and bars close, when the venue thinks so.

The wall that our clock follows may be set anew under us, or drift. Every reading of the account bears the venue's time;
where ours is further off than such a reading can explain, it is set right. Refuses to believe an answer that stands still.
"""

from __future__ import annotations

import logging

from bot.clock import MarketClock

log = logging.getLogger(__name__)


class Timekeeper:
    """Sets ``clock`` right once it is more than ``skew_ms`` of wall time off."""

    def __init__(self, clock: MarketClock, skew_ms: int) -> None:
        self._clock = clock
        self._skew_ms = skew_ms
        self._heard_ms = 0

    def heard(self, asked_ms: int, theirs_ms: int, answered_ms: int) -> None:
        """The venue said ``theirs_ms`` between two moments of our own clock."""
        frozen = theirs_ms <= self._heard_ms
        self._heard_ms = max(self._heard_ms, theirs_ms)
        if frozen or self._clock.speed is None:
            return
        off_ms = apart(asked_ms, theirs_ms, answered_ms)
        if abs(off_ms) > self._clock.span_ms(self._skew_ms):
            self._clock.shift(off_ms)
            log.warning("our clock was %+d ms off the venue's market time and is set right", -off_ms)


def apart(asked_ms: int, theirs_ms: int, answered_ms: int) -> int:
    """By how much their clock is ahead of ours at least (behind: negative), whenever in between they looked at it.

    >>> apart(1_000, 1_040, 1_100), apart(1_000, 6_100, 1_100), apart(6_000, 1_000, 6_100)
    (0, 5000, -5000)
    """
    return max(0, theirs_ms - answered_ms) + min(0, theirs_ms - asked_ms)
