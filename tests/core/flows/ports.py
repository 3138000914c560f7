"""The stage's venue and ledger with something happening just before or just after one of their calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any


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
