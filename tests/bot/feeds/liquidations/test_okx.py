"""OKX's feed over real HTTP and WebSocket on loopback: contracts first, then sizes in base units."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from bot.environment import Environment
from bot.feeds.liquidations.okx import OkxFeed
from bot.feeds.universe import load_universe
from bot.listening import liquidation_feeds
from core.market.liquidations import Certainty
from core.settings import LiquidationFeeds
from tests.bot.feeds.test_socket import Standing

RULES = LiquidationFeeds(retry_least_ms=10, retry_most_ms=100, ask_s=2.0)


class Okx:
    """As much of OKX as the feed needs; it does not answer the first question."""

    def __init__(self) -> None:
        self.asked = 0

    async def instruments(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.asked == 1:
            return web.Response(status=502)
        assert request.query["instType"] == "SWAP"
        return web.json_response({"code": "0", "data": [{"instId": "BTC-USDT-SWAP", "ctVal": "0.01"}]})

    async def stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert json.loads(await socket.receive_str())["op"] == "subscribe"
        detail = {"side": "sell", "posSide": "long", "bkPx": "60000", "sz": "50", "ts": "7"}
        await socket.send_json({"arg": {}, "data": [{"instId": "BTC-USDT-SWAP", "details": [detail]}]})
        await socket.receive()
        return socket


class Ear:
    def __init__(self) -> None:
        self.story: list[object] = []
        self.heard_one = asyncio.Event()

    def heard(self, events: object) -> None:
        self.story += list(events)  # type: ignore[call-overload]
        self.heard_one.set()

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:
        self.story.append((source, up))


async def test_the_contracts_are_asked_for_until_they_are_known() -> None:
    okx, ear = Okx(), Ear()
    app = web.Application()
    app.router.add_get("/api/v5/public/instruments", okx.instruments)
    app.router.add_get("/ws/v5/public", okx.stream)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    bases = (f"ws://127.0.0.1:{port}", f"http://127.0.0.1:{port}")
    feed = asyncio.create_task(OkxFeed(load_universe(), bases, RULES, Standing(), lambda: 0.0).run(ear))
    async with asyncio.timeout(10):
        await ear.heard_one.wait()
    feed.cancel()
    await asyncio.gather(feed, return_exceptions=True)
    await runner.cleanup()
    down, up, event = ear.story
    assert (down, up) == (("okx", False), ("okx", True))
    assert (event.symbol, round(event.size, 9), event.certainty) == ("BTC", 0.5, Certainty.SAMPLED)  # type: ignore[attr-defined]


def test_on_a_simulated_venue_only_feeds_that_are_pointed_somewhere_run() -> None:
    def names(*, real: bool, **bases: str) -> list[str]:
        environment = Environment(_env_file=None, **bases)  # type: ignore[call-arg]
        asked = (load_universe(), environment, "https://api.x", real, RULES, Standing())
        return [one.name for one in liquidation_feeds(*asked, lambda: 0.0)]

    assert names(real=False) == ["makers"]
    assert names(real=False, binance_stream_base="ws://127.0.0.1:1") == ["makers", "binance"]
    assert names(real=True) == ["makers", "backstop", "binance", "bybit", "okx"]
