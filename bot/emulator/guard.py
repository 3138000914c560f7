"""Keeps everybody but this machine's own user out, and real credentials out of a toy.

Loopback alone protects nothing: any web page can make a browser send requests to 127.0.0.1, under a name of its own
(DNS rebinding). So the Host must be ours, an Origin must be ours, and the page and its control API want the key that is
in the printed address. The Bot API side wants no browser at all: none has business there. Pictures and links of foreign
pages bear no Origin; what gives them away is Sec-Fetch-Site.

The cookie is not the key. Browsers send it to every server on this address, whatever its port, so it may only look;
whoever speaks must send the key itself, which the page keeps where only its own origin reads it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.emulator.wire import ApiError, failure

KEY_HEADER: Final = "X-Chat-Key"
_DEMO_TOKEN: Final = re.compile(r"[0-9]{1,15}:demo-[A-Za-z0-9_-]{1,64}")
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def check_demo_token(token: str) -> None:
    """Raise ValueError for anything but ``digits:demo-…``; the token itself is never repeated in the message."""
    if not _DEMO_TOKEN.fullmatch(token):
        raise ValueError(
            "the local chat takes demo tokens only (digits, a colon, then demo-…, for example 1:demo-local); "
            "the one given looks like a real bot's: unset it, or talk to Telegram itself"
        )


def check_page_key(key: str) -> None:
    """Raise ValueError for a key that could be guessed or would not fit into an address."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,128}", key):
        raise ValueError(f"the page key must be 16 to 128 of A-Z a-z 0-9 _ -, got {len(key)} characters")


class Guard:
    """The middleware of one server."""

    def __init__(self, page_key: str) -> None:
        self._key = page_key
        self._look = hmac.new(page_key.encode(), b"look", hashlib.sha256).hexdigest()
        self.port = 0

    @property
    def cookie(self) -> str:
        """The cookie's name; browsers share cookies between ports, so the port is part of it."""
        return f"chat_{self.port}"

    def middleware(self) -> Middleware:
        """The aiohttp middleware."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                self.check(request)
            except ApiError as error:
                return failure(error)
            response = await handler(request)
            if not response.prepared:
                for name, value in _HEADERS.items():
                    response.headers.setdefault(name, value)
            return response

        return guard

    def check(self, request: web.Request) -> None:
        """Raise ApiError 403 for a request that does not come from our own page or bot."""
        ours = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        if request.headers.get("Host", "").lower() not in ours:
            raise ApiError(403, "Forbidden: wrong Host; open the address that was printed at start")
        origin = request.headers.get("Origin")
        bot_side = request.path.startswith(("/bot", "/file/bot"))
        if origin is not None and (bot_side or origin.lower() not in {f"http://{host}" for host in ours}):
            raise ApiError(403, "Forbidden: wrong Origin; no web page but our own may ask here")
        self._check_site(request, bot_side)
        if not bot_side and not self._knows_key(request):
            raise ApiError(
                403, "Forbidden: the key is missing or from an earlier run; use the address printed at start"
            )

    def _check_site(self, request: web.Request, bot_side: bool) -> None:
        site = request.headers.get("Sec-Fetch-Site")
        led_here = request.path in ("/", "/control/socket")  # the one wants the key, the other bears an Origin
        if site is not None and (bot_side or (site not in ("same-origin", "none") and not led_here)):
            raise ApiError(403, "Forbidden: wrong Sec-Fetch-Site; no web page but our own may ask here")

    def _knows_key(self, request: web.Request) -> bool:
        given = request.headers.get(KEY_HEADER) or ""
        if request.path == "/" and "key" in request.query:
            given = request.query["key"]
        if not given and request.method in ("GET", "HEAD"):
            return _same(request.cookies.get(self.cookie) or "", self._look)
        return _same(given, self._key)

    def remember(self, response: web.StreamResponse) -> None:
        """Let the browser look: pictures and the stream can bear a cookie only. Scripts and other sites cannot use it."""
        response.set_cookie(self.cookie, self._look, httponly=True, samesite="Strict", path="/")


def _same(given: str, wanted: str) -> bool:
    """In constant time; bytes that are no text are only wrong."""
    return secrets.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
