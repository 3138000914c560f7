"""A subscription to the venue's stream that outlives its connections.

It pings a silent server, reconnects with backoff and jitter, subscribes anew, and says when something may have been
missed. Frames are handed over one by one and never queued here; what they mean is the listener's affair.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bot.exchange.hyperliquid.frames import Frame
from core.settings import Execution

log = logging.getLogger(__name__)

Subscription = Mapping[str, Any]

PING = '{"method":"ping"}'
LARGEST_FRAME = 32 * 1024 * 1024
"""A snapshot of 2000 fills is about a megabyte; a frame beyond this is no answer of the venue."""
MOST_DOUBLINGS = 16
"""Keeps the doubling wait a small number; the ceiling is reached long before."""
CLOSE_SECONDS = 1.0
"""How long to wait for a server to say goodbye."""


class Listener(Protocol):
    """Who hears the stream. Both calls return at once."""

    def hear(self, frame: Frame) -> None:
        """A data frame; ``data`` is still undecoded."""
        ...

    def missed(self) -> None:
        """The stream was interrupted (or unreadable) and is whole again from here on."""
        ...


class Silent(Exception):
    """The server answered neither a subscription nor a ping in time."""


def address(base_url: str) -> str:
    """Where the socket of a venue is.

    >>> address("https://api.hyperliquid.xyz")
    'wss://api.hyperliquid.xyz/ws'
    """
    return "ws" + base_url.removeprefix("http") + "/ws"


class Socket:
    """One stream of subscriptions. ``jitter`` gives numbers in [0, 1)."""

    def __init__(
        self, url: str, subscriptions: Sequence[Subscription], execution: Execution, jitter: Callable[[], float]
    ) -> None:
        self._url = url
        self._subscriptions = subscriptions
        self._execution = execution
        self._jitter = jitter
        self._whole = True
        """Nothing has been missed so far."""

    async def run(self, listener: Listener) -> NoReturn:
        """Listen until cancelled; connections come and go."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._listen(listener)
            except (OSError, TimeoutError, WebSocketException, Silent) as error:
                log.warning("the stream of %s ended: %s %s", self._url, type(error).__name__, error)
            self._whole = False
            lived_ms = 1_000 * (asyncio.get_running_loop().time() - began)
            failures = 1 if lived_ms > self._execution.reconnect_most_ms else failures + 1
            await asyncio.sleep(self._wait_s(failures))

    def _wait_s(self, failures: int) -> float:
        """Doubles with every failure in a row, up to a ceiling; the jitter takes off up to half."""
        rules = self._execution
        wait_ms = min(rules.reconnect_most_ms, rules.reconnect_least_ms << min(failures - 1, MOST_DOUBLINGS))
        return wait_ms * (1 - self._jitter() / 2) / 1_000

    async def _listen(self, listener: Listener) -> None:
        limit = self._execution.timeout_ms / 1_000
        async with connect(
            self._url,
            proxy=None,
            compression=None,
            open_timeout=limit,
            close_timeout=CLOSE_SECONDS,
            ping_interval=None,  # the venue counts its own pings, not the protocol's
            max_size=LARGEST_FRAME,
            max_queue=None,  # frames are taken as they come; nothing waits here
        ) as socket:
            await self._subscribe(socket, listener, limit)
            if not self._whole:
                listener.missed()
                self._whole = True
            while True:
                self._hear(await self._next(socket), listener)

    async def _subscribe(self, socket: ClientConnection, listener: Listener, limit: float) -> None:
        """Ask for everything and wait until all of it is confirmed, so that nothing is missed from then on."""
        for subscription in self._subscriptions:
            await socket.send(msgspec.json.encode({"method": "subscribe", "subscription": subscription}).decode())
        missing = len(self._subscriptions)
        try:
            async with asyncio.timeout(limit):
                while missing:
                    missing -= self._hear(await socket.recv(), listener) == "subscriptionResponse"
        except TimeoutError as error:
            raise Silent(f"{missing} subscriptions were not confirmed") from error

    async def _next(self, socket: ClientConnection) -> str | bytes:
        """The next frame; a silence is broken with a ping, a second one ends the connection."""
        idle = self._execution.socket_idle_ms / 1_000
        try:
            async with asyncio.timeout(idle):
                return await socket.recv()
        except TimeoutError:
            await socket.send(PING)
        try:
            async with asyncio.timeout(idle):
                return await socket.recv()
        except TimeoutError as error:
            raise Silent(f"no answer to a ping within {idle} s") from error

    def _hear(self, raw: str | bytes, listener: Listener) -> str:
        """Hand one frame on; its channel. An unreadable frame counts as something missed."""
        try:
            frame = msgspec.json.decode(raw, type=Frame)
        except msgspec.DecodeError as error:
            log.warning("an unreadable frame from %s (%s): %.200r", self._url, error, raw)
            listener.missed()
            return ""
        if frame.channel == "error":
            log.warning("%s says: %s", self._url, bytes(frame.data).decode(errors="replace"))
        elif frame.channel not in ("pong", "subscriptionResponse"):
            listener.hear(frame)
        return frame.channel
