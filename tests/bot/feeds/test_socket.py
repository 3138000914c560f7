"""One feed over a real socket on loopback: reconnects, gaps, keep-alives, silence, frames that cannot be read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bot.feeds.liquidations import frames
from bot.feeds.socket import SocketFeed, Wire
from core.market.liquidations import Liquidation
from core.settings import LiquidationFeeds

RULES = LiquidationFeeds(retry_least_ms=10, retry_most_ms=100)
Script = Callable[[ServerConnection, int], Awaitable[None]]


class Standing:
    """A clock that stands."""

    def now_ms(self) -> int:
        return 1_000

    def span_ms(self, wall_ms: int) -> int:
        return wall_ms


def forced(number: int) -> str:
    return json.dumps({"o": {"s": "BTCUSDT", "S": "SELL", "z": "1", "ap": "100", "T": number}})


@asynccontextmanager
async def exchange(script: Script) -> Any:
    """A server that plays a script for each connection, numbered from 0."""
    count = 0

    async def play(connection: ServerConnection) -> None:
        nonlocal count
        number, count = count, count + 1
        await script(connection, number)

    async with serve(play, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class Ear:
    """What a feed said."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.changed = asyncio.Event()

    def heard(self, events: Sequence[Liquidation]) -> None:
        self.story += [str(one.time_ms) for one in events]
        self.changed.set()

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:
        assert (source, at_ms) == ("test", 1_000)
        self.story.append("up" if up else "down")
        self.changed.set()

    async def until(self, enough: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(10):
            while not enough(self.story):
                self.changed.clear()
                await self.changed.wait()


async def listened(url: str, ear: Ear, enough: Callable[[list[str]], bool], **wire: Any) -> SocketFeed[Liquidation]:
    spoken = Wire("test", url, frames.binance({"BTCUSDT": "BTC"}), **wire)
    feed = SocketFeed(spoken, RULES, Standing(), lambda: 0.0)
    task = asyncio.create_task(feed.run(ear))
    try:
        await ear.until(enough)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return feed


def events(count: int) -> Callable[[list[str]], bool]:
    return lambda story: sum(word.isdigit() for word in story) >= count


async def test_a_connection_that_ends_is_begun_again_and_the_gap_is_told() -> None:
    async def script(connection: ServerConnection, number: int) -> None:
        await connection.send(forced(number))
        if number < 3:
            await connection.close()
        else:
            await connection.wait_closed()

    ear = Ear()
    async with exchange(script) as url:
        await listened(url, ear, events(4))
    assert ear.story == ["up", "0", "down", "up", "1", "down", "up", "2", "down", "up", "3"]


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    ear = Ear()
    await listened("ws://127.0.0.1:9", ear, lambda story: len(story) >= 3)
    assert set(ear.story) == {"down"}


async def test_what_is_subscribed_is_said_first_at_every_connection() -> None:
    said: list[list[str]] = []

    async def script(connection: ServerConnection, number: int) -> None:
        said.append([str(await connection.recv()), str(await connection.recv())])
        await connection.send(forced(number))
        await connection.close()

    async with exchange(script) as url:
        await listened(url, Ear(), events(2), hello=("one", "two"))
    assert said[:2] == [["one", "two"], ["one", "two"]]


async def test_pings_go_out_while_nothing_comes_in() -> None:
    async def script(connection: ServerConnection, number: int) -> None:
        for _ in range(3):
            assert await connection.recv() == "ping"
        await connection.send(forced(number))
        await connection.wait_closed()

    async with exchange(script) as url:
        await listened(url, Ear(), events(1), ping="ping", ping_s=0.02)


async def test_a_silent_server_is_taken_for_dead() -> None:
    async def script(connection: ServerConnection, number: int) -> None:
        if number:
            await connection.send(forced(number))
        await connection.wait_closed()

    ear = Ear()
    async with exchange(script) as url:
        await listened(url, ear, events(1), idle_s=0.05)
    assert ear.story[:3] == ["up", "down", "up"]


async def test_a_connection_is_begun_anew_when_its_life_is_over() -> None:
    async def script(connection: ServerConnection, number: int) -> None:
        await connection.send(forced(number))
        await connection.wait_closed()

    ear = Ear()
    async with exchange(script) as url:
        await listened(url, ear, events(2), life_s=0.05)
    assert ear.story[:4] == ["up", "0", "down", "up"]


async def test_an_unreadable_frame_is_counted_and_the_next_one_is_read(caplog: pytest.LogCaptureFixture) -> None:
    async def script(connection: ServerConnection, number: int) -> None:
        await connection.send("{half")
        await connection.send(forced(number))
        await connection.wait_closed()

    async with exchange(script) as url:
        feed = await listened(url, Ear(), events(1))
    assert feed.unreadable == 1
    assert "{half" in caplog.text


async def test_a_burst_lets_others_have_their_turn() -> None:
    async def script(connection: ServerConnection, number: int) -> None:
        for count in range(5_000):
            await connection.send(forced(count))
        await connection.wait_closed()

    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    ear = Ear()
    beside = asyncio.create_task(others())
    async with exchange(script) as url:
        await listened(url, ear, events(5_000))
    beside.cancel()
    assert turns > 5_000 / RULES.turn_frames
    assert ear.story == ["up", *map(str, range(5_000))]
