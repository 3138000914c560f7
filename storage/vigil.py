"""What is kept in mind while real money is traded: one row per book."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.risk.vigil import Vigil
from storage.rows import replace, row_of, value_of
from storage.tables import VIGILS


async def write_vigil(connection: AsyncConnection, book: str, vigil: Vigil | None, at_once: int) -> None:
    """This one and no other; ``None`` leaves what is there."""
    if vigil is not None:
        await replace(connection, VIGILS, [row_of(vigil, book=book)], ("book",), at_once)


async def read_vigil(connection: AsyncConnection, book: str) -> Vigil:
    """The latest; an empty one where none was stored."""
    row = (await connection.execute(select(VIGILS).where(VIGILS.c.book == book))).mappings().one_or_none()
    return Vigil() if row is None else value_of(row, Vigil)
