"""A loopback server with just enough of the wire to be wrong on purpose: it answers as told and counts what it got."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aiohttp import WSMsgType, web

from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.settings import Execution
from core.trading.orders import Intent, Ticket
from tests.bot.exchange.served import served

KEY = "0x0123456789012345678901234567890123456789012345678901234567890123"
ADDRESS = "0x14791697260e4c9a71f18484c9f997b308e59325"
NOW = 1_790_000_000_000
FASTER = 60_000
"""How much faster than the wall the clock says that it runs."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

EMPTY_STATE = {
    "marginSummary": {
        "accountValue": "1000.5",
        "totalNtlPos": "0.0",
        "totalRawUsd": "1000.5",
        "totalMarginUsed": "0.0",
    },
    "withdrawable": "1000.5",
    "assetPositions": [],
    "time": NOW,
}
INFO: dict[str, Any] = {
    "perpDexs": [None, {"name": "xyz"}],
    "meta": {"universe": [{"name": "BTC", "szDecimals": 5, "maxLeverage": 40}, {"name": "ETH", "szDecimals": 4, "maxLeverage": 25}]},
    "meta/xyz": {"universe": [{"name": "xyz:XYZ100", "szDecimals": 4, "maxLeverage": 30}, {"name": "xyz:TSLA", "szDecimals": 3, "maxLeverage": 20}]},
    "userRole": {"role": "user"},
    "userAbstraction": "default",
    "clearinghouseState": EMPTY_STATE,
    "clearinghouseState/xyz": EMPTY_STATE | {"marginSummary": {"accountValue": "20"}, "withdrawable": "20"},
    "frontendOpenOrders": [],
    "userFillsByTime": [],
    "userFunding": [],
    "orderStatus": {"status": "unknownOid"},
    "spotMeta": {"tokens": [{"name": "USDC", "index": 0, "tokenId": "0x6d1e7cde53ba9467b783cb7c530ce054"}]},
}  # fmt: skip


def accepted(*statuses: Any) -> dict[str, Any]:
    """What the venue answers to a batch."""
    return {"status": "ok", "response": {"type": "order", "data": {"statuses": list(statuses)}}}


class MarketTime:
    """A market clock that stands until it is moved; waiting for it is quick."""

    def __init__(self, now_ms: int = NOW) -> None:
        self.now = now_ms

    def now_ms(self) -> int:
        return self.now

    def span_ms(self, wall_ms: int) -> int:
        return FASTER * wall_ms


class Loopback:
    """The server: ``info`` by kind (``kind/dex`` for one dex), ``exchange`` as a handler, sockets by a script."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = dict(INFO)
        self.exchange: Handler = self.answers(accepted())
        self.read: Handler | None = None
        self.asked: Counter[str] = Counter()
        self.received: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.connections = 0
        self.connected = asyncio.Event()
        self.sockets: list[web.WebSocketResponse] = []
        self.confirms = True
        self.pongs = True
        self.heard: list[dict[str, Any]] = []
        self.over = asyncio.Event()
        self.url = ""

    def answers(self, body: Any, status: int = 200) -> Handler:
        """A handler that answers ``body`` (JSON, or text as it is)."""

        async def handler(_: web.Request) -> web.StreamResponse:
            text = body if isinstance(body, str) else json.dumps(body)
            return web.Response(text=text, status=status, content_type="application/json")

        return handler

    async def drops(self, request: web.Request) -> web.StreamResponse:
        """The request is taken, the answer never comes: the connection is reset."""
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def truncates(self, request: web.Request) -> web.StreamResponse:
        """Half an answer, then the end."""
        reply = web.StreamResponse(headers={"Content-Length": "1000"})
        await reply.prepare(request)
        await reply.write(b'{"status":"ok","resp')
        return await self.drops(request)

    async def stalls(self, _: web.Request) -> web.StreamResponse:
        """No answer until the test is over."""
        await self.over.wait()
        return web.Response()

    async def on_info(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked[body["type"]] += 1
        self.questions.append(body)
        if self.read is not None:
            return await self.read(request)
        kind = f"{body['type']}/{body['dex']}" if body.get("dex") else body["type"]
        answer = self.info[kind]
        return web.json_response(answer(body) if callable(answer) else answer)

    async def on_exchange(self, request: web.Request) -> web.StreamResponse:
        self.received.append(await request.json())
        return await self.exchange(request)

    async def on_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        confirmed = 0
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            frame = json.loads(message.data)
            self.heard.append(frame)
            if frame["method"] == "ping" and self.pongs:
                await socket.send_json({"channel": "pong"})
            if frame["method"] == "subscribe" and self.confirms:
                await socket.send_json({"channel": "subscriptionResponse", "data": frame})
                confirmed += 1
            if confirmed == 3:
                confirmed = 0
                self.sockets.append(socket)
                self.connected.set()
        return socket

    async def stream(self) -> web.WebSocketResponse:
        """The next socket that has all its subscriptions."""
        await self.connected.wait()
        self.connected.clear()
        return self.sockets[-1]


@asynccontextmanager
async def serving() -> AsyncIterator[Loopback]:
    """A server on a free port of loopback."""
    server = Loopback()
    async with served(server) as server.url:
        try:
            yield server
        finally:
            server.over.set()


QUICK = replace(
    Execution(),
    timeout_ms=1_000,
    socket_idle_ms=1_000,
    reconnect_least_ms=10,
    reconnect_most_ms=1_000,
    weight_per_minute=100_000,
)
"""The rules with the shortest waits that they allow."""


def adapter(
    url: str, clock: MarketTime, *, execution: Execution = QUICK, key: str | None = KEY, account: str = ADDRESS
) -> HyperliquidVenue:
    """An adapter for ``url``, not yet started."""
    return HyperliquidVenue(
        base_url=url,
        account=account,
        key=None if key is None else SecretKey(key),
        execution=execution,
        clock=clock,
        wall_ms=clock.now_ms,
        jitter=lambda: 0.0,
    )


def ticket(intent: Intent = Intent.ENTRY, *, coin: str = "BTC", number: int = 1, **changes: Any) -> Ticket:
    """An order to buy 0.02 of ``coin``, or what protects it."""
    entry = intent is Intent.ENTRY
    made = Ticket(
        client_id=f"0x56454b{number:026x}",
        position_id="p",
        symbol=coin,
        coin=coin,
        intent=intent,
        is_buy=entry,
        size=Decimal("0.0200"),
        limit=Decimal("61000.0"),
        trigger=None if intent in (Intent.ENTRY, Intent.CLOSE) else Decimal(58000),
        reduce_only=not entry,
        created_ms=NOW,
        expires_ms=NOW + FASTER * 15_000,
    )
    return replace(made, **changes)
