"""Market time as the bot sees it: real time, faster time, or time that only moves when the driver moves it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


def wall_ms() -> int:
    """Epoch milliseconds of the wall."""
    return time.time_ns() // 1_000_000


class MarketClock:
    """Market time: real time until :meth:`sync` says where the venue stands and how fast its time passes.

    A speed of ``None`` is a stepped market: time stands still until :meth:`move_to`.
    """

    def __init__(self, wall: Callable[[], int] = wall_ms) -> None:
        self._wall = wall
        self.speed: float | None = 1.0
        self._wall_zero = self._market_zero = wall()

    def sync(self, market_ms: int, speed: float | None) -> None:
        """Take over the venue's time and speed. Raises ``ValueError`` for a speed that is not over 0."""
        if speed is not None and not speed > 0:
            raise ValueError(f"a clock cannot run at speed {speed}; give a number over 0")
        self.speed = speed
        self._wall_zero, self._market_zero = self._wall(), market_ms

    def move_to(self, market_ms: int) -> None:
        """Move a stepped clock forward. Raises ``ValueError`` for a step back."""
        if market_ms < self._market_zero:
            raise ValueError(f"market time cannot go back from {self._market_zero} to {market_ms}")
        self._market_zero = market_ms

    def shift(self, by_ms: int) -> None:
        """Go on from another time than ours, later or (negative) earlier."""
        self._market_zero += by_ms

    def now_ms(self) -> int:
        """Market time, epoch ms."""
        if self.speed is None:
            return self._market_zero
        return self._market_zero + math.floor((self._wall() - self._wall_zero) * self.speed)

    def span_ms(self, wall_ms: int) -> int:
        """Market time that passes while ``wall_ms`` pass, at least as much; within a step it is the same."""
        return math.ceil(wall_ms * max(1.0, self.speed or 1.0))

    def wall_until(self, market_ms: int) -> float:
        """Wall seconds until market time reaches ``market_ms``; 0 when it has passed."""
        return max(0.0, (market_ms - self.now_ms()) / (self.speed or 1.0) / 1000)
