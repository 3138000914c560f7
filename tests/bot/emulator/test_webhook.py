"""Webhook delivery: the secret, retries, the reply that carries a call, and loopback only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.emulator import limits
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import BotApiCaller


class Receiver:
    """A bot's webhook that answers as it is told."""

    def __init__(self) -> None:
        self.updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        answer = self.answers.pop(0) if self.answers else web.Response()
        self.updates.put_nowait(await request.json())
        return answer

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.updates.get(), 20)


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    monkeypatch.setattr(limits, "WEBHOOK_FIRST_RETRY_S", 0.01)
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_arrive_in_order_with_the_secret(api: BotApiCaller, chat: ChatClient, receiver: Receiver) -> None:
    await chat.say("Ann", "said before the webhook was set")
    await api.result("setWebhook", url=receiver.url, secret_token="s3cret_-")
    await chat.say("Ann", "two")
    texts = [(await receiver.next())["message"]["text"] for _ in range(2)]
    assert texts == ["said before the webhook was set", "two"]
    assert receiver.secrets == ["s3cret_-"] * 2
    await chat.wait_event("confirmed")


async def test_a_refused_update_is_delivered_again_and_the_problem_is_told(
    api: BotApiCaller, chat: ChatClient, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=503)]
    await api.result("setWebhook", url=receiver.url)
    await chat.say("Ann", "one")
    first, second, third = [await receiver.next() for _ in range(3)]
    assert first == second == third
    info = await api.result("getWebhookInfo")
    assert info["url"] == receiver.url
    assert "503" in info["last_error_message"]
    await chat.wait_event("confirmed")
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_the_reply_may_carry_a_call(api: BotApiCaller, chat: ChatClient, receiver: Receiver) -> None:
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": 1001, "text": "from the reply"})]
    await api.result("setWebhook", url=receiver.url)
    await chat.say("Ann", "hello")
    await chat.wait_text("from the reply")


async def test_a_reply_that_is_no_call_is_ignored(api: BotApiCaller, chat: ChatClient, receiver: Receiver) -> None:
    receiver.answers = [
        web.Response(text="{broken"),
        web.json_response({"method": "sendMessage", "chat_id": 999, "text": "x"}),
        web.json_response({"ok": True}),
    ]
    await api.result("setWebhook", url=receiver.url)
    for word in "abc":
        await chat.say("Ann", word)
    assert [(await receiver.next())["message"]["text"] for _ in range(3)] == ["a", "b", "c"]
    refused = await chat.wait_event("call", lambda e: not e["call"]["ok"])
    assert refused["call"]["description"] == "Bad Request: chat not found"


async def test_a_new_address_ends_the_wait(
    api: BotApiCaller, chat: ChatClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WEBHOOK_FIRST_RETRY_S", 3600.0)
    monkeypatch.setattr(limits, "WEBHOOK_LAST_RETRY_S", 3600.0)
    await api.result("setWebhook", url="http://127.0.0.1:9/nobody")
    await chat.say("Ann", "one")
    await api.result("setWebhook", url=receiver.url)
    assert (await receiver.next())["message"]["text"] == "one"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "http://10.0.0.1/hook",
        "ftp://127.0.0.1/",
        "127.0.0.1",
        "http://evil.localhost.example/",
    ],
)
async def test_only_this_machine_is_delivered_to(api: BotApiCaller, url: str) -> None:
    assert "not on this machine" in await api.refusal("setWebhook", url=url)


async def test_a_secret_has_telegrams_alphabet(api: BotApiCaller, receiver: Receiver) -> None:
    for secret in ("späte", "a b", "x" * 257):
        assert "secret token" in await api.refusal("setWebhook", url=receiver.url, secret_token=secret)


async def test_pending_updates_can_be_dropped(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.say("Ann", "old")
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert await api.result("getUpdates") == []


async def test_a_webhook_leads_the_courier_nowhere_else(
    api: BotApiCaller, chat: ChatClient, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=307, headers={"Location": f"{receiver.url}?elsewhere"})]
    await api.result("setWebhook", url=receiver.url)
    await chat.say("Ann", "one")
    await chat.wait_event("confirmed")
    assert "307" in (await api.result("getWebhookInfo"))["last_error_message"]
