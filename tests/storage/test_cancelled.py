"""Cancelling in the middle of a transaction: it is whole or it is not there, and no lock stays behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.settings import Storage
from storage.database import Database, pooled
from storage.start import database_url

ROUNDS = 40
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with one table, that complains soon when it is locked."""
    rules = Storage(busy_ms=300)
    database = Database(pooled(database_url(tmp_path, None), rules), rules)
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE t (x)"))
    yield database
    await database.close()


async def write(database: Database, begun: asyncio.Event | None = None) -> None:
    """One transaction of several statements, a long one among them."""
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO t VALUES (1)"))
        if begun is not None:
            begun.set()
        await connection.execute(text(SLOW))
        await connection.execute(text("INSERT INTO t VALUES (2) RETURNING x"))


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM t"))).scalar_one())


@pytest.mark.parametrize("cancels", [1, 3])
async def test_a_cancelled_write_is_whole_or_absent_and_the_next_one_goes_through(
    database: Database, cancels: int
) -> None:
    kept = []  # the tracebacks, which refer to cursors
    for _ in range(5):
        begun = asyncio.Event()
        task = asyncio.create_task(write(database, begun))
        await begun.wait()
        for _ in range(cancels):
            task.cancel()
            await asyncio.sleep(0)
        kept += await asyncio.gather(task, return_exceptions=True)
        assert isinstance(kept[-1], asyncio.CancelledError)
        assert await count(database) % 2 == 0
        before = await count(database)
        await write(database)
        assert await count(database) == before + 2


async def test_a_block_cancelled_while_it_waits_for_something_else_is_rolled_back(database: Database) -> None:
    begun = asyncio.Event()

    async def waiting() -> None:
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO t VALUES (1)"))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(waiting())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 0
    await write(database)
    assert await count(database) == 2


async def test_a_timeout_around_a_write_is_still_a_timeout(database: Database) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await write(database)
    assert await count(database) % 2 == 0


async def test_writers_cancelled_at_any_point_never_lock_the_database(database: Database) -> None:
    kept = []
    for steps in range(ROUNDS):
        tasks = [asyncio.create_task(write(database)), asyncio.create_task(count(database))]
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        kept.append(await asyncio.gather(*tasks, return_exceptions=True))
        before = await count(database)
        await write(database)
        assert await count(database) == before + 2
