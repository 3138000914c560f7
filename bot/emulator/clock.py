"""Time as the local chat sees it: a callable that answers milliseconds since 1970 (UTC).

The server takes any such callable. Tests give it a :class:`SteppedClock`, which stands still until it is told to move,
so that 24 hours of update retention pass in a microsecond. Nothing in this package reads the machine's clock itself.
"""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], int]


class SteppedClock:
    """A clock that moves only by :meth:`advance`."""

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms

    def __call__(self) -> int:
        """Milliseconds since 1970, UTC."""
        return self._now_ms

    def advance(self, step_ms: int) -> int:
        """Move forward and answer the new time. Raises ValueError for a step backwards."""
        if step_ms < 0:
            raise ValueError(f"a clock does not go backwards: {step_ms} ms; give 0 or more")
        self._now_ms += step_ms
        return self._now_ms
