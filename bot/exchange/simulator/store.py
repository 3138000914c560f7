"""The state file: the newest checkpoint, the past before it, the journal since, and how far time may go.

It is written off the loop. A checkpoint holds only what can still change; what is over is added once and left alone.
It is SQLite in WAL mode with one writing thread; what was confirmed survives ``kill -9``. It refuses to mix two venues:
a file made over another market is not opened.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.exchange.simulator.journal import Line, decode_past, encode_past, is_history
from bot.exchange.simulator.state import Past
from core.errors import BadData, StartRefused

FORMAT = 1
"""Version of the file's contents."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS past (number INTEGER PRIMARY KEY AUTOINCREMENT, line BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal (number INTEGER PRIMARY KEY, line BLOB NOT NULL);
"""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a state file holds. ``reserved_ms`` is the latest market time that anybody may have been shown."""

    reserved_ms: int
    state: dict[str, Any]
    market: dict[str, Any]
    past: Sequence[Past]
    lines: Sequence[Line]


class Store:
    """One state file. ``origin`` names the market it belongs to."""

    def __init__(self, file: Path, origin: str) -> None:
        self._file = file
        self._origin = origin
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="venue-state")
        self._connection: sqlite3.Connection | None = None
        self._last = 0
        self._waiting: list[tuple[int, Line]] = []
        self._flush: asyncio.Task[None] | None = None

    async def open(self) -> Saved | None:
        """Open or make the file; what it holds, or ``None`` when it is new. Raises :class:`StartRefused`."""
        return await self._off_loop(self._open)

    async def append(self, line: Line) -> None:
        """Add a line; returns when it is durable. Lines of one moment share one write."""
        self._last += 1
        self._waiting.append((self._last, line))
        await self.durable()

    def note(self, line: Line) -> None:
        """Add a line without waiting; :meth:`durable` waits for it."""
        self._last += 1
        self._waiting.append((self._last, line))

    async def durable(self) -> None:
        """Wait until every line added so far is on disk."""
        while self._waiting or self._flush is not None:
            if self._flush is None:
                self._flush = asyncio.create_task(self._flush_waiting())
            await asyncio.shield(self._flush)

    async def _flush_waiting(self) -> None:
        """Write everything that waits, in one go."""
        lines, self._waiting = self._waiting, []
        try:
            await self._off_loop(lambda: self._add(lines))
        finally:
            self._flush = None

    async def reserve(self, until_ms: int) -> None:
        """Let market time go as far as ``until_ms``; returns when that is durable."""
        await self._off_loop(lambda: self._put({"reserved_ms": until_ms}))

    def checkpoint(
        self, reserved_ms: int, state: dict[str, Any], market: dict[str, Any], past: Sequence[Past]
    ) -> asyncio.Future[None]:
        """Replace the whole, taken at this moment, and add to the past; the future is done when it is durable."""
        facts = {"reserved_ms": reserved_ms, "state": state, "market": market, "lines": self._last}
        facts |= {"origin": self._origin, "format": FORMAT}
        return asyncio.ensure_future(self._off_loop(lambda: self._replace(facts, past)))

    async def close(self) -> None:
        """Close the file; what was added is written first."""
        await self.durable()
        await self._off_loop(self._close)
        self._thread.shutdown()

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> Saved | None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_SCHEMA)
            return self._read()
        except (OSError, sqlite3.Error, msgspec.MsgspecError, BadData) as error:
            raise StartRefused(f"the venue's state file {self._file} cannot be used: {error}") from error

    def _read(self) -> Saved | None:
        facts = {name: msgspec.json.decode(value) for name, value in self._rows("SELECT name, value FROM facts")}
        if "state" not in facts:
            return None
        if facts["format"] != FORMAT or facts["origin"] != self._origin:
            raise StartRefused(
                f"the venue's state file {self._file} belongs to {facts['origin']!r} (format {facts['format']}), "
                f"not to {self._origin!r} (format {FORMAT}); give another file"
            )
        lines = [(int(n), line) for n, line in self._rows("SELECT number, line FROM journal ORDER BY number")]
        self._last = max([facts["lines"], *(number for number, _ in lines)])
        kept = [msgspec.json.decode(line, type=Line) for number, line in lines if number > facts["lines"]]
        past = [decode_past(line) for _, line in self._rows("SELECT number, line FROM past ORDER BY number")]
        return Saved(facts["reserved_ms"], facts["state"], facts["market"], past, kept)

    def _rows(self, sql: str) -> Sequence[tuple[Any, Any]]:
        return self._connected().execute(sql).fetchall()

    def _add(self, lines: Sequence[tuple[int, Line]]) -> None:
        rows = [(number, msgspec.json.encode(line)) for number, line in lines]
        with _transaction(self._connected()) as connection:
            connection.executemany("INSERT INTO journal VALUES (?, ?)", rows)

    def _put(self, facts: Mapping[str, Any]) -> None:
        with _transaction(self._connected()) as connection:
            _write(connection, facts)

    def _replace(self, facts: Mapping[str, Any], past: Sequence[Past]) -> None:
        lines = [(encode_past(one),) for one in past if is_history(one)]
        with _transaction(self._connected()) as connection:
            _write(connection, facts)
            connection.executemany("INSERT INTO past (line) VALUES (?)", lines)
            connection.execute("DELETE FROM journal WHERE number <= ?", (facts["lines"],))

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StartRefused(f"the venue's state file {self._file} is not open")
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _write(connection: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
    rows = [(name, msgspec.json.encode(value)) for name, value in facts.items()]
    connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing on a connection that commits by itself otherwise."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
