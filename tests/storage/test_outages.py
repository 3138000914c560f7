"""A full disk, a server that hangs up: said in Vektor's words, nothing half-stored, and over when it is over."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from core.errors import StorageUnavailable
from core.settings import Storage
from storage.database import Database
from storage.ledger import SqlLedger
from tests.storage import samples


async def limit_pages(database: Database, pages: int) -> None:
    """Let the file grow to so many pages, as a full disk would."""
    async with database.reading() as connection:
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))


async def test_a_full_disk_stores_nothing_of_a_call_and_the_next_one_works(sqlite: Database) -> None:
    ledger = SqlLedger(sqlite, "sim")
    fills = [samples.fill(number) for number in range(5_000)]
    await limit_pages(sqlite, 120)
    with pytest.raises(StorageUnavailable, match="full"):
        await ledger.store(fills=fills, trade=samples.trade(), at_ms=1)
    assert list(await ledger.fills(0)) == []
    assert list(await ledger.trades(1)) == []
    await limit_pages(sqlite, 100_000)
    await ledger.store(fills=fills, at_ms=1)
    assert len(await ledger.fills(0)) == 5_000


async def test_a_server_that_closed_our_connections_is_reached_again(postgres: Database) -> None:
    ledger = SqlLedger(postgres, "sim")
    await ledger.store(fills=[samples.fill()], at_ms=1)
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    async with postgres.reading() as first, postgres.reading() as second:
        assert first is not second
    async with postgres.reading() as connection:
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    for _ in range(Storage().connections + 1):
        assert list(await ledger.fills(0)) == [samples.fill()]


async def test_a_connection_that_dies_within_a_call_is_an_outage_and_leaves_nothing(postgres: Database) -> None:
    writing = "state = 'idle in transaction' AND pid <> pg_backend_pid()"

    async def interrupted() -> None:
        async with postgres.writing() as doomed:
            await doomed.execute(text("INSERT INTO updates (update_id, seen_ms) VALUES (1, 1)"))
            async with postgres.reading() as killer:
                await killer.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {writing}"))
            await doomed.execute(text("INSERT INTO updates (update_id, seen_ms) VALUES (2, 1)"))

    with pytest.raises(StorageUnavailable):
        await interrupted()
    async with postgres.reading() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM updates"))).scalar_one() == 0
    await SqlLedger(postgres, "sim").store(fills=[samples.fill()], at_ms=1)
