"""Who may speak, and which chats are told things.

A person is a numeric id, never a name: names change hands. There is at most one owner, which an index of the table
guarantees; nobody becomes one by being in a chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BrokenInvariant, NotAllowed
from storage.database import Database
from storage.messages import DeliveryState
from storage.migrated_chat import OPEN, move_chat
from storage.rows import replace, value_of
from storage.tables import CHATS, OUTBOX, PEOPLE


class Role(StrEnum):
    """What a person may do."""

    OWNER = "owner"
    OPERATOR = "operator"
    FOLLOWER = "follower"
    STRANGER = "stranger"
    """Not stored: whoever has no role."""

    @property
    def may_act(self) -> bool:
        """Whether the person may change anything."""
        return self in (Role.OWNER, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a role; ``chat_id`` is their private chat."""

    user_id: int
    role: Role
    name: str
    chat_id: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class Room:
    """A chat that is told things. An empty ``locale`` or ``timezone`` means the configured one."""

    chat_id: int
    role: Role
    locale: str
    timezone: str
    active: bool
    status_message_id: int | None
    since_ms: int

    @property
    def is_private(self) -> bool:
        """Telegram numbers people above zero, groups and channels below."""
        return self.chat_id > 0


class Chats:
    """People, roles and chats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def role(self, user_id: int) -> Role:
        """The person's role; ``STRANGER`` for one who is not known."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(PEOPLE.c.role).where(PEOPLE.c.user_id == user_id))
            return Role(found.scalar_one_or_none() or Role.STRANGER)

    async def people(self) -> Sequence[Person]:
        """Everyone with a role, longest known first."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(PEOPLE).order_by(PEOPLE.c.since_ms, PEOPLE.c.user_id))
            return [value_of(row, Person) for row in found.mappings()]

    async def owner(self) -> int | None:
        """User id of the owner, if there is one."""
        async with self._database.reading() as connection:
            return await _owner(connection)

    async def claim_owner(self, user_id: int, chat_id: int, now_ms: int) -> bool:
        """Make the person owner if there is none; whether it happened. Of two at once exactly one succeeds."""
        try:
            async with self._database.writing() as connection:
                if await _owner(connection) is not None:
                    return False
                await _give_role(connection, Person(user_id, Role.OWNER, "", chat_id, now_ms))
        except BrokenInvariant:  # the index of the one owner: somebody else was faster
            return False
        return True

    async def appoint_owner(self, user_id: int, chat_id: int, now_ms: int) -> None:
        """Make the configured person owner. Another owner loses every right and hears nothing more."""
        async with self._database.writing() as connection:
            before = await _owner(connection)
            if before == user_id:
                return
            if before is not None:
                await _remove(connection, before)
            await _give_role(connection, Person(user_id, Role.OWNER, "", chat_id, now_ms))

    async def add_operator(self, user_id: int, chat_id: int, now_ms: int, name: str = "") -> bool:
        """Let a person operate; whether they could not before."""
        async with self._database.writing() as connection:
            known = await connection.execute(select(PEOPLE.c.role).where(PEOPLE.c.user_id == user_id))
            if Role(known.scalar_one_or_none() or Role.STRANGER).may_act:
                return False
            await _give_role(connection, Person(user_id, Role.OPERATOR, name, chat_id, now_ms))
        return True

    async def remove(self, user_id: int) -> bool:
        """Take a person's role and chat; whether they had one. Raises :class:`NotAllowed` for the owner."""
        async with self._database.writing() as connection:
            if await _owner(connection) == user_id:
                raise NotAllowed("the owner cannot be removed", what="remove owner")
            return await _remove(connection, user_id)

    async def active(self) -> Sequence[Room]:
        """Every chat that is to be told things, longest known first."""
        async with self._database.reading() as connection:
            query = select(CHATS).where(CHATS.c.active.is_(True)).order_by(CHATS.c.since_ms, CHATS.c.chat_id)
            return [value_of(row, Room) for row in (await connection.execute(query)).mappings()]

    async def room(self, chat_id: int) -> Room | None:
        """One chat, active or not."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(CHATS).where(CHATS.c.chat_id == chat_id))).mappings().one_or_none()
            return None if row is None else value_of(row, Room)

    async def follow(self, chat_id: int, now_ms: int) -> None:
        """Let a group or channel be told the redacted view. A chat that is known already only becomes active."""
        async with self._database.writing() as connection:
            await _open(connection, chat_id, Role.FOLLOWER, now_ms)

    async def forget(self, chat_id: int) -> None:
        """The chat blocked us or threw us out: it is told nothing until it speaks again."""
        await self._change(chat_id, active=False)

    async def revive(self, chat_id: int) -> None:
        """The chat speaks again."""
        await self._change(chat_id, active=True)

    async def pin(self, chat_id: int, message_id: int | None) -> None:
        """Remember the chat's pinned status message."""
        await self._change(chat_id, status_message_id=message_id)

    async def speak(self, chat_id: int, *, locale: str, timezone: str) -> None:
        """Remember a chat's language and zone."""
        await self._change(chat_id, locale=locale, timezone=timezone)

    async def migrate_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: every stored mention moves, in one transaction."""
        async with self._database.writing() as connection:
            await move_chat(connection, old, new)

    async def _change(self, chat_id: int, **values: object) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(CHATS).where(CHATS.c.chat_id == chat_id).values(**values))


async def _owner(connection: AsyncConnection) -> int | None:
    found = await connection.execute(select(PEOPLE.c.user_id).where(PEOPLE.c.role == Role.OWNER.value))
    owner: int | None = found.scalar_one_or_none()
    return owner


async def _give_role(connection: AsyncConnection, person: Person) -> None:
    row = {name: getattr(person, name) for name in ("user_id", "name", "chat_id", "since_ms")}
    await replace(connection, PEOPLE, [row | {"role": person.role.value}], ("user_id",), 1)
    await _open(connection, person.chat_id, person.role, person.since_ms)


async def _open(connection: AsyncConnection, chat_id: int, role: Role, now_ms: int) -> None:
    """Let a chat be told things; what is known of a chat stays as it is, its role apart."""
    again = update(CHATS).where(CHATS.c.chat_id == chat_id).values(active=True, role=role.value)
    if (await connection.execute(again)).rowcount:
        return
    new = {"role": role.value, "locale": "", "timezone": "", "active": True, "status_message_id": None}
    await replace(connection, CHATS, [new | {"chat_id": chat_id, "since_ms": now_ms}], ("chat_id",), 1)


async def _remove(connection: AsyncConnection, user_id: int) -> bool:
    """Take role and chat, and what still waits to be said there: it is for people with a role only."""
    gone = await connection.execute(delete(PEOPLE).where(PEOPLE.c.user_id == user_id).returning(PEOPLE.c.chat_id))
    chats = list(gone.scalars())
    await connection.execute(delete(CHATS).where(CHATS.c.chat_id.in_(chats)))
    waiting = OUTBOX.c.chat_id.in_(chats) & OUTBOX.c.state.in_(OPEN)
    ended = {"state": DeliveryState.ABANDONED.value, "why": "the person has no role any more", "photo": None}
    await connection.execute(update(OUTBOX).where(waiting).values(ended))
    return bool(chats)
