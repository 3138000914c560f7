"""Vektor against a Bot API server that none of us wrote: npm's telegram-test-api, by polling and by webhook.

``VEKTOR_TEST_TELEGRAM_TEST_API`` names a folder with its ``node_modules`` (``npm install telegram-test-api@4.2.1``). As
published it lacks fields that the Bot API requires, so a thin shim stands before it and adds those and nothing else:
``getMe.is_bot``, ``callback_query.chat_instance``, ``true`` for results of ``null``, seconds for milliseconds, a 404
for methods it does not have, and the secret of a webhook, which it does not send.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.polling import HEADER, Webhook
from storage.database import Database
from tests.bot.test_telegram import SECRET, free_port
from tests.handlers.fixtures import make_blank, open_blank
from tests.handlers.office import CLAIM, TOKEN, Office

__all__ = ["make_blank", "open_blank"]

Json = dict[str, Any]
FOLDER = os.environ.get("VEKTOR_TEST_TELEGRAM_TEST_API", "")
SERVE = """
const TelegramServer = require('telegram-test-api');
new TelegramServer({port: Number(process.argv[1]), host: '127.0.0.1'}).start().then(() => console.log('up'));
"""

pytestmark = pytest.mark.skipif(
    not FOLDER or not (Path(FOLDER) / "node_modules" / "telegram-test-api").is_dir() or shutil.which("node") is None,
    reason="needs node and VEKTOR_TEST_TELEGRAM_TEST_API naming a folder where telegram-test-api is installed",
)


class Shim:
    """Forwards every call; adds what the server forgets."""

    def __init__(self, target: str) -> None:
        self.target, self.hook = target, ""
        self.calls: list[tuple[str, Json]] = []
        self.called = asyncio.Condition()

    async def call(self, request: web.Request) -> web.Response:
        method, data = request.path.rpartition("/")[2], dict(await request.post())
        if method == "setWebhook":
            self.hook, data["url"] = str(data["url"]), f"{self.base}/pushed"
        async with self.http.post(f"{self.target}{request.path}", data=data) as answer:
            body = await answer.json()
        body = repaired(method, body)
        async with self.called:
            self.calls.append((method, data | {"answered": body.get("result")}))
            self.called.notify_all()
        return web.json_response(body, status=body.get("error_code", 200))

    async def pushed(self, request: web.Request) -> web.Response:
        update = repaired_update(await request.json())
        async with self.http.post(self.hook, json=update, headers={HEADER: SECRET}) as answer:
            return web.Response(status=answer.status)

    async def wait(self, method: str, part: str) -> Json:
        """The first call of a method whose parameters contain a text."""

        def fitting() -> list[Json]:
            return [data for name, data in self.calls if name == method and part in str(data)]

        async with self.called, asyncio.timeout(20):
            await self.called.wait_for(lambda: bool(fitting()))
        return fitting()[0]

    async def say(self, text: str) -> None:
        """Ann sends a text, through the server's own client route."""
        await self.client("sendMessage", ANN | {"text": text})

    async def tap(self, data: str, message_id: int) -> None:
        """Ann taps a button."""
        message = {"message_id": message_id, "date": 1, "chat": ANN["chat"]}
        await self.client("sendCallback", ANN | {"data": data, "message": message})

    async def client(self, route: str, body: Json) -> None:
        async with self.http.post(
            f"{self.target}/{route}", json=body | {"date": self.now(), "botToken": TOKEN}
        ) as done:
            assert done.status == 200, await done.text()


ANN: Json = {
    "from": {"id": 1001, "is_bot": False, "first_name": "Ann"},
    "chat": {"id": 1001, "type": "private", "first_name": "Ann"},
}


def repaired(method: str, body: Json) -> Json:
    if "ok" not in body:
        return {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
    result = body.get("result")
    if method == "getMe":
        result = result | {"is_bot": True}
    elif method == "getUpdates":
        result = [repaired_update(update) for update in result]
    elif method == "sendMessage":
        result = {k: result[k] for k in ("message_id", "chat", "text")} | {"date": result["date"] // 1000}
    elif result is None:
        result = True
    return body | {"result": result}


def repaired_update(update: Json) -> Json:
    if "callback_query" in update:
        update["callback_query"]["chat_instance"] = "1"
    return update


@pytest.fixture
async def shim(database: Database) -> AsyncIterator[Shim]:
    port = free_port()
    node = await asyncio.create_subprocess_exec(
        "node", "-e", SERVE, str(port), cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    assert node.stdout is not None
    assert (await node.stdout.readline()).strip() == b"up"
    shim = Shim(f"http://127.0.0.1:{port}")
    app = web.Application()
    app.router.add_post("/pushed", shim.pushed)
    app.router.add_post("/bot{token}/{method}", shim.call)
    runner = web.AppRunner(app)
    await runner.setup()
    own = free_port()
    await web.TCPSite(runner, "127.0.0.1", own).start()
    shim.base = f"http://127.0.0.1:{own}"
    async with aiohttp.ClientSession() as shim.http:
        yield shim
    await runner.cleanup()
    node.terminate()
    await node.communicate()


async def conversation(database: Database, shim: Shim, **connection: Any) -> None:
    """Claim, look, ask to close, tap, closed."""
    office = Office(database, owner_id=None, followers_chat=None, claim_code=CLAIM)
    shim.now = lambda: office.wall() // 1000
    await office.open(api_base=shim.base, **connection)
    if connection:
        await shim.wait("setWebhook", SECRET)
    await office.stage.open("BTC")
    await shim.say(f"/start {CLAIM}")
    await shim.wait("sendMessage", "You own this desk")
    await shim.wait("sendMessage", "BTC long 4× opened")
    await shim.say("/status")
    await shim.wait("sendMessage", "1 open")
    await shim.say("/close BTC")
    asked = await shim.wait("sendMessage", "Close BTC long?")
    data = str(asked["reply_markup"]).split('"callback_data": "')[1].split('"')[0]
    await shim.tap(data, asked["answered"]["message_id"])
    await shim.wait("answerCallbackQuery", "Working")
    await shim.wait("editMessageText", "BTC long closed")
    assert await office.live() == []
    await office.shut()


async def test_the_conversation_works_by_polling(database: Database, shim: Shim) -> None:
    await conversation(database, shim)


async def test_the_conversation_works_by_webhook(database: Database, shim: Shim) -> None:
    port = free_port()
    hook = Webhook(url=f"http://127.0.0.1:{port}/telegram", secret=SECRET, port=port)
    await conversation(database, shim, mode="webhook", webhook=hook)
