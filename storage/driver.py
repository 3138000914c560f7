"""The SQLite driver, made safe to cancel: what was begun in a transaction is not torn apart by a cancellation.

Without this, cancelling a task in the middle of a statement makes SQLAlchemy throw the connection away without a
rollback. SQLite keeps a thrown-away connection alive, its write lock included, as long as anything still refers to one
of its cursors, and the traceback of the cancellation does: every later write then fails with "database is locked". So
a cancellation never reaches a call to SQLite. It is heard at the next thing the task waits for that is none: in the
block of the transaction, which is then rolled back, or when the transaction is over. Either way it is whole.

And made quick: each call goes to the connection's thread and back, which costs more than what it does there, so that a
statement makes one such way instead of four (make a cursor, execute, fetch, close).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL

CHUNK = 64
"""Rows fetched at a time, as the library has it."""


class Whole(aiosqlite.Cursor):
    """A statement with all its rows, in one call to the connection's thread. Refuses to hand rows out in parts."""

    def __init__(self, connection: Uninterrupted, connected: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connection, None)  # type: ignore[arg-type]  # made anew, in its thread, by each statement
        self._connected = connected
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        """Run it and fetch what it found."""
        await self._execute(self._all, sqlite3.Cursor.execute, sql, parameters or ())  # type: ignore[no-untyped-call]
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """Run it once for each row of parameters."""
        await self._execute(self._all, sqlite3.Cursor.executemany, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    def _all(self, run: Callable[[sqlite3.Cursor, str, Any], object], sql: str, parameters: Any) -> None:
        """What the thread does. A closed cursor still tells its description, its row count and the last row's id."""
        self._cursor = self._connected().cursor()
        with closing(self._cursor):
            run(self._cursor, sql, parameters)
            self._rows = self._cursor.fetchall() if self._cursor.description is not None else []

    async def fetchall(self) -> list[Any]:
        """Every row, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """It is closed as soon as it is fetched."""


class Uninterrupted(aiosqlite.Connection):
    """A connection whose calls to SQLite run to their end; who cancels meanwhile is heard after them."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, CHUNK)
        self._thread.daemon = True  # as SQLAlchemy has it: a thread must not keep the process alive

    def cursor(self) -> Whole:  # type: ignore[override]  # no way to the thread, so nothing to wait for
        """One for a statement; making it costs nothing."""
        return Whole(self, lambda: self._conn)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run ``fn`` in the connection's thread; every call of the library goes through here."""
        call = asyncio.ensure_future(super()._execute(fn, *args, **kwargs))  # type: ignore[no-untyped-call]
        cancelled = False
        while not call.done():
            try:
                await asyncio.wait([call])
            except asyncio.CancelledError:
                cancelled = True
        task = asyncio.current_task()
        if cancelled and task is not None:
            task.uncancel()  # the same cancellation once more, not a second one: timeouts count them
            task.cancel()
        return call.result()


def opener(url: URL) -> Callable[[], Uninterrupted]:
    """What opens a connection to the file of ``url`` (``sqlite+aiosqlite``), for SQLAlchemy's ``async_creator``."""
    arguments, options = url.get_dialect()().create_connect_args(url)
    return partial(Uninterrupted, partial(sqlite3.connect, *arguments, **options))
