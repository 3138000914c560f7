"""Trouble on demand, and a bot's place in a chat."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.bot.emulator.chat_client import ChatClient, ChatRefused
from tests.bot.emulator.conftest import BotApiCaller

GROUP = -1002000000001
HELLO: dict[str, Any] = {"chat_id": 1001, "text": "hello"}


async def test_too_many_requests_says_when_to_come_back(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("too_many_requests", seconds=7)
    async with api.session.post(f"{api.base_url}/bot7:demo-test/sendMessage", json=HELLO) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "7"
        assert await response.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
    assert (await api("sendMessage", **HELLO))["ok"]
    assert [m["text"] for m in chat.messages()] == ["hello"]


async def test_a_fault_hits_its_method_as_often_as_asked(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("server_error", code=502, method="sendmessage", times=2)
    assert (await api("getMe"))["ok"]
    assert [(await api("sendMessage", **HELLO))["ok"] for _ in range(3)] == [False, False, True]
    log = await chat.log("sendMessage")
    assert [call.get("error_code") for call in log] == [502, 502, None]


@pytest.mark.parametrize(("when", "texts"), [("before", []), ("after", ["hello"])])
async def test_a_cut_connection_leaves_the_bot_in_doubt(
    api: BotApiCaller, chat: ChatClient, when: str, texts: list[str]
) -> None:
    await chat.fault("drop", when=when)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", **HELLO)
    await api.result("sendMessage", chat_id=1001, text="end")
    await chat.wait_text("end")
    assert [m["text"] for m in chat.messages()] == [*texts, "end"]


async def test_a_slow_answer_arrives(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("slow", seconds=0.05)
    started = asyncio.get_running_loop().time()
    await api.result("sendMessage", **HELLO)
    assert asyncio.get_running_loop().time() - started >= 0.05


async def test_unnamed_faults_spare_the_poll(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("server_error")
    assert await api.result("getUpdates") == []
    assert not (await api("getMe"))["ok"]
    await chat.fault("server_error")
    await chat.fault("clear")
    assert (await api("getMe"))["ok"]


async def test_nonsense_faults_are_refused(chat: ChatClient) -> None:
    for kind, more, words in (
        ("earthquake", {}, "unknown fault"),
        ("server_error", {"code": 418}, "unknown server error 418"),
        ("drop", {"when": "during"}, "before or after"),
        ("slow", {"times": 0}, "times must be"),
        ("slow", {"seconds": "long"}, "numbers"),
        ("slow", {"colour": "red"}, "has no colour"),
    ):
        with pytest.raises(ChatRefused, match=words):
            await chat.fault(kind, **more)


async def test_a_blocked_bot_is_told_and_forbidden(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("blocked", chat=1001)
    assert await api.refusal("sendMessage", **HELLO) == "Forbidden: bot was blocked by the user"
    (update,) = await api.result("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await chat.say("Ann", "/start")
    assert (await api("sendMessage", **HELLO))["ok"]


async def test_a_kicked_bot_is_told_and_forbidden(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("kicked", chat=GROUP)
    refusal = await api.refusal("sendMessage", chat_id=GROUP, text="x")
    assert refusal == "Forbidden: bot was kicked from the supergroup chat"
    (update,) = await api.result("getUpdates")
    assert update["my_chat_member"]["old_chat_member"]["status"] == "administrator"


async def test_a_moved_group_gives_its_new_id(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("migrated", chat=GROUP)
    body = await api("sendMessage", chat_id=GROUP, text="x")
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    moved = body["parameters"]["migrate_to_chat_id"]
    assert (await api("sendMessage", chat_id=moved, text="x"))["ok"]
    farewell, arrival = await api.result("getUpdates")
    assert farewell["message"]["migrate_to_chat_id"] == moved
    assert arrival["message"]["migrate_from_chat_id"] == GROUP
    await chat.wait_text("x", moved)
    assert chat.chat_id("group") == moved


async def test_the_bot_hears_when_a_stranger_adds_it_to_a_group(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("added", title="Pump Club", **{"as": "Sam"})
    (update,) = await api.result("getUpdates")
    event = update["my_chat_member"]
    assert (event["chat"]["title"], event["from"]["id"]) == ("Pump Club", 1004)
    assert event["new_chat_member"]["status"] == "member"
    assert await api.result("leaveChat", chat_id=event["chat"]["id"])


async def test_flood_limits_can_be_switched_on(api: BotApiCaller, chat: ChatClient) -> None:
    assert [(await api("sendMessage", **HELLO))["ok"] for _ in range(8)] == [True] * 8
    await chat.fault("flood_limits", on=True)
    outcomes = [await api("sendMessage", **HELLO) for _ in range(6)]
    assert [o["ok"] for o in outcomes] == [True] * 5 + [False]
    assert outcomes[-1]["parameters"] == {"retry_after": 5}
    assert (await api("getMe"))["ok"]
    await chat.advance(5000)
    assert (await api("sendMessage", **HELLO))["ok"]


async def test_a_group_takes_20_messages_a_minute(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.fault("flood_limits", on=True)
    outcomes = [await api("sendMessage", chat_id=GROUP, text="x") for _ in range(21)]
    assert [o["ok"] for o in outcomes] == [True] * 20 + [False]
    assert outcomes[-1]["parameters"]["retry_after"] == 60


async def test_a_running_clock_cannot_be_moved_backwards(chat: ChatClient) -> None:
    with pytest.raises(ChatRefused, match="backwards"):
        await chat.advance(-1)
