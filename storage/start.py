"""Open the database of a state folder, made and migrated as needed; the only door to storage at start.

Everything that can be wrong with the place is said here, by its name: a folder that cannot be written, a URL of an
unknown kind, a file that is no database, one of a newer version.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import StartRefused
from core.settings import Storage
from storage.database import Database, pooled
from storage.upgrade import upgrade

FILE = "vektor.db"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


async def open_database(folder: Path, url: str | None = None, rules: Storage | None = None) -> Database:
    """The database at ``url``, or else the file ``vektor.db`` of the state folder, at the newest revision.

    Checks, migrations and imports run off the loop. Raises :class:`StartRefused` naming the place and what to change.
    """
    rules = rules or Storage()
    await asyncio.to_thread(writable, folder)
    where = database_url(folder, url)
    await asyncio.to_thread(upgrade, where, rules)
    database = Database(await asyncio.to_thread(pooled, where, rules), rules)
    try:
        await database.open()
    except BaseException:
        await database.close()
        raise
    return database


def database_url(folder: Path, url: str | None) -> URL:
    """Where the database is, with the driver that Vektor speaks through. Raises :class:`StartRefused`."""
    if not url:
        return URL.create(DRIVERS["sqlite"], database=str(folder / FILE))
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StartRefused("DATABASE_URL is no database URL; postgresql://user:password@host/name is one") from error
    backend = parsed.drivername.partition("+")[0]
    if backend not in DRIVERS:
        raise StartRefused(
            f"DATABASE_URL names {backend!r}; sqlite:///FILE and postgresql://… are possible", found=backend
        )
    if backend == "sqlite" and not parsed.database:
        raise StartRefused("DATABASE_URL names SQLite without a file; sqlite:////path/to/vektor.db has one")
    return parsed.set(drivername=DRIVERS[backend])


def writable(folder: Path) -> None:
    """Make the state folder if need be, for its owner alone, and try to write into it. Raises :class:`StartRefused`
    naming it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        words = error.strerror or str(error)
        raise StartRefused(
            f"the state folder {folder} cannot be written ({words}): choose another with --state", path=str(folder)
        ) from error
