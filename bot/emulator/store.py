"""Keeps the chat over the death of the process: one SQLite file of JSON records and blobs.

Only what changed is written, in one transaction, in a thread. A save returns when the data is in the file, so whoever
waits for it may promise. Without a path everything stays in memory. It knows no Telegram rule.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bot.emulator.records import Chat, Desk, Post, Press, StoredFile, Waiting
from bot.emulator.wire import ApiError, Json
from bot.emulator.world import World

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob (key TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
_VERSION: Final = 1
_Change = tuple[str, str, str | None]


class Store:
    """The state file of one local chat."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._lock = asyncio.Lock()

    async def open(self, world: World) -> None:
        """Open the file and read it into the world. Raises OSError naming the file when it cannot be used."""
        if self._path is None:
            return
        try:
            records = await asyncio.to_thread(self._open, self._path)
            restore(world, records)
        except (sqlite3.Error, OSError, TypeError, KeyError, ValueError) as error:
            await self.close()
            raise OSError(f"the chat's state file {self._path} cannot be used: {error}") from error

    def _open(self, path: Path) -> list[tuple[str, str, str]]:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise ValueError(f"it has version {version}, this program reads {_VERSION}; move it away to begin anew")
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA user_version = {_VERSION}")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        return self._db.execute("SELECT kind, key, body FROM record").fetchall()

    async def save(self, world: World) -> None:
        """Write what is dirty; ApiError 500 when the disk refuses, and then it stays dirty."""
        if self._db is None:
            world.dirty.clear()
            return
        async with self._lock:
            if not world.dirty:
                return
            dirty, world.dirty = world.dirty, set()
            changes = [(kind, key, _body(world, kind, key)) for kind, key in dirty]
            blobs = dict(world.blobs)
            try:
                await asyncio.to_thread(self._write, self._db, changes, blobs)
            except sqlite3.Error as error:
                world.dirty |= dirty
                raise ApiError(500, f"Internal Server Error: the chat's state could not be written: {error}") from error
            for key in blobs:
                world.blobs.pop(key, None)

    @staticmethod
    def _write(db: sqlite3.Connection, changes: list[_Change], blobs: dict[str, bytes]) -> None:
        db.execute("BEGIN")
        try:
            for kind, key, body in changes:
                if body is None:
                    db.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))
                else:
                    db.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, key, body))
            db.executemany("INSERT OR REPLACE INTO blob VALUES (?, ?)", blobs.items())
            db.execute("COMMIT")
        except sqlite3.Error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    async def blob(self, world: World, file_id: str) -> bytes | None:
        """The bytes of a file."""
        if file_id in world.blobs or self._db is None:
            return world.blobs.get(file_id)
        async with self._lock:
            row = await asyncio.to_thread(self._read_blob, self._db, file_id)
        return row or world.blobs.get(file_id)

    @staticmethod
    def _read_blob(db: sqlite3.Connection, file_id: str) -> bytes | None:
        row = db.execute("SELECT data FROM blob WHERE key = ?", (file_id,)).fetchone()
        return bytes(row[0]) if row else None

    async def close(self) -> None:
        """Close the file."""
        async with self._lock:
            if self._db is not None:
                await asyncio.to_thread(self._db.close)
                self._db = None


def _record(world: World, kind: str, key: str) -> Any:
    match kind:
        case "desk":
            return world.desk
        case "chat":
            return world.chats.get(int(key))
        case "post":
            chat_id, message_id = key.split(":")
            return world.posts.get(int(chat_id), {}).get(int(message_id))
        case "file":
            return world.files.get(key)
        case "press":
            return world.presses.get(key)
        case "update":
            return next((u for u in world.waiting if u.update_id == int(key)), None)
        case _:
            raise KeyError(f"no records of kind {kind!r}")


def _body(world: World, kind: str, key: str) -> str | None:
    record = _record(world, kind, key)
    return None if record is None else json.dumps(asdict(record), ensure_ascii=False)


def restore(world: World, records: list[tuple[str, str, str]]) -> None:
    """Put saved records into a fresh world; what was never saved keeps its first state."""
    keep: dict[str, Callable[[Json], None]] = {
        "desk": lambda body: setattr(world, "desk", Desk(**{**body, "bot_id": world.desk.bot_id})),
        "chat": lambda body: world.chats.__setitem__(body["id"], Chat(**body)),
        "post": lambda body: _keep_post(world, Post(**body)),
        "file": lambda body: world.files.__setitem__(body["file_id"], StoredFile(**body)),
        "press": lambda body: world.presses.__setitem__(body["query_id"], Press(**body)),
        "update": lambda body: world.waiting.append(Waiting(**body)),
    }
    for kind, _, body in sorted(records):
        keep[kind](json.loads(body))
    for chat_id, posts in world.posts.items():
        world.posts[chat_id] = dict(sorted(posts.items()))
    world.waiting.extend(sorted((world.waiting.popleft() for _ in range(len(world.waiting))), key=_update_id))
    for chat_id in world.chats:
        world.posts.setdefault(chat_id, {})


def _keep_post(world: World, post: Post) -> None:
    world.posts.setdefault(post.chat_id, {})[post.message_id] = post


def _update_id(update: Waiting) -> int:
    return update.update_id
