"""Margin added to positions: what was asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.trading.injections import Injection, InjectionState
from storage.rows import exact, replace, row_of, values
from storage.tables import INJECTIONS


async def write_injections(
    connection: AsyncConnection, book: str, injections: Sequence[Injection], at_once: int
) -> None:
    """Replace those of the same position and time."""
    rows = [row_of(one, book=book) for one in injections]
    await replace(connection, INJECTIONS, rows, ("book", "position_id", "asked_ms"), at_once)


async def open_injections(connection: AsyncConnection, book: str, at_once: int) -> Sequence[Injection]:
    """Those without a known outcome, by time asked, then position."""
    query = select(INJECTIONS).where(INJECTIONS.c.book == book, INJECTIONS.c.state == InjectionState.ASKED.value)
    query = query.order_by(INJECTIONS.c.asked_ms, exact(connection, INJECTIONS.c.position_id))
    return await values(connection, query, Injection, at_once)
