"""What is to be said in chat, as plain values: the rows of the outbox without any SQL.

The sender and the announcer import this module without paying for a database library. Nothing here knows Telegram:
``payload`` is whatever the sender needs to make the call again after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that can be mistaken for a digit."""


class MessageKind(StrEnum):
    """Which call of the chat it becomes."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    EDIT = "edit"
    PIN = "pin"
    DELETE = "delete"

    @property
    def is_repeatable(self) -> bool:
        """Whether making the call twice leaves the chat as if it had been made once."""
        return self in (MessageKind.EDIT, MessageKind.PIN, MessageKind.DELETE)


class Priority(StrEnum):
    """What goes first in a chat: alerts before replies before edits before reports."""

    ALERT = "alert"
    REPLY = "reply"
    EDIT = "edit"
    REPORT = "report"

    @property
    def rank(self) -> int:
        """0 goes first."""
        return list(Priority).index(self)


class DeliveryState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    """The call was begun; whether it arrived is not known."""
    SENT = "sent"
    ABANDONED = "abandoned"
    """Given up, or overtaken by a newer edit; ``why`` says which."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one chat.

    ``coalesce_key`` makes a waiting message of the same chat and key give way to this one. ``not_before_ms`` defers
    it (quiet hours) without holding up what comes after. ``photo`` are the bytes of a picture or document.
    """

    chat_id: int
    kind: MessageKind
    payload: Mapping[str, Any]
    created_ms: int
    priority: Priority = Priority.ALERT
    photo: bytes | None = None
    coalesce_key: str | None = None
    silent: bool = False
    not_before_ms: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A stored message on its way. ``repeats`` is 1 once it goes out again after an unknown outcome."""

    id: int
    event_id: int | None
    message: Message
    state: DeliveryState
    attempts: int = 0
    repeats: int = 0
    message_id: int | None = None
    why: str = ""
    alert_id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "alert_id", alert_id(self.id))


def owned_up(out: Outgoing, words: str) -> Message:
    """What is said instead of a message that may or may not have arrived twice: that, and what it was.

    ``words`` name it by its alert id. A message about a message is made of the first one, so that it never nests.
    """
    payload = out.message.payload
    first = payload.get("unsure") or {"id": out.alert_id, "text": payload.get("text", "")}
    body: dict[str, Any] = {"text": f"{words}\n{first['text']}", "entities": [], "unsure": first}
    kept = {name: payload[name] for name in ("locale", "guarded") if name in payload}
    return Message(out.message.chat_id, MessageKind.TEXT, body | kept, out.message.created_ms, out.message.priority)


def alert_id(row: int) -> str:
    """The short name of a message, shown when it is said again; unique because the row's number is.

    >>> alert_id(1234)
    '16J'
    """
    digits = ""
    while row:
        row, digit = divmod(row, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits or ALPHABET[0]
