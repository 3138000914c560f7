"""The HTTP side that the bot talks to: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``.

Knows the demo token of this run and no other; applies the armed faults; everything else is the switchboard's.
"""

from __future__ import annotations

import asyncio
import secrets

from aiohttp import web

from bot.emulator.faults import Fault
from bot.emulator.switchboard import Switchboard
from bot.emulator.wire import ApiError, Params, failure, read_params, success


class BotApi:
    """Handlers of the Bot API routes."""

    def __init__(self, switchboard: Switchboard, token: str) -> None:
        self._board = switchboard
        self._token = token

    def add_routes(self, app: web.Application) -> None:
        """Register the routes, before any that could shadow them."""
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", self.handle)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self.download)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call: check the token, read the parameters, suffer the fault, carry out, answer."""
        method = request.match_info["method"]
        try:
            self._check_token(request)
            if request.method not in ("GET", "POST"):
                raise ApiError(405, "Method Not Allowed")
            params = await read_params(request)
            return await self._suffer(request, method, params)
        except ApiError as error:
            return failure(error)

    async def _suffer(self, request: web.Request, method: str, params: Params) -> web.StreamResponse:
        fault = self._board.faults.take(method)
        if fault is None:
            return success(await self._board.logged_call(method, params))
        self._show_faults()
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "drop":
            return await self._drop(request, method, params, fault)
        error = fault.error()
        if error:
            self._board.note(method, params, error)
            raise error
        return success(await self._board.logged_call(method, params))

    async def _drop(self, request: web.Request, method: str, params: Params, fault: Fault) -> web.StreamResponse:
        if fault.when == "after":
            await self._board.logged_call(method, params)
        else:
            self._board.note(method, params, ApiError(0, "connection dropped before the call was carried out"))
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _show_faults(self) -> None:
        self._board.stream.publish([{"type": "faults", "faults": self._board.faults.card()}])

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file by its ``file_path``."""
        try:
            self._check_token(request)
            path = request.match_info["path"]
            file = next((f for f in self._board.world.files.values() if f.path == path), None)
            data = await self._board.store.blob(self._board.world, file.file_id) if file else None
            if file is None or data is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return failure(error)
        return web.Response(body=data, content_type=file.mime_type)

    def _check_token(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if not secrets.compare_digest(given.encode("utf-8", "surrogateescape"), self._token.encode()):
            raise ApiError(401, "Unauthorized: invalid token specified" if ":" not in given else "Unauthorized")
