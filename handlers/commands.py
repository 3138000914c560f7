"""Every command: who may give it, whether it acts, what it takes. Menus, help and access all read this one table."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from locales.texts import Texts


@dataclass(frozen=True, slots=True)
class Command:
    """One command. One that ``acts`` is refused when stale; ``menu`` ones have a key on the reply keyboard.

    Its sentences are ``command-NAME`` (what it does) and ``usage-NAME`` where it takes an argument.
    """

    name: str
    acts: bool = False
    followers: bool = False
    argument: bool = False
    menu: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("status", followers=True, menu=True),
    Command("positions", followers=True, menu=True),
    Command("balance"),
    Command("scan", acts=True, menu=True),
    Command("chart", argument=True),
    Command("why", argument=True),
    Command("regime", followers=True),
    Command("top"),
    Command("funding"),
    Command("liq"),
    Command("enrich", argument=True),
    Command("universe", acts=True, argument=True),
    Command("risk"),
    Command("size", argument=True),
    Command("leverage", argument=True),
    Command("audit"),
    Command("close", acts=True, argument=True),
    Command("stop", acts=True, argument=True),
    Command("target", acts=True, argument=True),
    Command("margin", acts=True, argument=True),
    Command("flatten", acts=True),
    Command("pause", acts=True, menu=True),
    Command("resume", acts=True, menu=True),
    Command("block", acts=True, argument=True),
    Command("unblock", acts=True, argument=True),
    Command("blocks"),
    Command("blackout", acts=True, argument=True),
    Command("mode", acts=True, argument=True),
    Command("live", acts=True, argument=True),
    Command("confirm", acts=True, argument=True),
    Command("health"),
    Command("help", followers=True, menu=True),
    Command("start", followers=True),
)
BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True, slots=True)
class Request:
    """What a message asks for. ``name`` is ``None`` for plain talk; an unknown command keeps the name it was given."""

    name: str | None
    argument: str = ""

    @property
    def command(self) -> Command | None:
        """The command, if there is one of that name."""
        return BY_NAME.get(self.name or "")


def parse(text: str, username: str, texts: Texts) -> Request | None:
    """Read a message; ``None`` when it is addressed to another bot.

    A key of the reply keyboard means its command.

    >>> parse("/close@vektor_bot  SOL ", "vektor_bot", Texts())
    Request(name='close', argument='SOL')
    >>> parse("/close@other_bot SOL", "vektor_bot", Texts()) is None
    True
    >>> parse("hello", "vektor_bot", Texts())
    Request(name=None, argument='hello')
    """
    text = text.strip()
    if not text.startswith("/"):
        return Request(labels(texts)[text]) if text in labels(texts) else Request(None, text)
    head, _, argument = text[1:].partition(" ") if " " in text else _split_lines(text[1:])
    name, _, addressee = head.partition("@")
    if addressee and addressee.lower() != username.lower():
        return None
    return Request(name.lower(), argument.strip())


def _split_lines(text: str) -> tuple[str, str, str]:
    return text.partition("\n")


def labels(texts: Texts) -> dict[str, str]:
    """Words on the reply keyboard, and the command each one means."""
    return {texts(f"key-{command.name}"): command.name for command in COMMANDS if command.menu}


def nearest(name: str) -> str | None:
    """The known command that an unknown one most resembles.

    >>> nearest("postions"), nearest("qqq")
    ('positions', None)
    """
    found = difflib.get_close_matches(name, BY_NAME, n=1)
    return found[0] if found else None
