"""A group became a supergroup and has a new number: move everything that mentions the old one.

Message ids do not carry over: the status message is forgotten (to be posted again), waiting edits are given up, and
pending questions lose their message.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.messages import DeliveryState, MessageKind
from storage.tables import CHATS, DECISIONS, OUTBOX, PEOPLE

OPEN = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
BOUND = [kind.value for kind in MessageKind if kind.is_repeatable]
"""Calls that speak of an existing message."""


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """Every stored mention of ``old`` becomes ``new``. A second call finds nothing to move."""
    if old == new:
        return
    here = OUTBOX.c.chat_id == old
    lost = here & OUTBOX.c.state.in_(OPEN) & OUTBOX.c.kind.in_(BOUND)
    gone = {"state": DeliveryState.ABANDONED.value, "why": "its message stayed in the old group", "photo": None}
    await connection.execute(update(OUTBOX).where(lost).values(gone))
    await connection.execute(update(OUTBOX).where(here).values(chat_id=new))
    await connection.execute(update(PEOPLE).where(PEOPLE.c.chat_id == old).values(chat_id=new))
    moved = {"chat_id": new, "message_id": None}
    await connection.execute(update(DECISIONS).where(DECISIONS.c.chat_id == old).values(moved))
    if (await connection.execute(select(CHATS.c.chat_id).where(CHATS.c.chat_id == old))).first() is None:
        return
    await connection.execute(delete(CHATS).where(CHATS.c.chat_id == new))
    renumbered = {"chat_id": new, "status_message_id": None}
    await connection.execute(update(CHATS).where(CHATS.c.chat_id == old).values(renumbered))
