"""The way in: what Vektor is, what may be asked of it."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from handlers.commands import COMMANDS, Command
from handlers.ports import Role
from handlers.views.badge import venue_badge
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader


def welcome_view(venue_name: str, role: Role, markets: int, reader: Reader) -> Text:
    """The first thing a person reads."""
    texts = reader.texts
    return lines(
        verdict(f"{venue_badge(venue_name)} · {texts('welcome-headline')}"),
        texts(f"welcome-{role.value}", count=markets),
        texts(f"welcome-venue-{venue_name}") if texts.find(f"welcome-venue-{venue_name}") else None,
        texts("welcome-next") if role.may_act else None,
    )


def help_view(reader: Reader) -> Text:
    """Every command that this reader may give, with what it does."""
    texts = reader.texts
    offered = [command for command in COMMANDS if reader.full or command.followers]
    return lines(
        verdict(texts("help-headline")),
        *(Text(usage(command, reader), " ", texts(f"command-{command.name}")) for command in offered),
        texts("help-symbols") if reader.full else None,
    )


def usage(command: Command, reader: Reader) -> str:
    """``/close SYMBOL –``."""
    argument = " " + reader.texts(f"usage-{command.name}") if command.argument else ""
    return f"/{command.name}{argument} –"
