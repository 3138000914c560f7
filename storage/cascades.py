"""Liquidations one by one, and the cascades that were over with what followed them.

An event's id is what its exchange tells it by, as JSON; the same event told again is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.market.liquidations import Liquidation
from core.signals.cascade import Exhaustion
from storage.rows import exact, insert_new, replace, row_of, values
from storage.tables import EXHAUSTIONS, LIQUIDATIONS


async def write_liquidations(
    connection: AsyncConnection, book: str, heard: Sequence[Liquidation], at_once: int
) -> None:
    """Add what is not known yet."""
    rows = (row_of(one, book=book) | {"event_id": msgspec.json.encode(one.event_id).decode()} for one in heard)
    await insert_new(connection, LIQUIDATIONS, rows, at_once)


async def liquidations_since(
    connection: AsyncConnection, book: str, since_ms: int, at_once: int
) -> Sequence[Liquidation]:
    """By time, then exchange."""
    table = LIQUIDATIONS
    query = select(table).where(table.c.book == book, table.c.time_ms >= since_ms)
    result = await connection.execute(query.order_by(table.c.time_ms, exact(connection, table.c.venue)))
    found: list[Liquidation] = []
    for part in result.mappings().partitions(at_once):
        found.extend(_liquidation(dict(row)) for row in part)
    return found


def _liquidation(row: dict[str, Any]) -> Liquidation:
    parts = msgspec.json.decode(row["event_id"])
    return msgspec.convert(row | {"event_id": tuple(parts) if isinstance(parts, list) else parts}, Liquidation)


async def write_exhaustions(
    connection: AsyncConnection, book: str, exhaustions: Sequence[Exhaustion], at_once: int
) -> None:
    """Keep them; those of the same symbol and time take the new values."""
    rows = [row_of(one, book=book) for one in exhaustions]
    await replace(connection, EXHAUSTIONS, rows, ("book", "symbol", "at_ms"), at_once)


async def newest_exhaustions(connection: AsyncConnection, book: str, limit: int, at_once: int) -> Sequence[Exhaustion]:
    """By time, newest first, then symbol."""
    table = EXHAUSTIONS
    query = select(table).where(table.c.book == book)
    query = query.order_by(table.c.at_ms.desc(), exact(connection, table.c.symbol)).limit(limit)
    return await values(connection, query, Exhaustion, at_once)
