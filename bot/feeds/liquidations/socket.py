"""One WebSocket feed of liquidations that outlives its connections: keep-alives, backoff, and a word for every gap.

Frames are decoded as they come and handed over at once; nothing waits here. websockets' own bounded queue would stop
reading for 40 ms at a time in a burst, so it is unbounded, and what bounds it is that the listener never waits: after
some messages the event loop gets its turn, and a backlog that still grows ends the connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from core.errors import BadData
from core.market.liquidations import Certainty, FeedWord, Hear, Liquidation
from core.market.ports import Clock
from core.settings import LiquidationFeeds

log = logging.getLogger(__name__)

LARGEST_FRAME = 4 * 1024 * 1024
CLOSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Wire:
    """How a feed speaks: where it is, what is sent first, how it is kept alive, how its frames are read.

    ``decode`` gives the liquidations of a frame, none for anything else; it raises :class:`BadData` for what it cannot
    read. ``ping`` is sent every ``ping_s`` seconds; a silence of ``idle_s`` seconds ends the connection, as does ``life_s``.
    """

    name: str
    certainty: Certainty
    url: str
    decode: Callable[[bytes], Sequence[Liquidation]]
    hello: tuple[str, ...] = ()
    ping: str | None = None
    ping_s: float = 20.0
    idle_s: float | None = None
    life_s: float | None = None


class SocketFeed:
    """A :class:`core.market.liquidations.LiquidationSource` over one wire. ``jitter`` gives numbers in [0, 1)."""

    def __init__(self, wire: Wire, rules: LiquidationFeeds, clock: Clock, jitter: Callable[[], float]) -> None:
        self._wire, self._rules, self._clock, self._jitter = wire, rules, clock, jitter
        self.unreadable = 0
        """Frames that could not be read since the start."""

    @property
    def name(self) -> str:
        """Of the wire."""
        return self._wire.name

    @property
    def certainty(self) -> Certainty:
        """Of the wire."""
        return self._wire.certainty

    async def run(self, hear: Hear) -> NoReturn:
        """Listen until cancelled; connections come and go, and each end is told."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._connected(hear)
            except (OSError, TimeoutError, WebSocketException) as end:
                log.warning("the feed %s ended: %s %s", self.name, type(end).__name__, end)
            hear(FeedWord(self.name, self._clock.now_ms(), up=False))
            lived_ms = 1_000 * (asyncio.get_running_loop().time() - began)
            failures = 1 if lived_ms > self._rules.retry_most_ms else failures + 1
            await asyncio.sleep(self._wait_s(failures))

    def _wait_s(self, failures: int) -> float:
        """Doubles with every failure in a row, up to a ceiling; the jitter takes off up to half."""
        wait_ms = min(self._rules.retry_most_ms, self._rules.retry_least_ms << min(failures - 1, 16))
        return wait_ms * (1 - self._jitter() / 2) / 1_000

    async def _connected(self, hear: Hear) -> None:
        wire = self._wire
        async with (
            asyncio.timeout(wire.life_s),
            connect(
                wire.url,
                proxy=None,
                compression=None,
                close_timeout=CLOSE_SECONDS,
                ping_interval=None if wire.ping else wire.ping_s,
                max_size=LARGEST_FRAME,
                max_queue=None,
            ) as socket,
        ):
            for line in wire.hello:
                await socket.send(line)
            hear(FeedWord(self.name, self._clock.now_ms(), up=True))
            pings = asyncio.create_task(self._keep_alive(socket))
            try:
                await self._listen(socket, hear)
            finally:
                pings.cancel()
                await asyncio.gather(pings, return_exceptions=True)

    async def _listen(self, socket: ClientConnection, hear: Hear) -> None:
        heard = 0
        while True:
            frame = (
                await asyncio.wait_for(socket.recv(decode=False), self._wire.idle_s)
                if self._wire.idle_s
                else (await socket.recv(decode=False))
            )
            if events := self._read(frame):
                hear(FeedWord(self.name, self._clock.now_ms(), events))
            heard += 1
            if heard % self._rules.turn_frames == 0:
                await asyncio.sleep(0)

    def _read(self, frame: bytes) -> Sequence[Liquidation]:
        """The liquidations of a frame; an unreadable one is counted, and the first of a run is logged."""
        try:
            return self._wire.decode(frame)
        except BadData as trouble:
            self.unreadable += 1
            log.warning("an unreadable frame of %s: %s", self.name, trouble)
            return ()

    async def _keep_alive(self, socket: ClientConnection) -> None:
        while self._wire.ping is not None:
            await asyncio.sleep(self._wire.ping_s)
            await socket.send(self._wire.ping)
