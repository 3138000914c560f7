"""A local Telegram per test, on a clock that stands still, with a raw Bot API caller and a person at the chat."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.emulator.clock import SteppedClock
from bot.emulator.server import LocalTelegram
from tests.bot.emulator.chat_client import ChatClient

TOKEN = "7:demo-test"
KEY = "a-key-of-the-tests-only"
NOON_MS = 1_795_435_200_000

Json = dict[str, Any]
Caller = Callable[..., Awaitable[Json]]


def png(width: int = 64, height: int = 48) -> bytes:
    """A valid picture of one colour."""
    rows = b"".join(b"\0" + b"\x20\x40\x80" * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def buttons(*data: str) -> Json:
    """An inline keyboard with one button per data."""
    return {"inline_keyboard": [[{"text": d.upper(), "callback_data": d} for d in data]]}


class BotApiCaller:
    """Calls the Bot API as plain HTTP and answers the whole envelope."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self.session = session
        self.base_url = base_url

    async def __call__(self, method: str, _token: str = TOKEN, **params: Any) -> Json:
        async with self.session.post(f"{self.base_url}/bot{_token}/{method}", json=params) as response:
            body = dict(await response.json())
            assert response.status == (200 if body["ok"] else body["error_code"])
            return body

    async def result(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        body = await self(method, **params)
        assert body["ok"], f"{method} was refused: {body}"
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a call that must fail."""
        body = await self(method, **params)
        assert not body["ok"], f"{method} was not refused: {body}"
        return str(body["description"])

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **params: str) -> Json:
        """A multipart call; answers the envelope."""
        form = aiohttp.FormData(params)
        for field, (name, data) in files.items():
            form.add_field(field, io.BytesIO(data), filename=name)
        async with self.session.post(f"{self.base_url}/bot{TOKEN}/{method}", data=form) as response:
            return dict(await response.json())


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON_MS)


@pytest.fixture
async def telegram(clock: SteppedClock) -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram(token=TOKEN, page_key=KEY, clock=clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def api(telegram: LocalTelegram, session: aiohttp.ClientSession) -> BotApiCaller:
    return BotApiCaller(session, telegram.base_url)


@pytest.fixture
async def chat(telegram: LocalTelegram) -> AsyncIterator[ChatClient]:
    async with ChatClient(telegram.page_url) as client:
        yield client
