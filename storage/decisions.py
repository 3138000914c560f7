"""Questions with one answer. Taking one is a single statement that finds it pending and marks it used at once.

The row decides, not the button: what travels through Telegram is a random nonce and nothing else, and a nonce counts
only for the person, chat, message and time it was made for (of two taps exactly one wins).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Update, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.desk import Decision
from storage.database import Database
from storage.rows import row_of, value_of
from storage.tables import DECISIONS as D

PENDING, USED, DROPPED = "pending", "used", "dropped"


class SqlDecisionStore:
    """:class:`core.desk.DecisionStore`. Times are wall time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offer(self, decision: Decision) -> None:
        """Keep a question. Raises :class:`core.errors.BrokenInvariant` for a nonce that was used before."""
        async with self._database.writing() as connection:
            await connection.execute(insert(D).values(row_of(decision, state=PENDING, decided_ms=None)))

    async def bind(self, nonce: str, message_id: int) -> None:
        """Tell which message carries its buttons; a question that has a message keeps it."""
        async with self._database.writing() as connection:
            unbound = update(D).where(D.c.nonce == nonce, D.c.message_id.is_(None))
            await connection.execute(unbound.values(message_id=message_id))

    async def take(self, nonce: str, *, user_id: int, chat_id: int, message_id: int, now_ms: int) -> Decision | str:
        """The decision, used up; or ``unknown``, ``other_person``, ``other_message``, ``used``, ``expired``.

        A tap may arrive before :meth:`bind` did: a question without a message takes the message of the tap.
        """
        here = (D.c.chat_id == chat_id) & or_(D.c.message_id.is_(None), D.c.message_id == message_id)
        async with self._database.writing() as connection:
            statement = _use(D.c.nonce == nonce, user_id, now_ms).where(here).values(message_id=message_id)
            if taken := await _taken(connection, statement):
                return taken
            row = (await connection.execute(select(D).where(D.c.nonce == nonce))).mappings().one_or_none()
        if row is not None and row["user_id"] == user_id:
            message = row["message_id"] or message_id
            if (row["chat_id"], message) != (chat_id, message_id):
                return "other_message"
        return _why_not(row, user_id)

    async def take_code(self, code: str, *, user_id: int, now_ms: int) -> Decision | str:
        """The person's newest pending question of that code, used up; or why not, as in :meth:`take`."""
        mine = (D.c.code == code) & (D.c.user_id == user_id)
        open_now = mine & (D.c.state == PENDING) & (D.c.expires_ms > now_ms)
        newest = select(D.c.nonce).where(open_now).order_by(D.c.created_ms.desc(), D.c.nonce).limit(1)
        async with self._database.writing() as connection:
            if taken := await _taken(connection, _use(D.c.nonce == newest.scalar_subquery(), user_id, now_ms)):
                return taken
            query = select(D).where(D.c.code == code).order_by((D.c.user_id == user_id).desc(), D.c.created_ms.desc())
            row = (await connection.execute(query.limit(1))).mappings().one_or_none()
        return _why_not(row, user_id)

    async def drop(self, nonce: str, *, user_id: int, now_ms: int) -> bool:
        """Cancel a pending question of that person; whether it was pending."""
        async with self._database.writing() as connection:
            statement = _use(D.c.nonce == nonce, user_id, now_ms, DROPPED)
            return await _taken(connection, statement) is not None


def _use(which: ColumnElement[bool], user_id: int, now_ms: int, state: str = USED) -> Update:
    """Mark a pending, unexpired question of that person; it matches at most once, ever."""
    allowed = (D.c.user_id == user_id) & (D.c.state == PENDING) & (D.c.expires_ms > now_ms)
    return update(D).where(which & allowed).values(state=state, decided_ms=now_ms)


async def _taken(connection: AsyncConnection, statement: Update) -> Decision | None:
    result: Any = await connection.execute(statement.returning(D))
    row: RowMapping | None = result.mappings().one_or_none()
    return None if row is None else value_of(row, Decision)


def _why_not(row: RowMapping | None, user_id: int) -> str:
    if row is None:
        return "unknown"
    if row["user_id"] != user_id:
        return "other_person"
    return "expired" if row["state"] == PENDING else "used"
