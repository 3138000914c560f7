"""Market time as the bot sees it: real time, faster time, or time that only moves when the driver moves it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


def wall_ms() -> int:
    """Epoch milliseconds of the wall."""
    return time.time_ns() // 1_000_000


class MarketClock:
    """Market time that passes ``speed`` times as fast as the wall, from where the venue said it stands.

    With ``speed`` 1 and no :meth:`sync` it is real time.
    """

    def __init__(self, wall: Callable[[], int] = wall_ms, *, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"a clock cannot run at speed {speed}; give a number over 0")
        self._wall = wall
        self._speed = speed
        self._wall_zero = self._market_zero = wall()

    def sync(self, market_ms: int) -> None:
        """Set market time to what the venue says it is now."""
        self._wall_zero, self._market_zero = self._wall(), market_ms

    def now_ms(self) -> int:
        """Market time, epoch ms."""
        return self._market_zero + math.floor((self._wall() - self._wall_zero) * self._speed)

    def span_ms(self, wall_ms: int) -> int:
        """Market time that passes while ``wall_ms`` pass, at least as much."""
        return math.ceil(wall_ms * max(1.0, self._speed))

    def wall_until(self, market_ms: int) -> float:
        """Wall seconds until market time reaches ``market_ms``; 0 when it has passed."""
        return max(0.0, (market_ms - self.now_ms()) / self._speed / 1000)


class SteppedClock:
    """Market time that stands still until moved (lockstep runs)."""

    def __init__(self, now_ms: int) -> None:
        self._now = now_ms

    def move_to(self, now_ms: int) -> None:
        """Move forward. Raises ``ValueError`` for a step back."""
        if now_ms < self._now:
            raise ValueError(f"market time cannot go back from {self._now} to {now_ms}")
        self._now = now_ms

    def now_ms(self) -> int:
        """Market time, epoch ms."""
        return self._now

    def span_ms(self, wall_ms: int) -> int:
        """The same span: within a step no market time passes."""
        return wall_ms
