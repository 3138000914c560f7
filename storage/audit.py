"""Who asked for what and what came of it, refusals included. Lines are added and read, never changed.

A stranger is counted, and only the first lines of each are kept; of what else people may try who can do nothing, only
the first lines of a day. So a flood of messages fills no disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.rows import value_of
from storage.tables import AUDIT, STRANGERS

STRANGER = "stranger"
"""The outcome of someone without a role."""
POWERLESS = ("anonymous", "channel", "edited", "follower", "forwarded")
"""Outcomes that anyone can bring about, any number of times."""
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line. ``who`` is the numeric user id, 0 for the host."""

    at_ms: int
    who: int
    what: str
    argument: str
    outcome: str


class AuditTrail:
    """Every attempt to act."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, who: int, what: str, argument: str, outcome: str, when_ms: int) -> None:
        """Keep one attempt."""
        line = {"at_ms": when_ms, "who": who, "what": what, "argument": argument, "outcome": outcome}
        most = self._database.rules.stranger_lines
        async with self._database.writing() as connection:
            if outcome == STRANGER and await _count(connection, who, when_ms) > most:
                return
            if outcome in POWERLESS and await _today(connection, who, outcome, when_ms) >= most:
                return
            await connection.execute(insert(AUDIT).values(line))

    async def newest(self, limit: int) -> Sequence[Attempt]:
        """The most recent attempts, newest first."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit))
            return [value_of(row, Attempt) for row in found.mappings()]

    async def strangers(self) -> int:
        """How many attempts of strangers were ignored."""
        async with self._database.reading() as connection:
            return int((await connection.execute(select(func.coalesce(func.sum(STRANGERS.c.times), 0)))).scalar_one())


async def _count(connection: AsyncConnection, who: int, when_ms: int) -> int:
    """Count one more attempt of this stranger; how many there were."""
    own = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    first = own(STRANGERS).values(user_id=who, first_ms=when_ms, last_ms=when_ms, times=1)
    again = {"last_ms": when_ms, "times": STRANGERS.c.times + 1}
    counted = first.on_conflict_do_update(index_elements=["user_id"], set_=again).returning(STRANGERS.c.times)
    return int((await connection.execute(counted)).scalar_one())


async def _today(connection: AsyncConnection, who: int, outcome: str, when_ms: int) -> int:
    """How many lines of this outcome the person has in the day before."""
    same = (AUDIT.c.at_ms > when_ms - DAY_MS) & (AUDIT.c.who == who) & (AUDIT.c.outcome == outcome)
    return int((await connection.execute(select(func.count()).select_from(AUDIT).where(same))).scalar_one())
