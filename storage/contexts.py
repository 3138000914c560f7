"""What the venue said of its markets: funding and open interest by coin and time, as far back as a day's change needs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.market.snapshots import Context
from storage.rows import exact, insert_new, row_of, values
from storage.tables import CONTEXTS


async def write_contexts(connection: AsyncConnection, book: str, contexts: Sequence[Context], at_once: int) -> None:
    """Add what is not known yet."""
    await insert_new(connection, CONTEXTS, (row_of(one, book=book) for one in contexts), at_once)


async def contexts_since(connection: AsyncConnection, book: str, since_ms: int, at_once: int) -> Sequence[Context]:
    """By time, then coin."""
    query = select(CONTEXTS).where(CONTEXTS.c.book == book, CONTEXTS.c.at_ms >= since_ms)
    query = query.order_by(CONTEXTS.c.at_ms, exact(connection, CONTEXTS.c.coin))
    return await values(connection, query, Context, at_once)
