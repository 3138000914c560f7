"""Databases to test on: SQLite always, and a PostgreSQL server of the tests' own where its programs are installed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage.database import Database
from storage.start import FILE, open_database
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
    database = await open_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with find_server() as server:
        yield server


@pytest.fixture(scope="session")
def blank_name(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated, empty database to copy."""

    async def make(stack: AsyncExitStack) -> str:
        url = await stack.enter_async_context(postgres_server.fresh())
        await (await open_database(tmp_path_factory.mktemp("blank"), url)).close()
        return url.rpartition("/")[2]

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(make(stack))
        runner.run(stack.aclose())


@pytest.fixture
async def postgres(postgres_server: PostgresServer, blank_name: str, tmp_path: Path) -> AsyncIterator[Database]:
    async with postgres_server.fresh(like=blank_name) as url:
        database = await open_database(tmp_path, url)
        yield database
        await database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both."""
    return request.getfixturevalue(request.param)
