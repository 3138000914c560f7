"""The bot as ``vektor run`` runs it, in a process that kills itself at a fault point: ``python -m … ARGUMENTS``.

It is :func:`bot.running.run` with a thin layer around venue, ledger and the one function that speaks to Telegram. Until
it is armed it only tells, on standard output, which points it passes. It is armed with the file ``arm.json`` of the
state folder (points with their phases), at the start if the file is there, later whenever SIGUSR1 comes. The first
armed point that is reached ends the process by SIGKILL: no cleanup, no buffer flushed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import bot.outbox
from bot.__main__ import parser
from bot.environment import read_environment
from bot.lifetime import until_interrupted
from bot.running import asked_for, run
from bot.state import read_settings
from core.desk import Desk
from core.errors import VektorError
from core.events import Started
from tests.chaos.points import TELEGRAM, is_at, reached_from

ARMS = "arm.json"
RECOVERED = "chaos recovered"
REACHED = "chaos reached "
DIES = "chaos dies "


def tell(line: str) -> None:
    """One line, written by the kernel before this returns, so that a kill does not swallow it."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


class Fate:
    """Which fault points are fatal, and in which phase."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._fatal: set[tuple[str, str]] = set()
        self._told: set[str] = set()

    def arm(self) -> None:
        """Take up what the file says; nothing without one."""
        if self._file.is_file():
            self._fatal = {(name, phase) for name, phase in json.loads(self._file.read_text(encoding="utf-8"))}

    def meet(self, reached: str, phase: str) -> None:
        """Pass, or die here."""
        if reached not in self._told:
            self._told.add(reached)
            tell(REACHED + reached)
        for point, fatal in self._fatal:
            if fatal == phase and is_at(reached, point):
                tell(f"{DIES}{phase} {point}")
                os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A port whose calls from the order path are met by fate before and after the other side acted."""

    def __init__(self, real: Any, port: str, fate: Fate) -> None:
        self._real, self._port, self._fate = real, port, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            reached = reached_from(sys._getframe(1), self._port, name)
            if reached is None:
                return found(*arguments, **options)
            return self._met(reached, lambda: found(*arguments, **options), options)

        return call

    async def _met(self, reached: str, act: Callable[[], Awaitable[Any]], options: dict[str, Any]) -> Any:
        self._fate.meet(reached, "before")
        answer = await act()
        self._fate.meet(reached, "after")
        if any(isinstance(event, Started) for event in options.get("events", ())):
            tell(RECOVERED)
        return answer


def watch_telegram(fate: Fate) -> None:
    """Telegram's side of the outbox is a fault point too: killed with the message marked, sent or not."""
    outbox: Any = bot.outbox
    deliver = outbox.deliver

    async def watched(*arguments: Any) -> int | None:
        fate.meet(TELEGRAM, "before")
        number: int | None = await deliver(*arguments)
        fate.meet(TELEGRAM, "after")
        return number

    outbox.deliver = watched


def dressed(desk: Desk, fate: Fate) -> Desk:
    """The desk with both ports watched."""
    venue: Any = Watched(desk.venue, "venue", fate)
    ledger: Any = Watched(desk.ledger, "ledger", fate)
    return replace(desk, venue=venue, ledger=ledger)


async def live(arguments: list[str], fate: Fate) -> None:
    """Run until told to stop, or until fate strikes."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, fate.arm)
    options = parser().parse_args(["run", *arguments])
    environment = read_environment()
    settings, _ = read_settings(options.state)
    await until_interrupted(
        run(asked_for(options, environment), environment, settings, lambda desk: dressed(desk, fate))
    )


def main() -> None:
    """The process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    arguments = sys.argv[1:]
    fate = Fate(Path(arguments[arguments.index("--state") + 1]) / ARMS)
    fate.arm()
    watch_telegram(fate)
    try:
        asyncio.run(live(arguments, fate))
    except VektorError as trouble:
        tell(f"refused: {trouble}")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
