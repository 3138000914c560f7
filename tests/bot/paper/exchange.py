"""A plain loopback server in the place of the real exchange: it answers as told, streams as told, and counts."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from tests.bot.exchange.served import served

PATIENCE_S = 30.0
Levels = list[tuple[Any, Any]]
MAIN = [
    {"name": "BTC", "szDecimals": 5, "maxLeverage": 40, "marginTableId": 40},
    {"name": "ETH", "szDecimals": 4, "maxLeverage": 25, "marginTableId": 25},
    {"name": "OLD", "szDecimals": 1, "maxLeverage": 5, "marginTableId": 5, "isDelisted": True},
]
XYZ = [{"name": "xyz:TSLA", "szDecimals": 3, "maxLeverage": 20, "marginTableId": 20, "onlyIsolated": True}]
USUAL = {"BTC": 60_000, "ETH": 3_000, "xyz:TSLA": 320}


def now_ms() -> int:
    return int(time.time() * 1_000)


class RealExchange:
    """``figures`` and ``books`` by coin; ``say`` tells what changed to whoever follows it. ``rate`` is funding."""

    def __init__(self) -> None:
        self.metas: dict[str, Any] = {"": {"universe": MAIN}, "xyz": {"universe": XYZ}}
        self.dexes: Any = [None, {"name": "xyz", "assetToFundingMultiplier": [["xyz:TSLA", "0.5"]]}]
        self.figures: dict[str, Any] = {}
        self.books: dict[str, tuple[Levels, Levels]] = {}
        self.settlements: dict[str, list[tuple[int, str]]] = {}
        self.recorded_books: dict[str, Any] = {}
        self.rate = "0.0000125"
        self.shift_ms = 0
        """How far its clock is ahead of ours."""
        self.asked: Counter[str] = Counter()
        self.silent = False
        """Answers nothing and tells nothing."""
        self.followed: Counter[str] = Counter()
        self.sockets: dict[web.WebSocketResponse, set[tuple[str, str]]] = {}
        self.heard = asyncio.Condition()
        self.url = ""
        for coin, mark in USUAL.items():
            self.set(coin, mark)

    def set(self, coin: str, mark: Any, bids: Levels | None = None, asks: Levels | None = None) -> None:
        """A mark, and a book around it."""
        one = {"funding": self.rate, "openInterest": "1000.0", "prevDayPx": str(mark), "dayNtlVlm": "50000000.0"}
        prices = {"oraclePx": str(mark), "markPx": str(mark), "midPx": str(mark), "impactPxs": [str(mark), str(mark)]}
        self.figures[coin] = one | prices | {"premium": "0.0"}
        tick = 1 if mark > 10_000 else 0.1
        usual = ([(mark - tick, 50)], [(mark + tick, 50)])
        self.books[coin] = (bids or usual[0], asks or usual[1])

    async def say(self, coin: str) -> None:
        """Tell what stands of a market to everyone who follows it."""
        for socket, subscriptions in list(self.sockets.items()):
            for kind, followed in subscriptions:
                if followed == coin and not self.silent:
                    await socket.send_json({"channel": kind, "data": self.frame(kind, coin)})

    async def until_followed(self, kind: str, coin: str, times: int = 1) -> None:
        """Wait until a subscription was made so many times; in vain is a failure."""
        async with asyncio.timeout(PATIENCE_S), self.heard:
            await self.heard.wait_for(lambda: self.followed[f"{kind} {coin}"] >= times)

    async def hang_up(self) -> None:
        """Close every socket."""
        for socket in list(self.sockets):
            await socket.close()

    def frame(self, kind: str, coin: str) -> Any:
        if kind == "activeAssetCtx":
            return {"coin": coin, "ctx": self.figures[coin]}
        if coin in self.recorded_books:
            return self.recorded_books[coin]
        sides = [[{"px": str(price), "sz": str(size), "n": 1} for price, size in side] for side in self.books[coin]]
        told = {"coin": coin, "time": now_ms() + self.shift_ms}
        return told | ({"levels": sides} if kind == "l2Book" else {"bbo": [side[0] for side in sides]})

    def answer(self, body: dict[str, Any]) -> Any:
        meta = self.metas[body.get("dex", "")]
        match body["type"]:
            case "perpDexs":
                return self.dexes
            case "meta":
                return meta
            case "metaAndAssetCtxs":
                return [meta, [self.figures.get(row["name"], {"markPx": None}) for row in meta["universe"]]]
            case "l2Book":
                return self.frame("l2Book", body["coin"])
            case "fundingHistory":
                rows = self.settlements.get(body["coin"], [])
                return [
                    {"coin": body["coin"], "fundingRate": rate, "premium": "0.0", "time": at + 40}
                    for at, rate in rows
                    if at + 40 >= body["startTime"]
                ]
        return []

    async def on_info(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked[body["type"]] += 1
        if self.silent:
            return web.Response(status=503)
        return web.json_response(self.answer(body))

    async def on_exchange(self, _: web.Request) -> web.StreamResponse:
        self.asked["/exchange"] += 1
        return web.Response(status=500)

    async def on_socket(self, request: web.Request) -> web.StreamResponse:
        if self.silent:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        followed = self.sockets[socket] = set()
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
                asked = json.loads(message.data)
                if asked["method"] == "ping" and not self.silent:
                    await socket.send_json({"channel": "pong"})
                if asked["method"] == "subscribe":
                    await self.follow(socket, followed, asked["subscription"])
        finally:
            del self.sockets[socket]
        return socket

    async def follow(self, socket: web.WebSocketResponse, followed: set[tuple[str, str]], one: Any) -> None:
        key = (one["type"], one["coin"])
        followed.add(key)
        await socket.send_json({"channel": "subscriptionResponse", "data": {"subscription": one}})
        await socket.send_json({"channel": key[0], "data": self.frame(*key)})
        async with self.heard:
            self.followed[" ".join(key)] += 1
            self.heard.notify_all()


@asynccontextmanager
async def serving() -> AsyncIterator[RealExchange]:
    """The server on a free port of loopback."""
    server = RealExchange()
    async with served(server) as server.url:
        try:
            yield server
        finally:
            await server.hang_up()
