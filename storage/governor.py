"""How the governor last stood: one row per book."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.risk.governor import Standing
from storage.rows import replace, row_of, value_of
from storage.tables import STANDINGS


async def write_standing(connection: AsyncConnection, book: str, standing: Standing | None, at_once: int) -> None:
    """This one and no other; ``None`` leaves what is there."""
    if standing is not None:
        await replace(connection, STANDINGS, [row_of(standing, book=book)], ("book",), at_once)


async def read_standing(connection: AsyncConnection, book: str) -> Standing | None:
    """The latest."""
    row = (await connection.execute(select(STANDINGS).where(STANDINGS.c.book == book))).mappings().one_or_none()
    return None if row is None else value_of(row, Standing)
