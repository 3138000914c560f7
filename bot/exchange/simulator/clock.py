"""The venue's clock: market time, which may run faster than the wall or move only when told to.

It starts where the market starts. What it says is where the market *ought* to be; the pump moves the market there and
reports how far it came. It refuses to go back.
"""

from __future__ import annotations

from collections.abc import Callable

from core.errors import UserMistake


class VenueClock:
    """Market time = anchor + (wall − wall at the anchor) × speed; with ``speed`` ``None`` it is stepped.

    ``monotonic`` gives wall seconds, ``wall_ms`` the wall's epoch time (nonces of clients that know no market time).
    """

    def __init__(
        self, start_ms: int, *, speed: float | None, monotonic: Callable[[], float], wall_ms: Callable[[], int]
    ) -> None:
        if speed is not None and not speed > 0:
            raise UserMistake(
                f"a clock cannot run at speed {speed}; give a number over 0, or step it", value=str(speed)
            )
        self.speed = speed
        self.wall_ms = wall_ms
        self._monotonic = monotonic
        self._anchor_ms = start_ms
        self._anchor_wall = monotonic()

    @property
    def stepped(self) -> bool:
        """Whether time moves only by ``POST /clock``."""
        return self.speed is None

    def wall_seconds(self) -> float:
        """Wall time since an arbitrary moment, in seconds."""
        return self._monotonic()

    def target_ms(self) -> int:
        """Where the market ought to be now."""
        if self.speed is None:
            return self._anchor_ms
        return self._anchor_ms + int((self._monotonic() - self._anchor_wall) * 1000 * self.speed)

    def anchor(self, now_ms: int) -> None:
        """Go on from ``now_ms``: after a start, after a step, or when the market could not keep up with the speed."""
        self._anchor_ms = now_ms
        self._anchor_wall = self._monotonic()

    def hold(self, now_ms: int, pause_ms: int) -> None:
        """Stand still at ``now_ms`` for as long as ``pause_ms`` of market time would have taken; then go on."""
        self._anchor_ms = now_ms - pause_ms
        self._anchor_wall = self._monotonic()
