"""Databases to test on: SQLite always, and a PostgreSQL server of the tests' own where its programs are installed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from core.settings import Storage
from storage.database import Database, pooled
from storage.start import FILE, database_url, open_database
from storage.tables import METADATA
from tests.storage.postgres import PostgresServer, find_server


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("blank")

    async def make() -> None:
        await (await open_database(folder)).close()

    asyncio.run(make())
    return folder / FILE


@pytest.fixture
async def sqlite(tmp_path: Path, blank_file: Path) -> AsyncIterator[Database]:
    shutil.copy(blank_file, tmp_path / FILE)
    database = Database(pooled(database_url(tmp_path, None), Storage()), Storage())
    yield database
    await database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with find_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database that all tests share, one after the other."""

    async def make(stack: AsyncExitStack) -> str:
        url = await stack.enter_async_context(postgres_server.fresh())
        await (await open_database(tmp_path_factory.mktemp("blank"), url)).close()
        return url

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(make(stack))
        runner.run(stack.aclose())


@pytest.fixture
async def postgres(postgres_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(pooled(database_url(tmp_path, postgres_url), Storage()), Storage())
    yield database
    async with database.writing() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY"))
    await database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both."""
    return request.getfixturevalue(request.param)
