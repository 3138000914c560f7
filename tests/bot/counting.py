"""Stands between the bot and an exchange, passes everything on, and counts what was signed."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web


class Counting:
    """A relay on loopback, requests and sockets alike. ``signed`` are the bodies that came to ``/exchange``."""

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.signed: list[dict[str, Any]] = []
        self.asked = 0

    @property
    def base_url(self) -> str:
        """The address that the bot is given."""
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    def kinds(self) -> set[str]:
        """What was signed."""
        return {body["action"]["type"] for body in self.signed}

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_get("/ws", self._socket)
        app.router.add_route("*", "/{path:.*}", self._request)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._http.close()

    async def _request(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked += 1
        if request.path == "/exchange":
            self.signed.append(await request.json())
        headers = {"Content-Type": request.headers.get("Content-Type", "application/json")}
        async with self._http.request(
            request.method, f"{self.behind}{request.path}", data=body, headers=headers
        ) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        here = web.WebSocketResponse()
        await here.prepare(request)
        async with self._http.ws_connect(f"{self.behind}/ws") as there:
            await asyncio.wait(
                [asyncio.create_task(_pass(here, there)), asyncio.create_task(_pass(there, here))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        await here.close()
        return here


async def _pass(source: Any, target: Any) -> None:
    async for message in source:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        await target.send_str(message.data)
