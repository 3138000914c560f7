"""How the governor last stood, one row per book; and how it stood before, one row per book and quarter of an hour."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.risk.governor import PATH_MS, Standing
from storage.rows import replace, row_of, value_of, values
from storage.tables import STANDINGS, STANDINGS_BEFORE


async def write_standing(connection: AsyncConnection, book: str, standing: Standing | None, at_once: int) -> None:
    """This one and no other, and the last one of its quarter of an hour; ``None`` leaves what is there."""
    if standing is not None:
        row = row_of(standing, book=book)
        await replace(connection, STANDINGS, [row], ("book",), at_once)
        before = row | {"slot": standing.at_ms // PATH_MS}
        await replace(connection, STANDINGS_BEFORE, [before], ("book", "slot"), at_once)


async def read_standing(connection: AsyncConnection, book: str) -> Standing | None:
    """The latest."""
    row = (await connection.execute(select(STANDINGS).where(STANDINGS.c.book == book))).mappings().one_or_none()
    return None if row is None else value_of(row, Standing)


async def standings_since(connection: AsyncConnection, book: str, since_ms: int, at_once: int) -> Sequence[Standing]:
    """By time."""
    table = STANDINGS_BEFORE
    query = select(table).where(table.c.book == book, table.c.slot >= since_ms // PATH_MS).order_by(table.c.slot)
    return await values(connection, query, Standing, at_once)
