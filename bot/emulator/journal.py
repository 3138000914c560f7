"""What the bot asked for: the last calls, for the page's drawer and for tests."""

from __future__ import annotations

from collections import deque
from typing import Final

from bot.emulator.wire import ApiError, Json

_KEPT: Final = 2000


class Journal:
    """A ring of calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Json] = deque(maxlen=_KEPT)
        self._number = 0

    def note(self, time_ms: int, method: str, params: Json, outcome: object) -> Json:
        """Write a call down with its result or refusal; answers the entry."""
        self._number += 1
        entry: Json = {"number": self._number, "time_ms": time_ms, "method": method, "params": params}
        if isinstance(outcome, ApiError):
            entry |= {"ok": False, "error_code": outcome.code, "description": outcome.description}
        else:
            entry |= {"ok": True, "result": outcome}
        self._calls.append(entry)
        return entry

    def last(self, count: int = _KEPT) -> list[Json]:
        """The newest calls, oldest first."""
        return list(self._calls)[-count:]
