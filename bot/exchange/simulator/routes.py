"""HTTP: bodies in, bodies out, and the failures as the exchange words them. On ordered bad days it misbehaves here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from bot.exchange.simulator.answers import UNREADABLE, UNSUITABLE, WRONG_TYPE, Broken, Busy, Unsuitable
from bot.exchange.simulator.faults import SKEW, Fault, Faults, Skew
from bot.exchange.simulator.gate import Gate
from bot.exchange.simulator.hub import Hub
from bot.exchange.simulator.pump import Pump
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.upsets import UPSETS, upset_of
from core.errors import UserMistake

Answering = Callable[[Any, str], Awaitable[Any]]
LARGEST_BODY = 2**22


HALTED = "Trading is halted."
"""The exchange's word for a market that is shut; said by the fault `refuse`."""


class Routes:
    """The handlers of the venue's one port."""

    def __init__(self, state: VenueState, gate: Gate, pump: Pump, hub: Hub, faults: Faults) -> None:
        self._state = state
        self._gate = gate
        self._pump = pump
        self._hub = hub
        self._faults = faults

    def application(self) -> web.Application:
        """The application with every route."""
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_post("/info", self._info)
        application.router.add_post("/exchange", self._exchange)
        application.router.add_get("/ws", self._socket)
        application.router.add_get("/clock", self._clock)
        application.router.add_post("/clock", self._set_clock)
        application.router.add_get("/faults", self._show_faults)
        application.router.add_post("/faults", self._order_fault)
        application.router.add_delete("/faults", self._clear_faults)
        application.router.add_route("*", "/info", self._not_allowed)
        application.router.add_route("*", "/exchange", self._not_allowed)
        return application

    async def _info(self, request: web.Request) -> web.StreamResponse:
        return await self._answered(request, "/info", self._gate.info)

    async def _exchange(self, request: web.Request) -> web.StreamResponse:
        return await self._answered(request, "/exchange", self._gate.act)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.strike("/ws", None)
        if fault is not None and await self._before(request, fault):
            return web.Response(status=fault.status)
        return await self._hub.connect(request, self._gate.post)

    async def _not_allowed(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=405)

    async def _answered(self, request: web.Request, path: str, answering: Answering) -> web.StreamResponse:
        if request.content_type != "application/json":
            return web.Response(status=415, text=WRONG_TYPE)
        try:
            body = msgspec.json.decode(await request.read())
        except msgspec.DecodeError:
            return web.Response(status=400, text=UNREADABLE)
        fault = self._faults.strike(path, _kind(body))
        if fault is not None and fault.kind in ("refuse", "nonce"):
            words = HALTED if fault.kind == "refuse" else used_nonce(body)
            return _said(msgspec.json.encode({"status": "err", "response": words}))
        if fault is not None and await self._before(request, fault):
            return web.Response(status=fault.status, body=b"null", content_type="application/json")
        stale = (
            self._faults.kept.get(msgspec.json.encode(body)) if fault is not None and fault.kind == "stale" else None
        )
        if stale is not None:
            return _said(stale)
        response = await self._response(answering, body, request.remote or "")
        if fault is not None and fault.kind == "stale" and isinstance(response.body, bytes):
            self._faults.kept[msgspec.json.encode(body)] = response.body
        if fault is not None:
            await self._after(request, fault)
        return response

    async def _response(self, answering: Answering, body: Any, client: str) -> web.Response:
        try:
            answer = await answering(body, client)
        except Unsuitable:
            return web.Response(status=422, text=UNSUITABLE)
        except Broken:
            return web.Response(status=500, body=b"null", content_type="application/json")
        except Busy:
            return web.Response(status=429, body=b"null", content_type="application/json")
        return _said(msgspec.json.encode(answer))

    async def _before(self, request: web.Request, fault: Fault) -> bool:
        """Misbehave before anything is done; whether nothing shall be done at all."""
        if fault.kind == "drop_before":
            _cut(request)
        elif fault.kind == "delay_before":
            await asyncio.sleep(fault.seconds)
        return fault.kind in ("drop_before", "status")

    async def _after(self, request: web.Request, fault: Fault) -> None:
        """Misbehave when it is done."""
        if fault.kind == "drop_after":
            _cut(request)
        elif fault.kind == "delay_after":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "lose_answer":
            await asyncio.Event().wait()

    async def _clock(self, _: web.Request) -> web.StreamResponse:
        self._pump.catch_up()
        return self._told_clock()

    async def _set_clock(self, request: web.Request) -> web.StreamResponse:
        """Step the market to a time; returns when it is there."""
        if not self._state.clock.stepped:
            return _refused(f"this clock runs at speed {self._state.clock.speed} and cannot be stepped")
        try:
            to_ms = msgspec.convert(await self._decoded(request), dict[str, int])["to"]
        except (msgspec.MsgspecError, KeyError):
            return _refused('say where to: {"to": epoch milliseconds}')
        if to_ms < self._state.now_ms:
            return _refused(f"time does not go back from {self._state.now_ms} to {to_ms}")
        await self._pump.go_to(to_ms)
        return self._told_clock()

    def _told_clock(self) -> web.Response:
        speed = self._state.clock.speed
        told = {
            "now_ms": self._state.now_ms,
            "speed": "step" if speed is None else speed,
            "end_ms": self._state.source.end_ms,
        }
        return web.json_response(told)

    async def _show_faults(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._faults.told())

    async def _order_fault(self, request: web.Request) -> web.StreamResponse:
        try:
            await self._ordered(await self._decoded(request))
        except (UserMistake, msgspec.MsgspecError) as mistake:
            return _refused(str(mistake))
        return web.json_response(self._faults.told())

    async def _ordered(self, body: Any) -> None:
        kind = body.get("kind") if isinstance(body, dict) else None
        if kind in UPSETS:
            await self._gate.upset(upset_of(body, self._state))
        elif kind == SKEW:
            if self._state.clock.stepped:
                raise UserMistake("a clock that is stepped by its client cannot be skewed", value=SKEW)
            await self._pump.skew(msgspec.convert(body, Skew).ms)
        else:
            self._faults.order(body)

    async def _clear_faults(self, _: web.Request) -> web.StreamResponse:
        self._faults.clear()
        await self._gate.calm()
        return web.json_response([])

    async def _decoded(self, request: web.Request) -> Any:
        return msgspec.json.decode(await request.read())


def _kind(body: Any) -> str | None:
    """Type of an info request or of a signed action, as far as there is one."""
    if not isinstance(body, dict):
        return None
    action = body.get("action", body)
    kind = action.get("type") if isinstance(action, dict) else None
    return kind if isinstance(kind, str) else None


def used_nonce(body: Any) -> str:
    """The exchange's words for a nonce that was seen before."""
    nonce = body.get("nonce") if isinstance(body, dict) else None
    return f"Invalid nonce: duplicate nonce {nonce}"


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _said(body: bytes) -> web.Response:
    """An answer as it is."""
    return web.Response(body=body, content_type="application/json")


def _refused(words: str) -> web.Response:
    return web.Response(status=400, text=words)
