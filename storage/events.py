"""Events waiting to be told, in the order stored.

The ledger writes them in the transaction of the change they speak of; the outbox marks them announced in the
transaction that stores their messages. So a crash between the two loses nothing and says nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Event
from storage.database import Database
from storage.event_codec import decode, encode
from storage.rows import append
from storage.tables import EVENTS


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its number and time."""

    event_id: int
    at_ms: int
    event: Event


async def write_events(
    connection: AsyncConnection, book: str, events: Sequence[Event], at_ms: int, at_once: int
) -> None:
    """Add events within the ledger's transaction."""
    rows = []
    for event in events:
        kind, body = encode(event)
        rows.append({"book": book, "at_ms": at_ms, "kind": kind, "body": body, "announced": False})
    await append(connection, EVENTS, rows, at_once)


class Events:
    """The events of one book."""

    def __init__(self, database: Database, book: str) -> None:
        self._database = database
        self._book = book
        self._unreadable: set[int] = set()

    async def unannounced(self, limit: int) -> Sequence[StoredEvent]:
        """At most ``limit`` events that no message speaks of yet, oldest first.

        One that this version cannot read is kept, named once in the log, and passed over.
        """
        found: list[StoredEvent] = []
        last = 0
        async with self._database.reading() as connection:
            while len(found) < limit:
                query = select(EVENTS).where(
                    EVENTS.c.book == self._book, EVENTS.c.announced.is_(False), EVENTS.c.id > last
                )
                rows = (await connection.execute(query.order_by(EVENTS.c.id).limit(limit))).mappings().all()
                if not rows:
                    break
                last = rows[-1]["id"]
                read = (self._read(r["id"], r["at_ms"], r["kind"], r["body"]) for r in rows)
                found.extend(event for event in read if event is not None)
        return found[:limit]

    def _read(self, event_id: int, at_ms: int, kind: str, body: str) -> StoredEvent | None:
        if event_id in self._unreadable:
            return None
        event = decode(kind, body)
        if event is None:
            self._unreadable.add(event_id)
            return None
        return StoredEvent(event_id, at_ms, event)
