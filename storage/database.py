"""The database as an engine with two doors: one to read, one to write. One code path for SQLite and PostgreSQL.

A write is one transaction: all of it or nothing. SQLite takes its write lock when the transaction begins, never in
the middle of it, so that two writers wait for each other instead of failing; inside this process they queue in order
of arrival. What the database says is translated here: callers see Vektor's errors only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import BrokenInvariant, StorageUnavailable
from core.settings import Storage
from storage.driver import opener

if TYPE_CHECKING:
    from collections.abc import Iterator

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
"""A commit that returned survives a power cut (FULL); readers never wait for the writer (WAL)."""


def nobody() -> None:
    """Wake no one: what is rung after a commit when nobody waits for it."""


class Database:
    """Connections to one database. Close it with :meth:`close`; threads and sockets live until then."""

    def __init__(self, engine: AsyncEngine, rules: Storage) -> None:
        self.rules = rules
        self._reader = engine
        self._writer = engine.execution_options(writes=True)
        self._turn = asyncio.Lock()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._reader.dialect.name

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view; nothing written through it stays. Raises :class:`StorageUnavailable`."""
        with translated():
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, durable when the block has been left. Raises :class:`StorageUnavailable`."""
        with translated():
            async with self._turn, self._writer.begin() as connection:
                yield connection

    async def open(self) -> None:
        """Make every connection of the pool: what a run holds open is there from its start. Raises
        :class:`StorageUnavailable`."""
        async with AsyncExitStack() as stack:
            for _ in range(self.rules.connections):
                await stack.enter_async_context(self.reading())

    async def close(self) -> None:
        """Give every connection back."""
        await self._reader.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """The database's complaints as Vektor's errors: unavailable, or a value that must never have come this far."""
    try:
        yield
    except IntegrityError as error:
        raise BrokenInvariant(f"the database refuses a row: {error.orig}") from error
    except DBAPIError as error:
        raise StorageUnavailable(f"the database does not answer: {error.orig}") from error
    except StatementError as error:
        raise BrokenInvariant(f"a value cannot be stored: {error.orig}") from error
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise StorageUnavailable(f"the database cannot be reached: {error}") from error


def engine_for(url: URL, rules: Storage, **options: Any) -> AsyncEngine:
    """An engine for ``url`` (``sqlite+aiosqlite`` or ``postgresql+asyncpg``); it connects when first used."""
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_pre_ping=True, **options)
    engine = create_async_engine(url, async_creator=opener(url), **options)
    prepare_sqlite(engine.sync_engine, rules)
    return engine


def prepare_sqlite(engine: Engine, rules: Storage) -> None:
    """Have every connection of a SQLite engine durable, patient, and begin its transactions as it should."""
    event.listen(engine, "connect", _prepare(rules))
    event.listen(engine, "begin", _begin)


def pooled(url: URL, rules: Storage) -> AsyncEngine:
    """The engine of a running program: a bounded pool."""
    return engine_for(url, rules, pool_size=rules.connections, max_overflow=0)


def _prepare(rules: Storage) -> Any:
    """What every new SQLite connection is told."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, see _begin
        cursor = connection.cursor()
        for pragma in (f"busy_timeout = {rules.busy_ms}", *PRAGMAS):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _begin(connection: Connection) -> None:
    """Begin with the write lock in hand where something will be written."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
