"""An office per test, on a database of its own. Test files elsewhere import these by their Python names."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.settings import Storage
from storage.database import Database, pooled
from storage.start import FILE, database_url, open_database
from tests.handlers.office import Office


@pytest.fixture(scope="session", name="blank_database")
def make_blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file to copy: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("blank-chat")

    async def make() -> None:
        await (await open_database(folder)).close()

    asyncio.run(make())
    return folder / FILE


@pytest.fixture(name="database")
async def open_blank(tmp_path: Path, blank_database: Path) -> AsyncIterator[Database]:
    shutil.copy(blank_database, tmp_path / FILE)
    opened = Database(pooled(database_url(tmp_path, None), Storage()), Storage())
    yield opened
    await opened.close()


@pytest.fixture(name="office")
async def open_office(database: Database, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Office]:
    """Ann owns the bot. A sentence that lacks a variable fails the test."""
    async with Office(database) as opened:
        yield opened
    assert [r.getMessage() for r in caplog.get_records("call") if r.name == "locales.texts"] == []
