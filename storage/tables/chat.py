"""The conversation: who may speak, what was asked, what is still to be said, and who tried what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from storage.columns import Serial


def foreign_id() -> Column[int]:
    """A primary key that Telegram gives, never the database."""
    return Column(BigInteger, primary_key=True, autoincrement=False)


class DecisionRow(SQLModel, table=True):
    """A question to one person (:class:`core.desk.Decision`). ``state``: pending, used or dropped."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_code", "code"),)

    nonce: str = Field(primary_key=True)
    code: str
    action: str
    argument: str
    user_id: int = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int | None = Field(sa_type=BigInteger)
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger)
    state: str
    decided_ms: int | None = Field(sa_type=BigInteger)


class OutboxRow(SQLModel, table=True):
    """A message on its way (:class:`storage.messages.Outgoing`). ``payload`` is JSON, ``rank`` its priority's."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_order", "state", "chat_id", "rank", "id"),
        Index("ix_outbox_event", "event_id", "chat_id"),
        Index("ix_outbox_coalesce", "chat_id", "coalesce_key", "state"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(sa_type=Serial, primary_key=True)
    event_id: int | None = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    kind: str
    payload: str = Field(sa_type=Text)
    photo: bytes | None = Field(sa_type=LargeBinary)
    priority: str
    rank: int
    coalesce_key: str | None
    silent: bool
    not_before_ms: int = Field(sa_type=BigInteger)
    created_ms: int = Field(sa_type=BigInteger)
    state: str
    attempts: int
    repeats: int
    message_id: int | None = Field(sa_type=BigInteger)
    why: str


class UpdateRow(SQLModel, table=True):
    """An incoming update that was taken in."""

    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_seen", "seen_ms"),)

    update_id: int = Field(sa_column=foreign_id())
    seen_ms: int = Field(sa_type=BigInteger)


class ChatRow(SQLModel, table=True):
    """A chat that is told things (:class:`storage.chats.Room`)."""

    __tablename__ = "chats"

    chat_id: int = Field(sa_column=foreign_id())
    role: str
    locale: str
    timezone: str
    active: bool
    status_message_id: int | None = Field(sa_type=BigInteger)
    since_ms: int = Field(sa_type=BigInteger)


class PersonRow(SQLModel, table=True):
    """Someone with a role (:class:`storage.chats.Person`). There is at most one owner."""

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "uq_people_owner",
            "role",
            unique=True,
            sqlite_where=Column("role") == "owner",
            postgresql_where=Column("role") == "owner",
        ),
    )

    user_id: int = Field(sa_column=foreign_id())
    role: str
    name: str
    chat_id: int = Field(sa_type=BigInteger)
    since_ms: int = Field(sa_type=BigInteger)


class AuditRow(SQLModel, table=True):
    """An attempt to act, allowed or refused."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at_ms"),)

    id: int = Field(sa_type=Serial, primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    who: int = Field(sa_type=BigInteger)
    what: str
    argument: str
    outcome: str


class StrangerRow(SQLModel, table=True):
    """Someone without a role who wrote; only counted."""

    __tablename__ = "strangers"

    user_id: int = Field(sa_column=foreign_id())
    first_ms: int = Field(sa_type=BigInteger)
    last_ms: int = Field(sa_type=BigInteger)
    times: int
