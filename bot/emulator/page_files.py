"""Serves the chat page: a few hand-written files in ``page/``, no build step, nothing from elsewhere.

The page shows what the stream tells it and does what the control routes offer; it keeps no state worth keeping.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web

from bot.emulator.guard import Guard

_FOLDER: Final = Path(__file__).parent / "page"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def add_routes(app: web.Application, guard: Guard) -> None:
    """Register ``/`` and the page's own files, by name: nothing else of the folder is served."""

    async def index(_: web.Request) -> web.StreamResponse:
        response = web.FileResponse(_FOLDER / "index.html")
        guard.remember(response)
        return response

    async def asset(request: web.Request) -> web.StreamResponse:
        path = _FOLDER / request.match_info["name"]
        kind = _TYPES.get(path.suffix)
        if kind is None or path.parent != _FOLDER or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": kind})

    app.router.add_get("/", index)
    app.router.add_get("/page/{name}", asset)
