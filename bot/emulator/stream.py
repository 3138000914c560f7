"""Pushes every change to whoever watches: the page and the tests, over WebSocket.

A watcher gets the whole picture once and then numbered changes. One that reads too slowly is dropped rather than waited
for; it comes back and gets the whole picture again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import WSCloseCode, web

from bot.emulator.wire import Json

_BACKLOG: Final = 2000


class Stream:
    """The watchers and the running number of changes."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Json | None]] = set()
        self._number = 0

    def publish(self, events: list[Json]) -> None:
        """Send changes to everybody who watches."""
        for event in events:
            self._number += 1
            numbered = {**event, "n": self._number}
            for queue in list(self._watchers):
                if queue.qsize() >= _BACKLOG:
                    self._watchers.discard(queue)
                    queue.put_nowait(None)
                else:
                    queue.put_nowait(numbered)

    def close(self) -> None:
        """Send everybody away: the server stops."""
        for queue in self._watchers:
            queue.put_nowait(None)
        self._watchers.clear()

    async def serve(self, request: web.Request, snapshot: Callable[[], Json]) -> web.WebSocketResponse:
        """Watch until the other side leaves or the server stops."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        queue.put_nowait({"type": "snapshot", "n": self._number, **snapshot()})
        self._watchers.add(queue)
        writer = asyncio.create_task(self._write(socket, queue), name="chat page stream")
        try:
            async for _ in socket:  # nothing is expected from a watcher; reading notices when it leaves
                continue
        finally:
            self._watchers.discard(queue)
            queue.put_nowait(None)
            await writer
        return socket

    @staticmethod
    async def _write(socket: web.WebSocketResponse, queue: asyncio.Queue[Json | None]) -> None:
        while (event := await queue.get()) is not None:
            if socket.closed:
                return
            try:
                await socket.send_json(event)
            except (ConnectionError, RuntimeError):
                return  # the watcher left in the middle of a change; it will ask for the whole picture again
        await socket.close(code=WSCloseCode.GOING_AWAY)
