"""The update queue: offsets, long polls, conflicts, retention, privacy, and who is who."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.emulator.chat_client import ChatClient, ChatRefused
from tests.bot.emulator.conftest import BotApiCaller, buttons

GROUP = -1002000000001
DAY_MS = 24 * 3600 * 1000


async def texts(api: BotApiCaller, **params: object) -> list[str]:
    return [u["message"]["text"] for u in await api.result("getUpdates", **params)]


async def test_updates_stay_until_a_higher_offset_confirms_them(api: BotApiCaller, chat: ChatClient) -> None:
    for word in "abc":
        await chat.say("Ann", word)
    updates = await api.result("getUpdates", limit=2)
    assert [u["message"]["text"] for u in updates] == ["a", "b"]
    assert await texts(api) == ["a", "b", "c"]
    assert await texts(api, offset=updates[0]["update_id"] + 1) == ["b", "c"]
    assert await texts(api) == ["b", "c"]


async def test_a_negative_offset_forgets_all_but_the_last(api: BotApiCaller, chat: ChatClient) -> None:
    for word in "abc":
        await chat.say("Ann", word)
    assert await texts(api, offset=-1) == ["c"]
    assert await texts(api) == ["c"]


async def test_a_long_poll_answers_as_soon_as_something_is_said(api: BotApiCaller, chat: ChatClient) -> None:
    poll = asyncio.create_task(api.result("getUpdates", timeout=50))
    await chat.say("Ann", "hello")
    (update,) = await asyncio.wait_for(poll, 10)
    assert update["message"]["text"] == "hello"


async def test_a_second_poller_ends_the_first_with_a_conflict(api: BotApiCaller, chat: ChatClient) -> None:
    async def until_conflict() -> str:
        return await api.refusal("getUpdates", timeout=50)

    first = asyncio.create_task(until_conflict())
    second: asyncio.Task[object] | None = None
    while not first.done():  # the second poll may arrive before the first; then it is the one that ends
        second = asyncio.create_task(api("getUpdates", timeout=1))
        await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        await second
    assert "terminated by other getUpdates request" in await first


async def test_polling_is_refused_while_a_webhook_is_set(api: BotApiCaller) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/hook")
    assert "can't use getUpdates method while webhook is active" in await api.refusal("getUpdates")
    await api.result("deleteWebhook")
    assert await api.result("getUpdates") == []


async def test_messages_wait_a_day_and_taps_150_seconds(api: BotApiCaller, chat: ChatClient) -> None:
    message = await api.result("sendMessage", chat_id=1001, text="sure?", reply_markup=buttons("yes"))
    await chat.say("Ann", "/close BTC")
    await chat.tap("Ann", message, data="yes")
    await chat.advance(149_000)
    assert len(await api.result("getUpdates")) == 2
    await chat.advance(1_000)
    assert await texts(api) == ["/close BTC"]
    await chat.advance(DAY_MS - 150_000 - 1)
    assert await texts(api) == ["/close BTC"]
    await chat.advance(1)
    assert await api.result("getUpdates") == []


async def test_a_late_command_carries_the_time_it_was_typed(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("Ann", "/close BTC", ago=8 * 3600)
    assert said["date"] == 1_795_435_200 - 8 * 3600
    assert await texts(api) == ["/close BTC"]
    await chat.say("Ann", "/too late", ago=25 * 3600)
    assert await texts(api) == ["/close BTC"]


async def test_allowed_updates_are_remembered(api: BotApiCaller, chat: ChatClient) -> None:
    await api.result("getUpdates", allowed_updates=["callback_query"])
    await chat.say("Ann", "unheard")
    assert await api.result("getUpdates") == []
    await api.result("getUpdates", allowed_updates=[])
    await chat.say("Ann", "heard")
    assert await texts(api) == ["heard"]


async def test_update_ids_follow_the_clock_so_that_they_grow_over_restarts(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.say("Ann", "x")
    (update,) = await api.result("getUpdates")
    assert update["update_id"] == 1_795_435_200 - 1_600_000_000


async def test_commands_are_marked_so_that_every_library_sees_them(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("Ann", "/close BTC now")
    assert said["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_forwarded_command_says_whose_it_was(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.say("Sam", "/flatten", forward_from="Ann")
    (update,) = await api.result("getUpdates")
    message = update["message"]
    assert message["from"]["id"] == 1004
    assert message["forward_origin"]["sender_user"]["id"] == 1001


async def test_an_edited_command_arrives_as_an_edit(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("Ann", "/close ETH")
    body = {"as": "Ann", "chat": "private", "message_id": said["message_id"], "text": "/close BTC"}
    await chat.post("edit", body)
    first, second = await api.result("getUpdates")
    assert first["message"]["text"] == "/close ETH"
    assert second["edited_message"]["text"] == "/close BTC"
    with pytest.raises(ChatRefused, match="not found"):
        await chat.post("edit", {**body, "message_id": 99})


async def test_as_a_mere_member_the_bot_hears_only_what_concerns_it(api: BotApiCaller, chat: ChatClient) -> None:
    question = await api.result("sendMessage", chat_id=GROUP, text="anyone?")
    await chat.fault("member", chat=GROUP)
    await api.result("getUpdates", offset=-1)
    await chat.say("Fay", "chatter", GROUP)
    await chat.say("Fay", "/status", GROUP)
    await chat.say("Fay", "me!", GROUP, reply_to=question["message_id"])
    await chat.say("Fay", "hey @vektor_local_bot", GROUP)
    updates = [u for u in await api.result("getUpdates") if "message" in u]
    assert [u["message"]["text"] for u in updates] == ["/status", "me!", "hey @vektor_local_bot"]


async def test_a_channels_words_come_from_a_service_user(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("channel", "/pause", GROUP)
    assert said["from"]["is_bot"] is True
    assert said["sender_chat"]["type"] == "channel"
    with pytest.raises(ChatRefused, match="cannot speak"):
        await chat.say("channel", "/pause")


async def test_speaking_as_nobody_or_with_nothing_to_say_is_refused(api: BotApiCaller, chat: ChatClient) -> None:
    with pytest.raises(ChatRefused, match="nobody here is called 'Zed'"):
        await chat.say("Zed", "hi")
    with pytest.raises(ChatRefused, match="empty"):
        await chat.say("Ann", "   ")
    with pytest.raises(ChatRefused, match="5000 of 4096"):
        await chat.say("Ann", "x" * 5000)
    with pytest.raises(ChatRefused, match="cannot speak"):
        await chat.say("Ann", "hi", 1002)
