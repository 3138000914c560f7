"""Frames of the account's stream, decoded only as far as it takes to know what kind of thing happened."""

from __future__ import annotations

from msgspec import Raw

from bot.exchange.hyperliquid.answers import Answer


class Frame(Answer):
    """A message on the socket."""

    channel: str
    data: Raw = Raw(b"null")


class FillsFrame(Answer):
    """Data of ``userFills``. The first frame after a subscription is history, not news."""

    fills: list[Raw]
    is_snapshot: bool = False


class UserEvent(Answer):
    """Data of the ``user`` channel: one of these is there."""

    fills: list[Raw] | None = None
    funding: dict[str, object] | None = None
    liquidation: dict[str, object] | None = None
    non_user_cancel: list[Raw] | None = None
