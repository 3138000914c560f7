"""The account's stream: history is no news, a silence is noticed, an interruption is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from bot.exchange.hyperliquid.nudges import Nudges
from bot.exchange.hyperliquid.sockets import Socket
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.settings import Execution
from tests.bot.exchange.hyperliquid.loopback import ADDRESS, QUICK, Loopback

FILL = {"coin": "BTC", "px": "1", "sz": "1"}


def fills(*rows: Any, snapshot: bool = False) -> dict[str, Any]:
    data = {"user": ADDRESS, "fills": list(rows)} | ({"isSnapshot": True} if snapshot else {})
    return {"channel": "userFills", "data": data}


ORDERS = {"channel": "orderUpdates", "data": [{"order": {"coin": "BTC"}, "status": "filled"}]}


@pytest.fixture
async def words(venue: HyperliquidVenue) -> AsyncIterator[AsyncIterator[str]]:
    stream = venue.changes()
    yield stream
    await stream.aclose()  # type: ignore[attr-defined]


async def next_of(words: AsyncIterator[str]) -> str:
    async with asyncio.timeout(5):
        return await anext(words)


async def test_the_whole_account_is_subscribed_to(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    asked = [frame["subscription"] for frame in server.heard]
    assert asked == [{"type": kind, "user": ADDRESS} for kind in ("userFills", "orderUpdates", "userEvents")]
    await socket.send_json(ORDERS)
    assert await first == "order"


async def test_a_snapshot_is_no_news(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    await socket.send_json(fills(FILL, FILL, snapshot=True))
    await socket.send_json({"channel": "user", "data": {"funding": {"coin": "BTC"}}})
    assert await first == "funding"
    await socket.send_json(fills(FILL))
    assert await next_of(words) == "fill"


async def test_the_same_word_before_anyone_looked_is_one_word(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    await socket.send_json({"channel": "user", "data": {"liquidation": {"lid": 1}}})
    assert await first == "liquidation"
    for _ in range(1_000):
        await socket.send_json(fills(FILL))
        await socket.send_json(ORDERS)
    await socket.send_json({"channel": "user", "data": {"funding": {}}})
    heard = [await next_of(words)]
    while heard[-1] != "funding":
        heard.append(await next_of(words))
    assert len(heard) < 100


async def test_a_lost_connection_is_made_anew_and_the_gap_is_told(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    await (await server.stream()).close()
    assert await first == "gap"
    socket = await server.stream()
    await socket.send_json(ORDERS)
    assert await next_of(words) == "order"
    assert server.connections == 2


async def test_a_first_connection_tells_no_gap(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    await (await server.stream()).send_json(ORDERS)
    assert await first == "order"


async def test_a_server_that_drops_every_connection_is_not_stormed(server: Loopback, venue: HyperliquidVenue) -> None:
    waits: list[int] = []
    socket = Socket(server.url, [], QUICK, lambda: 0.0)
    waits = [round(1_000 * socket._wait_s(failures)) for failures in range(1, 12)]
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000, 1_000]
    assert 1_000 * Socket(server.url, [], QUICK, lambda: 0.999)._wait_s(3) == pytest.approx(20, rel=0.01)


async def test_a_server_that_is_gone_is_asked_less_and_less_often() -> None:
    asked: list[float] = []

    def no_jitter() -> float:
        asked.append(asyncio.get_running_loop().time())
        return 0.0

    running = asyncio.create_task(Socket("ws://127.0.0.1:1", [], QUICK, no_jitter).run(Nudges()))
    async with asyncio.timeout(5):
        while len(asked) < 5:
            await asyncio.wait({running}, timeout=0.02)
    running.cancel()
    waits = [after - before for before, after in pairwise(asked)]
    assert all(wait >= least for wait, least in zip(waits, (0.01, 0.02, 0.04, 0.08), strict=False))


async def test_with_the_default_rules_the_venues_limit_of_30_connections_a_minute_holds() -> None:
    socket = Socket("ws://x", [], Execution(), lambda: 0.999)
    waits = [socket._wait_s(failures) for failures in range(1, 31)]
    assert sum(waits[:9]) > 15
    assert sum(waits) > 300


async def test_reconnecting_goes_on_until_the_server_is_back(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    for _ in range(4):
        await (await server.stream()).close()
    socket = await server.stream()
    assert await first == "gap"
    await socket.send_json(fills(FILL))
    assert await next_of(words) in ("gap", "fill")
    assert server.connections == 5


async def test_a_silent_server_is_pinged_and_kept_while_it_answers(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    async with asyncio.timeout(5):
        while {"method": "ping"} not in server.heard:
            await asyncio.wait({first}, timeout=0.05)
    await socket.send_json(ORDERS)
    assert await first == "order"
    assert server.connections == 1


async def test_a_server_that_answers_no_ping_is_left(words: AsyncIterator[str], server: Loopback) -> None:
    server.pongs = False
    first = asyncio.create_task(next_of(words))
    await server.stream()
    assert await first == "gap"
    assert server.connections == 2


async def test_a_server_that_confirms_nothing_is_left(words: AsyncIterator[str], server: Loopback) -> None:
    server.confirms = False
    first = asyncio.create_task(next_of(words))
    async with asyncio.timeout(5):
        while server.connections < 2:
            await asyncio.wait({first}, timeout=0.05)
    server.confirms = True
    await server.stream()
    assert await first == "gap"


async def test_an_unreadable_frame_counts_as_a_gap(words: AsyncIterator[str], server: Loopback) -> None:
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    await socket.send_str('{"channel":"userFi')
    assert await first == "gap"
    await socket.send_json({"channel": "userFills", "data": {"fills": 3}})
    assert await next_of(words) == "gap"
    assert server.connections == 1


async def test_what_the_server_complains_of_is_logged(
    words: AsyncIterator[str], server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    await socket.send_json({"channel": "error", "data": "Cannot track more than 15 total users."})
    await socket.send_json(ORDERS)
    await first
    assert "15 total users" in caplog.text


async def test_closing_the_venue_ends_the_stream(venue: HyperliquidVenue, server: Loopback) -> None:
    words = venue.changes()
    first = asyncio.create_task(next_of(words))
    socket = await server.stream()
    await venue.close()
    with pytest.raises(StopAsyncIteration):
        await first
    assert socket.closed or (await socket.close()) in (True, False)
