"""The outbox's messages as rows and back."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import RowMapping

from storage.messages import DeliveryState, Message, MessageKind, Outgoing, Priority
from storage.rows import Row, plain

AS_THEY_ARE = ("chat_id", "created_ms", "photo", "coalesce_key", "silent", "not_before_ms")


def row_of_message(message: Message, event_id: int | None) -> Row:
    """A new row, waiting to be sent."""
    row: dict[str, Any] = {name: getattr(message, name) for name in AS_THEY_ARE}
    return row | {
        "event_id": event_id,
        "kind": message.kind.value,
        "payload": msgspec.json.encode(message.payload, enc_hook=plain).decode(),
        "priority": message.priority.value,
        "rank": message.priority.rank,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "repeats": 0,
        "message_id": None,
        "why": "",
    }


def outgoing(row: RowMapping) -> Outgoing:
    """The message that a row holds."""
    message = Message(
        kind=MessageKind(row["kind"]),
        payload=msgspec.json.decode(row["payload"]),
        priority=Priority(row["priority"]),
        **{name: row[name] for name in AS_THEY_ARE},
    )
    state = DeliveryState(row["state"])
    rest = (row["attempts"], row["repeats"], row["message_id"], row["why"])
    return Outgoing(row["id"], row["event_id"], message, state, *rest)
