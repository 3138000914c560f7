"""Opening a database: new, old, newer, foreign, damaged, out of reach. Each answer names the place."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import StartRefused
from core.settings import Storage
from storage.database import Database, engine_for
from storage.ledger import SqlLedger
from storage.start import FILE, database_url, open_database, writable
from storage.tables import METADATA
from storage.upgrade import configuration, migrate
from tests.storage.postgres import PostgresServer
from tests.storage.samples import fill

ROOT = Path(__file__).resolve().parents[2]
REVISIONS = [s.revision for s in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An engine on a database without tables."""
    if request.param == "sqlite":
        engine = engine_for(database_url(tmp_path, None), Storage())
        yield engine
        await engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    async with server.fresh() as url:
        engine = engine_for(database_url(tmp_path, url), Storage())
        yield engine
        await engine.dispose()


async def in_transaction(engine: AsyncEngine, work: Any, *arguments: Any) -> Any:
    async with engine.execution_options(writes=True).begin() as connection:
        return await connection.run_sync(work, *arguments)


def difference(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


async def test_the_migrations_make_exactly_the_tables_that_the_code_expects(empty: AsyncEngine) -> None:
    await in_transaction(empty, migrate, "x")
    assert await in_transaction(empty, difference) == []


async def test_the_comparison_would_notice_a_missing_column(empty: AsyncEngine) -> None:
    await in_transaction(empty, migrate, "x")
    await in_transaction(empty, lambda connection: connection.execute(text("ALTER TABLE positions DROP COLUMN atr")))
    assert [change[0] for change in await in_transaction(empty, difference)] == ["add_column"]


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_of_every_older_revision_is_brought_up(empty: AsyncEngine, revision: str) -> None:
    await in_transaction(empty, lambda connection: command.upgrade(configuration(connection), revision))
    await in_transaction(empty, migrate, "x")
    assert await in_transaction(empty, difference) == []


async def test_every_migration_can_be_taken_back(empty: AsyncEngine) -> None:
    await in_transaction(empty, migrate, "x")
    await in_transaction(empty, lambda connection: command.downgrade(configuration(connection), "base"))
    tables = await in_transaction(empty, lambda connection: inspect(connection).get_table_names())
    assert tables == ["alembic_version"]


async def test_a_migration_that_fails_leaves_nothing_behind(empty: AsyncEngine) -> None:
    def interrupted(connection: Connection) -> None:
        migrate(connection, "x")
        raise KeyError("power cut")

    with pytest.raises(KeyError, match="power cut"):
        await in_transaction(empty, interrupted)
    assert await in_transaction(empty, lambda connection: inspect(connection).get_table_names()) == []


async def test_a_new_state_folder_is_made_with_everything_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "a %20 strange" / "state"
    database = await open_database(folder)
    await SqlLedger(database, "sim").store(fills=[fill()], at_ms=1)
    await database.close()
    assert (folder / FILE).is_file()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    again = await open_database(folder)
    assert list(await SqlLedger(again, "sim").fills(0)) == [fill()]
    await again.close()


async def test_commits_survive_a_power_cut_and_readers_do_not_wait(sqlite: Database) -> None:
    async with sqlite.reading() as connection:
        facts = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in ("synchronous", "journal_mode")
        ]
        assert facts == [2, "wal"]
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar_one() == Storage().busy_ms


async def test_a_database_of_a_newer_version_is_refused_naming_both_revisions(tmp_path: Path) -> None:
    await (await open_database(tmp_path)).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()
    with pytest.raises(StartRefused, match=rf"{FILE} is at revision 0999.*newest revision {REVISIONS[-1]}"):
        await open_database(tmp_path)


async def test_a_newer_database_on_a_server_is_refused_without_its_password(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with postgres_server.fresh() as url:
        secret = url.replace("postgres@", "postgres:hunter2@")
        database = await open_database(tmp_path, secret)
        async with database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        await database.close()
        with pytest.raises(StartRefused, match="at revision 0999") as refused:
            await open_database(tmp_path, secret)
        assert "hunter2" not in str(refused.value)


async def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    with pytest.raises(StartRefused, match=rf"{FILE} holds tables that are not Vektor's \(recipes\)"):
        await open_database(tmp_path)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("dear diary, " * 500)
    with pytest.raises(StartRefused, match=rf"{FILE} cannot be used: file is not a database"):
        await open_database(tmp_path)
    assert (tmp_path / FILE).read_text().startswith("dear diary")


async def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    database = await open_database(tmp_path)
    await SqlLedger(database, "sim").store(fills=[fill(n) for n in range(2000)], at_ms=1)
    await database.close()
    whole = bytearray((tmp_path / FILE).read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 40 * 4096] = b"\x5a" * 40 * 4096
    (tmp_path / FILE).write_bytes(whole)
    with pytest.raises(StartRefused, match=FILE):
        await open_database(tmp_path)


async def test_a_database_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StartRefused, match=FILE):
        await open_database(tmp_path)


async def test_a_state_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StartRefused, match=r"the state folder .*state cannot be written"):
        await open_database(tmp_path / "state")


@pytest.mark.skipif(not os.path.ismount("/proc"), reason="no /proc, the one folder that even root cannot write to")
async def test_a_state_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(StartRefused, match=r"the state folder /proc/vektor cannot be written .*--state"):
        await open_database(Path("/proc/vektor"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StartRefused, match=r"cannot be written \(Permission denied\)"):
        writable(tmp_path)


async def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match=r"127\.0\.0\.1:9") as refused:
        await open_database(tmp_path, "postgresql://ann:hunter2@127.0.0.1:9/vektor")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [("mysql://x/y", "names 'mysql'"), ("nonsense", "no database URL"), ("sqlite://", "without a file")],
)
async def test_a_url_that_cannot_be_used_is_explained(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(StartRefused, match=words):
        await open_database(tmp_path, url)


def test_the_front_of_the_package_imports_no_database() -> None:
    code = (
        "import storage, storage.messages, sys; print(sorted({'sqlmodel', 'sqlalchemy', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
