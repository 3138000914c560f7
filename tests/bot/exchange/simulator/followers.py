"""A socket client that waits for the frames it wants."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import websockets
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 20.0


class Follower:
    """One socket; frames that were not asked for are kept for later."""

    def __init__(self, base_url: str) -> None:
        self._url = f"ws{base_url.removeprefix('http')}/ws"
        self._kept: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self.socket: ClientConnection = await connect(self._url, max_queue=None, ping_interval=None)
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def send(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def subscribe(self, **subscription: Any) -> None:
        """Subscribe and wait for the acknowledgement."""
        await self.send({"method": "subscribe", "subscription": subscription})
        await self.next("subscriptionResponse")

    async def next(self, channel: str) -> dict[str, Any]:
        """The next frame of a channel."""
        for place, frame in enumerate(self._kept):
            if frame["channel"] == channel:
                return self._kept.pop(place)
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = json.loads(await self.socket.recv())
                if frame["channel"] == channel:
                    return dict(frame)
                self._kept.append(frame)

    async def closed(self) -> int:
        """Wait until the venue hung up; the close code that a client sees."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.socket.recv()
            except websockets.ConnectionClosed:
                return self.socket.close_code or 0
