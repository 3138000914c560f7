"""The operators' standing decisions: pause, halt, blocks, blackouts and what is watched, replaced as a whole."""

from __future__ import annotations

from dataclasses import replace as replace_fields

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.risk.blackouts import Blackout
from core.risk.switches import Block, Switches, Watch
from storage.rows import append, exact, replace, row_of, value_of
from storage.tables import BLACKOUTS, BLOCKS, SWITCHES, WATCHING


async def write_switches(connection: AsyncConnection, book: str, switches: Switches, at_once: int) -> None:
    """These decisions and no others."""
    row = row_of(switches, book=book)
    del row["blocks"], row["watching"], row["blackouts"]
    await replace(connection, SWITCHES, [row], ("book",), at_once)
    await connection.execute(delete(BLOCKS).where(BLOCKS.c.book == book))
    await append(connection, BLOCKS, [row_of(block, book=book) for block in switches.blocks.values()], at_once)
    await connection.execute(delete(WATCHING).where(WATCHING.c.book == book))
    await append(connection, WATCHING, [row_of(watch, book=book) for watch in switches.watching.values()], at_once)
    await connection.execute(delete(BLACKOUTS).where(BLACKOUTS.c.book == book))
    await append(connection, BLACKOUTS, [row_of(one, book=book) for one in switches.blackouts], at_once)


async def read_switches(connection: AsyncConnection, book: str) -> Switches:
    """The latest; all off when nobody decided anything yet."""
    row = (await connection.execute(select(SWITCHES).where(SWITCHES.c.book == book))).mappings().one_or_none()
    if row is None:
        return Switches()
    found = await connection.execute(select(BLOCKS).where(BLOCKS.c.book == book).order_by(BLOCKS.c.since_ms))
    blocks = [value_of(block, Block) for block in found.mappings()]
    found = await connection.execute(select(WATCHING).where(WATCHING.c.book == book).order_by(WATCHING.c.since_ms))
    watching = [value_of(watch, Watch) for watch in found.mappings()]
    order = (BLACKOUTS.c.at_ms, exact(connection, BLACKOUTS.c.name))
    found = await connection.execute(select(BLACKOUTS).where(BLACKOUTS.c.book == book).order_by(*order))
    return replace_fields(
        value_of(row, Switches),
        blocks={block.symbol: block for block in blocks},
        watching={watch.coin: watch for watch in watching},
        blackouts=tuple(value_of(one, Blackout) for one in found.mappings()),
    )
