"""The filter by which a handler says which command it answers; the message was read once, in :mod:`handlers.access`."""

from __future__ import annotations

from aiogram.filters import Filter
from aiogram.types import Message

from core.desk import Desk
from core.errors import SurplusArgument, TooLong
from core.settings import Chat
from handlers.commands import Request


class Asks(Filter):
    """Passes messages that ask for one of these commands, typed or by key.

    Raises :class:`TooLong` and :class:`SurplusArgument`: who writes ``/pause BTC`` means less than /pause would do.
    """

    def __init__(self, *names: str) -> None:
        self.names = names

    async def __call__(self, _: Message, request: Request, desk: Desk) -> bool:
        if request.name not in self.names:
            return False
        check_length(request, desk.settings.chat)
        check_surplus(request)
        return True


def check_length(request: Request, chat: Chat) -> None:
    """Raise :class:`TooLong` for an argument that no command can mean."""
    if len(request.argument) > chat.argument_most:
        raise TooLong(
            f"{len(request.argument)} characters are too many",
            length=len(request.argument),
            limit=chat.argument_most,
        )


def check_surplus(request: Request) -> None:
    """Raise :class:`SurplusArgument` for words behind a command that takes none."""
    takes_none = request.command is not None and not request.command.argument and request.name not in PAYLOAD
    if takes_none and request.argument:
        usage = f"/{request.name}"
        raise SurplusArgument(f"{usage} takes nothing behind it", surplus=request.argument, usage=usage)


PAYLOAD = ("start",)
"""Telegram itself may put words behind it, and a claim code may be sent twice: whoever is known is greeted all the same."""
