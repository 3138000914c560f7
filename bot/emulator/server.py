"""Starts and stops the local Telegram: one aiohttp server on 127.0.0.1 with the Bot API and the chat page.

Refuses to be built with a real token, and to be reached from another machine: there is no parameter for the address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.emulator import limits, page_files, people
from bot.emulator.bot_api import BotApi
from bot.emulator.clock import Clock
from bot.emulator.control import Control
from bot.emulator.guard import Guard, check_demo_token, check_page_key
from bot.emulator.store import Store
from bot.emulator.switchboard import Switchboard
from bot.emulator.world import World

_HOST: Final = "127.0.0.1"
_SHUTDOWN_S: Final = 2.0


class LocalTelegram:
    """A Bot API server with a chat page, for one bot and one machine."""

    def __init__(
        self,
        *,
        token: str,
        port: int = 0,
        page_key: str,
        clock: Clock,
        owner_id: int = people.OWNER,
        state_file: Path | None = None,
        title: str = "Vektor",
    ) -> None:
        """``clock`` answers epoch milliseconds; port 0 takes any free one.

        Raises ValueError for a token that is not a demo token and for a weak page key.
        """
        check_demo_token(token)
        check_page_key(page_key)
        self._asked_port = port
        self._page_key = page_key
        self._guard = Guard(page_key)
        self._world = World(bot_id=int(token.partition(":")[0]), bot_name=title, owner_id=owner_id, clock=clock)
        self._board = Switchboard(self._world, Store(state_file))
        self._bot_api = BotApi(self._board, token)
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """What a bot uses in the place of https://api.telegram.org."""
        return f"http://{_HOST}:{self._guard.port}"

    @property
    def page_url(self) -> str:
        """The address to open in a browser, with this run's key."""
        return f"{self.base_url}/?key={self._page_key}"

    async def start(self) -> None:
        """Read the state file and listen. Raises OSError when the port is taken or the file cannot be used."""
        await self._board.open()
        app = web.Application(middlewares=[self._guard.middleware()], client_max_size=limits.DOCUMENT_BYTES + 2**20)
        self._bot_api.add_routes(app)
        Control(self._board).add_routes(app)
        page_files.add_routes(app, self._guard)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, _HOST, self._asked_port).start()
        except OSError as error:
            await self.stop()
            raise OSError(
                error.errno,
                f"port {self._asked_port} on {_HOST} cannot be used ({error.strerror}); "
                "another program may have it: choose another port, or 0 for any",
            ) from error
        self._guard.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Answer waiting polls, let watchers go, save and close."""
        await self._board.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None


async def serve(
    port: int,
    token: str,
    *,
    page_key: str,
    clock: Callable[[], int],
    announce: Callable[[str], None],
    owner_id: int = people.OWNER,
    state_file: Path | None = None,
    title: str = "Vektor",
) -> None:
    """Run until cancelled; ``announce`` is called once, with the page's address."""
    chat = LocalTelegram(
        token=token,
        port=port,
        page_key=page_key,
        clock=clock,
        owner_id=owner_id,
        state_file=state_file,
        title=title,
    )
    await chat.start()
    try:
        announce(chat.page_url)
        await asyncio.Event().wait()
    finally:
        await chat.stop()
