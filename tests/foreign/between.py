"""Stands between Vektor and a Bot API server that is not ours, and mends in passing what keeps aiogram from reading it.

What it mends is listed per server in :mod:`tests.foreign.servers`; for both it carries the webhook's secret, which
neither of them knows, and says "method not found" as Telegram does where they have none. It never answers for Vektor
and never invents an update: everything said and seen goes through the foreign server.
"""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

Json = dict[str, Any]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
NOT_FOUND = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
MOST_BYTES = 20_000_000


class Between:
    """One proxy. Subclasses say what their server needs mended."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.changed = asyncio.Condition()
        self.calls: list[tuple[str, Json]] = []
        self.unknown: set[str] = set()
        self.target, self.secret = "", ""
        """Where Vektor listens for pushed updates, and what it wants to hear with them."""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_post(r"/bot{token:\d+:[^/]+}/{method}", self.call)
        app.router.add_post("/hook", self.push)
        self.session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self.session.close()

    async def call(self, request: web.Request) -> web.Response:
        """One call of the bot."""
        form: Json = {}
        for name, value in (await request.post()).items():
            form[name] = value.file.read() if isinstance(value, web.FileField) else str(value)
        method, token = request.match_info["method"], request.match_info["token"]
        answer = await self.answer(token, method, form)
        async with self.changed:
            self.calls.append((method, form))
            self.changed.notify_all()
        return web.json_response(answer, status=answer.get("error_code") or 200)

    async def answer(self, token: str, method: str, form: Json) -> Json:
        """What the server says to it, in Telegram's form."""
        if method == "setWebhook":
            self.target, self.secret = form["url"], form["secret_token"]
            form = {"url": f"{self.base}/hook"}
        return self.mend(method, await self.forward(token, method, form))

    async def forward(self, token: str, method: str, form: Json) -> Json:
        """Pass a call on; what is no answer in Telegram's form means that there is no such method."""
        data = aiohttp.FormData()
        for name, value in form.items():
            if isinstance(value, bytes):
                data.add_field(name, value, filename="chart.png", content_type="image/png")
            else:
                data.add_field(name, value)
        async with self.session.post(f"{self.upstream}/bot{token}/{method}", data=data) as response:
            answer = json.loads(await response.read())
        if "ok" not in answer:
            self.unknown.add(method)
            return dict(NOT_FOUND)
        return dict(answer)

    async def push(self, request: web.Request) -> web.Response:
        """One update that the server pushes: on to Vektor, with the secret."""
        update = self.mend_update(await request.json())
        headers = {SECRET_HEADER: self.secret}
        async with self.session.post(self.target, json=update, headers=headers) as response:
            return web.Response(status=response.status)

    def mend(self, method: str, answer: Json) -> Json:
        """Make an answer readable; the base has nothing to mend."""
        return answer

    def mend_update(self, update: Json) -> Json:
        """Make an update readable; the base has nothing to mend."""
        return update
