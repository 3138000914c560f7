"""Complete histories from an exchange that answers in pages.

A page is asked for from the time of the last row on, so its first rows repeat; they are known by their identity. The
venue keeps the newest 10,000 fills only: a bot that asks for less than that misses nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import TypeVar

from core.errors import VenueUnavailable

T = TypeVar("T")

PAGE = 500
"""Least number of rows at which a page may have been cut (facts §1: 500, fills 2000)."""


async def complete(
    ask: Callable[[int], Awaitable[Sequence[T]]],
    since_ms: int,
    *,
    time: Callable[[T], int],
    identity: Callable[[T], Hashable],
) -> list[T]:
    """Every row at or after ``since_ms``, oldest first.

    ``ask(start)`` gives a page from a time on, inclusive. Raises :class:`VenueUnavailable` when one millisecond holds
    more rows than a page, which cannot be read completely.
    """
    rows: dict[Hashable, T] = {}
    start_ms = since_ms
    while True:
        page = await ask(start_ms)
        fresh = [row for row in page if identity(row) not in rows]
        rows.update((identity(row), row) for row in fresh)
        if len(page) < PAGE or not fresh:
            return sorted(rows.values(), key=time)
        newest_ms = max(time(row) for row in page)
        if newest_ms == start_ms:
            raise VenueUnavailable(f"more than {len(page)} rows at {newest_ms}: the history cannot be read completely")
        start_ms = newest_ms
