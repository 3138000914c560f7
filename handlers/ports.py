"""What the chat side asks of storage and of the painter. Handlers know these shapes and nobody who fills them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.desk import DecisionStore
from core.events import LiquidationNear
from core.market.candles import CandleSeries
from core.trading.positions import ClosedTrade, Position

WallClock = Callable[[], int]
"""Epoch ms of the wall: buttons and Telegram do not follow the market's clock."""


class Role(StrEnum):
    """What a person may do. Identity is the numeric user id alone: names change hands."""

    OWNER = "owner"
    OPERATOR = "operator"
    FOLLOWER = "follower"
    STRANGER = "stranger"

    @property
    def may_act(self) -> bool:
        """Whether the person may change anything."""
        return self in (Role.OWNER, Role.OPERATOR)


class Room(Protocol):
    """A chat that is told things. An empty ``locale`` or ``timezone`` means the configured one."""

    @property
    def chat_id(self) -> int:
        """Telegram's number: above zero for people, below for groups and channels."""
        ...

    @property
    def role(self) -> str:
        """A :class:`Role`: of a private chat its person's, of a group ``follower``."""
        ...

    @property
    def locale(self) -> str:
        """Language of the chat."""
        ...

    @property
    def timezone(self) -> str:
        """Zone of the chat."""
        ...

    @property
    def active(self) -> bool:
        """Whether it is told things now."""
        ...

    @property
    def status_message_id(self) -> int | None:
        """The pinned status message."""
        ...


class Rooms(Protocol):
    """People, roles and chats."""

    async def role(self, user_id: int) -> str:
        """The person's :class:`Role`; ``stranger`` for one who is not known."""
        ...

    async def owner(self) -> int | None:
        """User id of the owner, if there is one."""
        ...

    async def appoint_owner(self, user_id: int, chat_id: int, now_ms: int) -> None:
        """Make the configured person owner, whoever was before."""
        ...

    async def claim_owner(self, user_id: int, chat_id: int, now_ms: int) -> bool:
        """Make the person owner unless there is one; whether it happened. One atomic step."""
        ...

    async def active(self) -> Sequence[Room]:
        """Every chat that is to be told things."""
        ...

    async def room(self, chat_id: int) -> Room | None:
        """One of them."""
        ...

    async def follow(self, chat_id: int, now_ms: int) -> None:
        """Let a group or channel be told the redacted view."""
        ...

    async def forget(self, chat_id: int) -> None:
        """The chat blocked us or threw us out: tell it nothing until it speaks again."""
        ...

    async def revive(self, chat_id: int) -> None:
        """The chat speaks again."""
        ...

    async def migrate_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: every stored mention moves, in one transaction."""
        ...

    async def pin(self, chat_id: int, message_id: int | None) -> None:
        """Remember the chat's pinned status message."""
        ...


class Updates(Protocol):
    """Which updates were taken already."""

    async def seen(self, update_id: int, now_ms: int) -> bool:
        """Whether this id was taken before; it is from now on."""
        ...


class AuditTrail(Protocol):
    """Who asked for what, and what came of it, refusals included."""

    async def append(self, who: int, what: str, argument: str, outcome: str, when_ms: int) -> None:
        """Keep one attempt."""
        ...

    async def strangers(self) -> int:
        """How many attempts of strangers were ignored."""
        ...


class Waiting(Protocol):
    """How much the outbox still has to say."""

    async def waiting(self) -> int:
        """Messages not yet sent."""
        ...


@dataclass(frozen=True, slots=True)
class Shelves:
    """The stored things that handlers reach."""

    rooms: Rooms
    updates: Updates
    audit: AuditTrail
    decisions: DecisionStore
    outbox: Waiting


Drawn = Position | ClosedTrade | LiquidationNear | None
"""Whose levels are drawn on the bars."""
Painter = Callable[[CandleSeries, Drawn], Awaitable[bytes]]
"""Draws bars and levels as a PNG, away from the event loop."""
