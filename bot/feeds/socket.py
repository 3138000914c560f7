"""One WebSocket feed that outlives its connections: keep-alives, backoff, and a word for every gap.

Frames are decoded as they come and handed over at once. aiohttp's client, not websockets': in a burst it takes a third
less CPU a message, and it bounds what waits without the 40 ms stalls of a bounded queue of the other
(docs/evidence/liquidations.json).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from aiohttp import ClientError, ClientSession, ClientWSTimeout, WSMsgType

from core.errors import BadData
from core.market.ports import Clock

log = logging.getLogger(__name__)
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

LARGEST_FRAME = 4 * 1024 * 1024
CLOSE_SECONDS = 1.0


class Retry(Protocol):
    """How patiently a feed is begun again: waits in wall ms, and the frames of a burst that are read in one go."""

    @property
    def retry_least_ms(self) -> int:
        """First wait; doubles."""
        ...

    @property
    def retry_most_ms(self) -> int:
        """Longest wait."""
        ...

    @property
    def turn_frames(self) -> int:
        """Frames until the event loop gets its turn."""
        ...


class Listener(Protocol[T_contra]):
    """Who hears a feed. Both calls return at once."""

    def heard(self, events: Sequence[T_contra]) -> None:
        """What a frame told, in the order of arrival."""
        ...

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:
        """The feed is connected from now on, or is not: what happens meanwhile is missed."""
        ...


@dataclass(frozen=True, slots=True)
class Wire(Generic[T]):
    """How a feed speaks: where it is, what is sent first, how it is kept alive, how its frames are read.

    ``decode`` gives the events of a frame, none for anything else; it raises :class:`BadData` for what it cannot read.
    ``ping`` is sent every ``ping_s`` seconds; a silence of ``idle_s`` seconds ends the connection, as does ``life_s``.
    """

    name: str
    url: str
    decode: Callable[[bytes], Sequence[T]]
    hello: tuple[str, ...] = ()
    ping: str | None = None
    ping_s: float = 20.0
    idle_s: float | None = None
    life_s: float | None = None


class Ended(Exception):
    """The connection is over, for the reason given."""


class SocketFeed(Generic[T]):
    """One wire, listened to. ``jitter`` gives numbers in [0, 1)."""

    def __init__(self, wire: Wire[T], rules: Retry, clock: Clock, jitter: Callable[[], float]) -> None:
        self._wire, self._rules, self._clock, self._jitter = wire, rules, clock, jitter
        self._say: Callable[[str], Awaitable[None]] | None = None
        self.unreadable = 0
        """Frames that could not be read since the start."""

    @property
    def name(self) -> str:
        """Of the wire."""
        return self._wire.name

    async def say_also(self, lines: Sequence[str]) -> None:
        """Send more: now, where there is a connection, and first of all on every later one."""
        self._wire = replace(self._wire, hello=(*self._wire.hello, *lines))
        say = self._say
        if say is not None:
            for line in lines:
                await say(line)

    async def run(self, listener: Listener[T]) -> NoReturn:
        """Listen until cancelled; connections come and go, and each end is told."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._connected(listener)
            except (OSError, TimeoutError, ClientError, Ended) as end:
                log.warning("the feed %s ended: %s %s", self.name, type(end).__name__, end)
            self._say = None
            listener.stands(self.name, self._clock.now_ms(), up=False)
            lived_ms = 1_000 * (asyncio.get_running_loop().time() - began)
            failures = 1 if lived_ms > self._rules.retry_most_ms else failures + 1
            await asyncio.sleep(self._wait_s(failures))

    def _wait_s(self, failures: int) -> float:
        """Doubles with every failure in a row, up to a ceiling; the jitter takes off up to half."""
        wait_ms = min(self._rules.retry_most_ms, self._rules.retry_least_ms << min(failures - 1, 16))
        return wait_ms * (1 - self._jitter() / 2) / 1_000

    async def _connected(self, listener: Listener[T]) -> None:
        wire = self._wire
        async with (
            asyncio.timeout(wire.life_s),
            ClientSession() as session,
            session.ws_connect(
                wire.url,
                timeout=ClientWSTimeout(ws_receive=wire.idle_s, ws_close=CLOSE_SECONDS),
                max_msg_size=LARGEST_FRAME,
                decode_text=False,
            ) as socket,
        ):
            self._say = socket.send_str
            for line in wire.hello:
                await socket.send_str(line)
            listener.stands(self.name, self._clock.now_ms(), up=True)
            pings = asyncio.create_task(self._keep_alive(socket))
            try:
                await self._listen(socket, listener)
            finally:
                pings.cancel()
                await asyncio.gather(pings, return_exceptions=True)

    async def _listen(self, socket: Any, listener: Listener[T]) -> None:
        """Read until the connection ends; in a burst the event loop gets its turn now and then."""
        heard, turn, receive, decode, take = (
            0,
            self._rules.turn_frames,
            socket.receive,
            self._wire.decode,
            listener.heard,
        )
        while True:
            message = await receive()
            if message.type is not WSMsgType.TEXT and message.type is not WSMsgType.BINARY:
                raise Ended(f"{message.type.name.lower()} {socket.close_code}")
            try:
                if events := decode(message.data):
                    take(events)
            except BadData as trouble:
                self.unreadable += 1
                log.warning("an unreadable frame of %s: %s", self.name, trouble)
            heard += 1
            if heard % turn == 0:
                await asyncio.sleep(0)

    async def _keep_alive(self, socket: Any) -> None:
        while self._wire.ping is not None:
            await asyncio.sleep(self._wire.ping_s)
            await socket.send_str(self._wire.ping)
