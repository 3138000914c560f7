"""A server of the tests that speaks the exchange's three doors, on a free port of loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web


class Doors(Protocol):
    """What is asked over each of them."""

    async def on_info(self, request: web.Request) -> web.StreamResponse: ...

    async def on_exchange(self, request: web.Request) -> web.StreamResponse: ...

    async def on_socket(self, request: web.Request) -> web.StreamResponse: ...


@asynccontextmanager
async def served(doors: Doors) -> AsyncIterator[str]:
    """Where it listens. Sockets that are still open at the end are cut soon."""
    app = web.Application()
    app.router.add_post("/info", doors.on_info)
    app.router.add_post("/exchange", doors.on_exchange)
    app.router.add_get("/ws", doors.on_socket)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
