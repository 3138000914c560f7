"""Binance and Hyperliquid on loopback, wrong on purpose: klines, symbols, snapshots, streams, and faults as told.

Weights are counted as the exchanges count them. A bar that still forms bears a close that no closed bar has.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import numpy as np
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from bot.feeds.binance.klines import weight_of
from core.market.candles import CandleSeries, Timeframe
from tests.bot.feeds.venue import LENGTHS, bars

FAULTS = ("429", "418", "500", "503", "truncated", "stale", "missing", "duplicate", "html", "dropped", "silent")
HALF_FORMED = 1.0
"""Added to the close of a bar that still forms."""
Fault = Callable[[str, str], str]
"""``fault(symbol, interval)``: what goes wrong with this answer, or nothing."""


def none(symbol: str, interval: str) -> str:
    """Nothing goes wrong."""
    return ""


@dataclass
class Exchange:
    """One exchange. ``now`` is market time; ``asked`` holds (market ms, weight, symbol, interval, rows) of each request."""

    now: Callable[[], int]
    fault: Fault = none
    statuses: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[int, int, str, str, int]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    hellos: list[Any] = field(default_factory=list)
    connections: int = 0
    refuse_sockets: bool = False
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def heaviest_minute(self) -> int:
        """Most weight within any minute of market time."""
        return max(
            (sum(w for at, w, *_ in self.asked if begun <= at < begun + 60_000) for begun, *_ in self.asked), default=0
        )

    async def push(self, frame: Any) -> None:
        """Say one frame on every stream."""
        for socket in self.sockets:
            await socket.send_str(json.dumps(frame))

    async def until(self, enough: Callable[[], bool]) -> None:
        """Wait for something that a request or a connection brings about."""
        async with asyncio.timeout(10):
            while not enough():
                self.changed.clear()
                await self.changed.wait()

    def shown(self, name: str, interval: str, start_ms: int, end_ms: int, fault: str) -> CandleSeries:
        """What is answered: the forming bar included, and bars wrong in the way of the fault."""
        now, step = self.now(), LENGTHS[interval]
        series = bars(name, interval, start_ms, min(end_ms, now))
        if len(series) and int(series.time[-1]) + step > now:
            series.close[-1] += HALF_FORMED
            series.high[-1] += HALF_FORMED
        if fault == "stale":
            return series.closed_by(now)[:-1]
        if fault == "missing" and len(series) > 6:
            return CandleSeries.joined([series[: len(series) // 2], series[len(series) // 2 + 2 :]])
        if fault == "duplicate" and len(series):
            return CandleSeries.joined([series[:1], series])
        return series

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """A stream: subscriptions are acknowledged and remembered."""
        self.connections += 1
        self.changed.set()
        if self.refuse_sockets:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            said = json.loads(message.data)
            if said["method"] != "ping":
                self.hellos.append(said)
                await socket.send_str(json.dumps(self.acknowledged(said)))
            self.changed.set()
        self.sockets.remove(socket)
        return socket

    def acknowledged(self, said: dict[str, Any]) -> Any:
        """The answer to a subscription."""
        if said["method"] == "SUBSCRIBE":
            return {"result": None, "id": said["id"]}
        return {"channel": "subscriptionResponse", "data": said}

    async def broken(self, request: web.Request, fault: str, body: str) -> web.StreamResponse | None:
        """The answer of a fault that is not about bars."""
        if fault == "silent":
            await self.let_go.wait()
        if fault == "dropped":
            assert request.transport is not None
            request.transport.close()
        answers = {
            "429": (429, '{"code":-1003,"msg":"Too many requests; current limit is 2400 requests per minute."}'),
            "418": (418, '{"code":-1003,"msg":"Way too many requests; IP banned."}'),
            "500": (500, "internal error"),
            "503": (503, '{"code":-1008,"msg":"Server is currently overloaded"}'),
            "html": (200, "<html><body>maintenance</body></html>"),
            "truncated": (200, body[: len(body) * 2 // 3]),
            "dropped": (500, ""),
            "silent": (500, ""),
        }
        if fault not in answers:
            return None
        status, text = answers[fault]
        after = {"Retry-After": "1"} if status in (418, 429) else {}
        return web.Response(status=status, text=text, headers=after)


class Binance(Exchange):
    """``/fapi/v1`` and ``/market/ws``."""

    def routes(self) -> list[web.RouteDef]:
        """Where it answers."""
        return [
            web.get("/fapi/v1/klines", self.klines),
            web.get("/fapi/v1/exchangeInfo", self.info),
            web.get("/market/ws", self.socket),
        ]

    async def klines(self, request: web.Request) -> web.StreamResponse:
        """Rows of strings, the last one still forming."""
        query = request.query
        name, interval, limit = query["symbol"], query["interval"], int(query["limit"])
        fault = self.fault(name, interval)
        end_ms = int(query.get("endTime", self.now()))
        series = self.shown(name, interval, int(query["startTime"]), end_ms, fault)[:limit]
        self.asked.append((self.now(), weight_of(limit), name, interval, len(series)))
        self.changed.set()
        body = json.dumps([kline(series, at) for at in range(len(series))])
        return await self.broken(request, fault, body) or self.answer(body)

    async def info(self, request: web.Request) -> web.StreamResponse:
        """The symbols."""
        self.asked.append((self.now(), 1, "", "", 0))
        rows = [
            {"symbol": name, "pair": name, "contractType": "PERPETUAL", "status": status}
            for name, status in self.statuses.items()
        ]
        body = json.dumps({"timezone": "UTC", "serverTime": self.now(), "rateLimits": [], "symbols": rows})
        return await self.broken(request, self.fault("", ""), body) or self.answer(body)

    def answer(self, body: str) -> web.Response:
        """A whole answer, dated by the exchange's clock."""
        used = sum(w for at, w, *_ in self.asked if at > self.now() - 60_000)
        date = formatdate(self.now() // 1_000, usegmt=True)
        return web.Response(
            text=body, content_type="application/json", headers={"Date": date, "X-MBX-USED-WEIGHT-1M": str(used)}
        )


class Hyperliquid(Exchange):
    """``/info`` for candles alone, and ``/ws``."""

    def routes(self) -> list[web.RouteDef]:
        """Where it answers."""
        return [web.post("/info", self.info), web.get("/ws", self.socket)]

    async def info(self, request: web.Request) -> web.StreamResponse:
        """``candleSnapshot``."""
        wanted = (await request.json())["req"]
        coin, interval = wanted["coin"], wanted["interval"]
        fault = self.fault(coin, interval)
        series = self.shown(coin, interval, wanted["startTime"], wanted["endTime"], fault)
        self.asked.append((self.now(), 20 + len(series) // 60, coin, interval, len(series)))
        self.changed.set()
        body = json.dumps([candle(series, at, coin, interval) for at in range(len(series))])
        return await self.broken(request, fault, body) or web.Response(text=body, content_type="application/json")


def kline(series: CandleSeries, at: int) -> list[Any]:
    """One row of Binance's answer."""
    time, step = int(series.time[at]), series.timeframe.ms
    prices = [repr(float(getattr(series, name)[at])) for name in ("open", "high", "low", "close", "volume")]
    return [time, *prices, time + step - 1, "1.0", 100, "0.5", "0.5", "0"]


def candle(series: CandleSeries, at: int, coin: str, interval: str) -> dict[str, Any]:
    """One bar of Hyperliquid's answer, or of its stream."""
    time, step = int(series.time[at]), series.timeframe.ms
    cells = {key: repr(float(getattr(series, name)[at])) for key, name in NAMES.items()}
    return {"t": time, "T": time + step - 1, "s": coin, "i": interval, **cells, "n": 100}


NAMES = {"o": "open", "c": "close", "h": "high", "l": "low", "v": "volume"}


def stream_kline(name: str, timeframe: Timeframe, time_ms: int, *, closed: bool) -> dict[str, Any]:
    """A frame of Binance's kline stream."""
    series = bars(name, timeframe.value, time_ms, time_ms)
    if not closed:
        series.volume[0] += HALF_FORMED
    cells = {key: repr(float(getattr(series, column)[0])) for key, column in NAMES.items()}
    bar = {"t": time_ms, "T": time_ms + timeframe.ms - 1, "s": name, "i": timeframe.value, "x": closed} | cells
    return {"e": "kline", "E": time_ms + timeframe.ms, "s": name, "k": bar}


@asynccontextmanager
async def running(*exchanges: Binance | Hyperliquid) -> AsyncIterator[None]:
    """The exchanges, each on its port."""
    servers: list[TestServer] = []
    try:
        for one in exchanges:
            app = web.Application()
            app.add_routes(one.routes())
            server = TestServer(app)
            await server.start_server()
            one.url = str(server.make_url("")).rstrip("/")
            servers.append(server)
        yield
    finally:
        for one, server in zip(exchanges, servers, strict=False):
            one.let_go.set()
            await server.close()


def is_true(series: CandleSeries, names: Sequence[str]) -> bool:
    """Whether every bar is as one of the exchanges has it, closed and whole."""
    if not len(series):
        return True
    return any(
        all(
            np.array_equal(getattr(whole, column)[at], getattr(series, column))
            for column in ("time", "open", "high", "low", "close", "volume")
        )
        for whole in (bars(n, series.timeframe.value, int(series.time[0]), int(series.time[-1])) for n in names)
        for at in [np.clip(np.searchsorted(whole.time, series.time), 0, len(whole) - 1)]
    )
