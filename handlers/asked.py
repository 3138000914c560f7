"""The filter by which a handler says which command it answers; the message was read once, in :mod:`handlers.access`."""

from __future__ import annotations

from aiogram.filters import Filter
from aiogram.types import Message

from core.errors import TooLong
from core.settings import Chat
from handlers.commands import Request


class Asks(Filter):
    """Passes messages that ask for one of these commands, typed or by key."""

    def __init__(self, *names: str) -> None:
        self.names = names

    async def __call__(self, _: Message, request: Request) -> bool:
        return request.name in self.names


def check_length(request: Request, chat: Chat) -> None:
    """Raise :class:`TooLong` for an argument that no command can mean."""
    if len(request.argument) > chat.argument_most:
        raise TooLong(
            f"{len(request.argument)} characters are too many",
            length=len(request.argument),
            limit=chat.argument_most,
        )
