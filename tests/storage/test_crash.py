"""Killed in the middle of storing, a process leaves all of a call or nothing of it, and loses nothing that returned."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from core.desk import Ledger
from storage.database import Database
from storage.events import Events
from storage.ledger import SqlLedger
from storage.outbox import Outbox
from storage.start import open_database
from tests.storage.postgres import PostgresServer
from tests.storage.writer import BOOK, FILLS, store_bundle

ROOT = Path(__file__).resolve().parents[2]


def killed_after(line: str, *arguments: str) -> int:
    """Run the writer, kill it as soon as it says ``line``; the last bundle that it said was done."""
    command = [sys.executable, "-m", "tests.storage.writer", *arguments]
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for said in process.stdout:
            if said.startswith("done"):
                done = int(said.split()[1])
            if said.strip() == line:
                process.kill()
        assert process.wait() == -9
    return done


async def bundle_sizes(ledger: Ledger, events: Events, number: int) -> tuple[int, ...]:
    """How much of each kind a bundle left: ``WHOLE`` or ``NOTHING``."""
    return (
        len([p for p in await ledger.live_positions() if p.position_id == f"BTC-{number}"]),
        len(await ledger.tickets(f"BTC-{number}")),
        len([f for f in await ledger.fills(number) if f.time_ms == number]),
        len([f for f in await ledger.funding(number) if f.time_ms == number]),
        len([t for t in await ledger.trades(10_000) if t.trade_id == f"BTC-{number}"]),
    )


WHOLE = (1, 3, FILLS, 1, 1)
NOTHING = (0, 0, 0, 0, 0)


async def assert_consistent(database: Database, done: int) -> None:
    """Everything that had returned is there, the next is whole or absent, and the one after never began."""
    ledger, events = SqlLedger(database, BOOK), Events(database, BOOK)
    for number in range(1, done + 1):
        assert await bundle_sizes(ledger, events, number) == WHOLE
    torn = await bundle_sizes(ledger, events, done + 1)
    assert torn in (WHOLE, NOTHING)
    last = done + (torn == WHOLE)
    assert (await ledger.switches()).since_ms == last
    spoken = {out.event_id for out in await Outbox(database).pending(10)}
    waiting = {stored.event_id for stored in await events.unannounced(10_000)}
    assert not spoken & waiting
    assert spoken | waiting == set(range(1, last + 1))


@pytest.mark.chaos
@pytest.mark.parametrize("line", ["begin 1", "done 2", "begin 4"])
async def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path, line: str) -> None:
    done = await asyncio.to_thread(killed_after, line, str(tmp_path))
    database = await open_database(tmp_path)
    await assert_consistent(database, done)
    await store_bundle(SqlLedger(database, BOOK), done + 1)
    assert await bundle_sizes(SqlLedger(database, BOOK), Events(database, BOOK), done + 1) == WHOLE
    await database.close()


@pytest.mark.chaos
@pytest.mark.parametrize("line", ["begin 2", "done 3"])
async def test_a_killed_writer_leaves_a_whole_server(
    tmp_path: Path, postgres_server: PostgresServer, line: str
) -> None:
    async with postgres_server.fresh() as url:
        done = await asyncio.to_thread(killed_after, line, str(tmp_path), url)
        database = await open_database(tmp_path, url)
        await assert_consistent(database, done)
        await database.close()


async def test_a_cancelled_store_leaves_all_or_nothing_and_no_connection_behind(database: Database) -> None:
    ledger, events = SqlLedger(database, BOOK), Events(database, BOOK)
    loop = asyncio.get_running_loop()
    cut_short = 0
    for number in range(1, 25):
        task = asyncio.create_task(store_bundle(ledger, number))
        loop.call_later(0.002 * number, task.cancel)
        [outcome] = await asyncio.gather(task, return_exceptions=True)
        sizes = await bundle_sizes(ledger, events, number)
        assert sizes in (WHOLE, NOTHING) if isinstance(outcome, asyncio.CancelledError) else sizes == WHOLE
        cut_short += sizes == NOTHING
    assert cut_short > 0
    await store_bundle(ledger, 99)
    assert await bundle_sizes(ledger, events, 99) == WHOLE
