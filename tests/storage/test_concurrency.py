"""Many at once, in one process and in two, and long histories: nobody is locked out, and the loop keeps turning."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import pytest

from core.errors import StorageUnavailable
from core.settings import Storage
from storage.database import Database, pooled
from storage.decisions import SqlDecisionStore
from storage.ledger import SqlLedger
from storage.start import FILE, database_url, open_database
from storage.updates import Updates
from tests.storage import samples
from tests.storage.samples import decision

ROWS = 10_000


@pytest.fixture
async def other(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> AsyncIterator[Database]:
    """The same database opened a second time, as a second process would."""
    url = None if database.dialect == "sqlite" else request.getfixturevalue("postgres_url")
    second = Database(pooled(database_url(tmp_path, url), Storage()), Storage())
    yield second
    await second.close()


async def test_writers_of_two_programs_wait_for_each_other(database: Database, other: Database) -> None:
    async def write(one: Database, number: int) -> None:
        await SqlLedger(one, "sim").store(
            positions=[samples.position(number)],
            fills=[samples.fill(number)],
            events=[samples.opened(number)],
            at_ms=number,
        )
        await SqlLedger(one, "sim").fills(0)

    await asyncio.gather(*(write(one, number) for number in range(30) for one in (database, other)))
    assert len(await SqlLedger(other, "sim").fills(0)) == 30
    assert len(await SqlLedger(database, "sim").live_positions()) == 30


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    await ledger.store(fills=[samples.fill(1)], at_ms=1)
    async with database.writing() as connection:
        await connection.exec_driver_sql("DELETE FROM fills")
        assert len(await ledger.fills(0)) == 1
    assert len(await ledger.fills(0)) == 0


async def test_two_programs_taking_one_decision_win_once(database: Database, other: Database) -> None:
    stores = [SqlDecisionStore(database), SqlDecisionStore(other)] * 5
    asked = decision()
    await stores[0].offer(asked)
    where = {"user_id": asked.user_id, "chat_id": asked.chat_id, "message_id": 55, "now_ms": asked.created_ms}
    answers = await asyncio.gather(*(store.take(asked.nonce, **where) for store in stores))
    assert answers.count("used") == 9
    assert asked in answers


async def test_two_programs_offered_one_update_take_it_once(database: Database, other: Database) -> None:
    seen = await asyncio.gather(*(Updates(one).seen(7, 1) for one in [database, other] * 5))
    assert seen.count(False) == 1


async def test_a_writer_that_waits_too_long_says_so(tmp_path: Path, sqlite: Database) -> None:
    impatient = Storage(busy_ms=100)
    second = Database(pooled(database_url(tmp_path, None), impatient), impatient)
    async with sqlite.writing():
        with pytest.raises(StorageUnavailable, match="database is locked"):
            await SqlLedger(second, "sim").store(fills=[samples.fill()], at_ms=1)
    await SqlLedger(second, "sim").store(fills=[samples.fill()], at_ms=1)
    await second.close()


async def test_a_database_that_vanished_is_unavailable_not_a_bug(tmp_path: Path, sqlite: Database) -> None:
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageUnavailable):
        await SqlLedger(sqlite, "sim").switches()
    for thread in threading.enumerate():
        if "_connection_worker" in thread.name:  # the driver's; it must say its last word while the loop still runs
            await asyncio.to_thread(thread.join, 10)


class Turns:
    """Watches how much of its own processor time the event loop spends between two turns, in seconds.

    What other tests left in memory is set aside meanwhile, as the program sets aside what its start-up made: going over
    all of it for garbage is no part of what is watched.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._before = time.thread_time()
        self._handle: asyncio.Handle | None = None

    def __enter__(self) -> Self:
        gc.collect()
        gc.freeze()
        self._before = time.thread_time()
        self._turn()
        return self

    def _turn(self) -> None:
        now = time.thread_time()
        self.longest, self._before = max(self.longest, now - self._before), now
        self._handle = asyncio.get_running_loop().call_soon(self._turn)

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()
        if self._handle is not None:
            self._handle.cancel()


async def test_opening_a_new_database_does_not_hold_the_loop(tmp_path: Path) -> None:
    with Turns() as turns:
        database = await open_database(tmp_path)
        await SqlLedger(database, "sim").switches()
    await database.close()
    assert turns.longest < 0.02


async def test_ten_thousand_fills_are_stored_and_read_without_holding_the_loop(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    fills = [samples.fill(number, time_ms=number) for number in range(ROWS)]
    started = time.perf_counter()
    with Turns() as storing:
        await ledger.store(fills=fills, at_ms=1)
    stored = time.perf_counter()
    with Turns() as reading:
        assert await ledger.fills(0) == fills
    read = time.perf_counter()
    assert stored - started < 20
    assert read - stored < 10
    assert storing.longest < 0.02
    assert reading.longest < 0.02


async def test_a_scan_of_the_whole_universe_is_stored_without_holding_the_loop(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    report = samples.report()
    outcomes = [outcome for _ in range(31) for outcome in report.outcomes][:92]
    whole = type(report)(**{name: getattr(report, name) for name in report.__slots__} | {"outcomes": tuple(outcomes)})
    with Turns() as turns:
        await ledger.store_scan(whole)
        assert await ledger.last_scan() == whole
    assert turns.longest < 0.02
