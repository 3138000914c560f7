"""The stage's venue and ledger with something happening just before or just after one of their calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from core.errors import OutcomeUnknown


class Intercepted:
    """A real port; ``before`` and ``instead`` map names of calls to what happens then, as often as it is called."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.before: dict[str, Callable[[], Awaitable[Any]]] = {}
        self.instead: dict[str, Callable[..., Awaitable[Any]]] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            if name in self.before:
                await self.before[name]()
            return await self.instead.get(name, found)(*args, **kwargs)

        return call


class Delayed:
    """A submit that answers nothing; the request reaches the venue when :meth:`arrive` says so."""

    def __init__(self, stage: Any) -> None:
        self.stage, self.held = stage, list[tuple[Any, bool]]()

    async def submit(self, tickets: Any, *, attached: bool) -> Any:
        self.held.append((tickets, attached))
        raise OutcomeUnknown("the answer was lost")

    async def arrive(self) -> None:
        for tickets, attached in self.held:
            await self.stage.venue.submit(tickets, attached=attached)
        self.held.clear()
