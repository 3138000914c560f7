"""Button taps: what the bot hears and how it may answer."""

from __future__ import annotations

import pytest

from tests.bot.emulator.chat_client import ChatClient, ChatRefused
from tests.bot.emulator.conftest import BotApiCaller, buttons

GROUP = -1002000000001
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_tap_reaches_the_bot_and_the_answer_the_person(api: BotApiCaller, chat: ChatClient) -> None:
    message = await api.result("sendMessage", chat_id=1001, text="sure?", reply_markup=buttons("yes", "no"))
    query_id = await chat.tap("Ann", message, text="YES")
    (update,) = await api.result("getUpdates")
    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (query_id, "yes", 1001)
    assert query["message"] == message
    assert query["chat_instance"]
    await api.result("answerCallbackQuery", callback_query_id=query_id, text="Done", show_alert=True)
    answer = await chat.wait_answer("Ann")
    assert (answer["text"], answer["alert"]) == ("Done", True)


async def test_a_query_is_answered_once_and_within_150_seconds(api: BotApiCaller, chat: ChatClient) -> None:
    message = await api.result("sendMessage", chat_id=1001, text="sure?", reply_markup=buttons("yes"))
    first, second = [await chat.tap("Ann", message, data="yes") for _ in range(2)]
    await api.result("answerCallbackQuery", callback_query_id=first)
    assert await api.refusal("answerCallbackQuery", callback_query_id=first) == TOO_OLD
    await chat.advance(150_001)
    assert await api.refusal("answerCallbackQuery", callback_query_id=second) == TOO_OLD
    assert await api.refusal("answerCallbackQuery", callback_query_id="12") == TOO_OLD


async def test_an_answer_is_at_most_200_characters(api: BotApiCaller, chat: ChatClient) -> None:
    message = await api.result("sendMessage", chat_id=1001, text="sure?", reply_markup=buttons("yes"))
    query_id = await chat.tap("Ann", message, data="yes")
    assert "MESSAGE_TOO_LONG" in await api.refusal("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert await api.result("answerCallbackQuery", callback_query_id=query_id, text="x" * 200)


async def test_only_buttons_that_are_there_can_be_tapped(api: BotApiCaller, chat: ChatClient) -> None:
    disabled = {"inline_keyboard": [[{"text": "✅ Approved", "disabled": {}}]]}
    message = await api.result("sendMessage", chat_id=1001, text="done", reply_markup=disabled)
    with pytest.raises(ChatRefused, match="sends nothing"):
        await chat.tap("Ann", message, button=0)
    with pytest.raises(ChatRefused, match="no button"):
        await chat.tap("Ann", message, data="yes")
    with pytest.raises(ChatRefused, match="cannot speak"):
        await chat.tap("Bob", message, button=0)


async def test_a_forged_tap_names_a_message_that_is_gone(api: BotApiCaller, chat: ChatClient) -> None:
    await chat.forge("Sam", GROUP, 4711, "whatever I like")
    (update,) = await api.result("getUpdates")
    query = update["callback_query"]
    assert query["from"]["id"] == 1004
    assert query["data"] == "whatever I like"
    assert (query["message"]["message_id"], query["message"]["date"]) == (4711, 0)


async def test_an_anonymous_admins_tap_reveals_the_person(api: BotApiCaller, chat: ChatClient) -> None:
    message = await api.result("sendMessage", chat_id=GROUP, text="sure?", reply_markup=buttons("yes"))
    await chat.tap("anonymous", message, data="yes")
    said = await chat.say("anonymous", "/flatten", GROUP)
    tap, command = await api.result("getUpdates")
    assert tap["callback_query"]["from"]["id"] == 1005
    assert command["message"]["from"]["id"] == 1087968824
    assert command["message"]["sender_chat"]["id"] == GROUP
    assert command["message"] == said


async def test_a_button_has_exactly_one_action_and_a_known_colour(api: BotApiCaller) -> None:
    def keyboard(**button: object) -> dict[str, object]:
        return {"inline_keyboard": [[{"text": "x", **button}]]}

    for bad in (keyboard(), keyboard(callback_data="a", url="http://x"), keyboard(callback_data="a", style="pink")):
        assert "button" in await api.refusal("sendMessage", chat_id=1001, text="x", reply_markup=bad)
    assert "COPY_TEXT" in await api.refusal(
        "sendMessage", chat_id=1001, text="x", reply_markup=keyboard(copy_text={"text": "c" * 257})
    )
    for good in (keyboard(callback_data="a", style="danger"), keyboard(copy_text={"text": "c"}), keyboard(disabled={})):
        assert await api.result("sendMessage", chat_id=1001, text="x", reply_markup=good)
