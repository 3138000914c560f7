"""Sending, replying, forwarding, deleting: what Telegram takes and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import BotApiCaller, buttons

GROUP = -1002000000001


async def test_a_sent_message_comes_back_whole_and_is_seen_on_the_page(api: BotApiCaller, chat: ChatClient) -> None:
    sent = await api.result("sendMessage", chat_id=1001, text="hello", reply_markup=buttons("a"))
    assert sent["from"]["is_bot"] is True
    assert sent["chat"]["id"] == 1001
    assert sent["date"] == 1_795_435_200
    assert await chat.wait_text("hello") == sent


@pytest.mark.parametrize("method", ["sendmessage", "SENDMESSAGE", "SendMessage"])
async def test_the_case_of_a_method_does_not_matter(api: BotApiCaller, method: str) -> None:
    assert (await api.result(method, chat_id=1001, text="x"))["text"] == "x"


async def test_parameters_may_come_by_query_form_or_json(api: BotApiCaller) -> None:
    url = f"{api.base_url}/bot7:demo-test/sendMessage"
    async with api.session.get(url, params={"chat_id": "1001", "text": "by query"}) as response:
        assert (await response.json())["result"]["text"] == "by query"
    markup = '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}'
    form = {"chat_id": "1001", "text": "by form", "disable_notification": "true", "reply_markup": markup}
    async with api.session.post(url, data=form) as response:
        body = await response.json()
    assert body["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"chat_id": 1001, "text": ""}, "Bad Request: message text is empty"),
        ({"chat_id": 1001, "text": " \n "}, "Bad Request: message text is empty"),
        ({"chat_id": "", "text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 999, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": 1002, "text": "x"}, "Forbidden: bot can't initiate conversation with a user"),
        ({"chat_id": 1001, "text": "x" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": 1001, "text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"chat_id": 1001, "text": "x", "message_thread_id": 5}, "Bad Request: message thread not found"),
        ({"chat_id": 1001, "text": "x", "reply_parameters": {"message_id": 77}}, "Bad Request: message to be replied not found"),
        ({"chat_id": 1001, "text": "x", "reply_markup": buttons("d" * 65)}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"chat_id": 1001, "text": "x", "reply_markup": buttons("é" * 33)}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"chat_id": 1001, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
         "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 1"),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_refused_in_its_words(
    api: BotApiCaller, chat: ChatClient, params: dict[str, Any], description: str
) -> None:
    assert await api.refusal("sendMessage", **params) == description
    assert chat.messages() == []


async def test_length_is_counted_in_utf16_units_after_markup(api: BotApiCaller) -> None:
    assert (await api.result("sendMessage", chat_id=1001, text="😀" * 2048))["text"] == "😀" * 2048
    text = f"<b>{'x' * 4096}</b>"
    assert (await api.result("sendMessage", chat_id=1001, text=text, parse_mode="HTML"))["text"] == "x" * 4096
    assert await api.result("sendMessage", chat_id=1001, text="x", reply_markup=buttons("d" * 64))


async def test_a_lenient_reply_to_a_missing_message_is_sent_without_it(api: BotApiCaller) -> None:
    reply = {"message_id": 77, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await api.result("sendMessage", chat_id=1001, text="x", reply_parameters=reply)


async def test_message_numbers_are_shared_by_private_chats_and_own_to_a_group(
    api: BotApiCaller, chat: ChatClient
) -> None:
    await chat.say("Bob", "hello")
    private = [(await api.result("sendMessage", chat_id=c, text="x"))["message_id"] for c in (1001, 1002)]
    group = (await api.result("sendMessage", chat_id=GROUP, text="x"))["message_id"]
    assert private == [2, 3]
    assert group == 1


async def test_forward_names_the_author_and_copy_does_not(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("Ann", "/status")
    where = {"chat_id": GROUP, "from_chat_id": 1001, "message_id": said["message_id"]}
    forwarded = await api.result("forwardMessage", **where)
    assert forwarded["forward_origin"]["sender_user"]["id"] == 1001
    copied = await api.result("copyMessage", **where)
    assert set(copied) == {"message_id"}
    assert "forward_origin" not in (await chat.wait_for(lambda m: m["message_id"] == copied["message_id"], GROUP))
    missing = {**where, "message_id": 99}
    assert await api.refusal("forwardMessage", **missing) == "Bad Request: message to forward not found"
    assert await api.refusal("copyMessage", **missing) == "Bad Request: message to copy not found"


async def test_delete_works_for_48_hours_and_only_once(api: BotApiCaller, chat: ChatClient) -> None:
    first, second = [(await api.result("sendMessage", chat_id=1001, text=t))["message_id"] for t in "ab"]
    assert await api.result("deleteMessage", chat_id=1001, message_id=first) is True
    assert (
        await api.refusal("deleteMessage", chat_id=1001, message_id=first) == "Bad Request: message to delete not found"
    )
    await chat.advance(48 * 3600 * 1000 + 1000)
    refusal = await api.refusal("deleteMessage", chat_id=1001, message_id=second)
    assert refusal == "Bad Request: message can't be deleted for everyone"
    assert [m["message_id"] for m in chat.messages()] == [second]


async def test_delete_messages_skips_those_that_are_gone(api: BotApiCaller, chat: ChatClient) -> None:
    ids = [(await api.result("sendMessage", chat_id=1001, text=t))["message_id"] for t in "abc"]
    assert await api.result("deleteMessages", chat_id=1001, message_ids=[ids[0], 99, ids[2]]) is True
    await chat.wait_event("removed", lambda e: e["message_id"] == ids[2])
    assert [m["text"] for m in chat.messages()] == ["b"]


async def test_reactions_are_one_emoji_or_none(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("Ann", "hello")
    where = {"chat_id": 1001, "message_id": said["message_id"]}
    await api.result("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert (await chat.wait_event("changed"))["post"]["reactions"] == ["👍"]
    two = [{"type": "emoji", "emoji": e} for e in "👍🔥"]
    assert await api.refusal("setMessageReaction", **where, reaction=two) == "Bad Request: REACTIONS_TOO_MANY"


async def test_chat_actions_and_drafts_reach_the_page(api: BotApiCaller, chat: ChatClient) -> None:
    await api.result("sendChatAction", chat_id=1001, action="upload_photo")
    assert (await chat.wait_event("action"))["action"] == "upload_photo"
    assert "wrong parameter action" in await api.refusal("sendChatAction", chat_id=1001, action="dancing")
    await api.result("sendMessageDraft", chat_id=1001, draft_id=1, text="half a sen")
    assert (await chat.wait_event("draft"))["text"] == "half a sen"
    assert "non-zero" in await api.refusal("sendMessageDraft", chat_id=1001, draft_id=0, text="x")
    assert "private" in await api.refusal("sendMessageDraft", chat_id=GROUP, draft_id=1, text="x")


async def test_a_message_for_one_reader_is_refused_rather_than_shown_to_all(
    api: BotApiCaller, chat: ChatClient
) -> None:
    for one_reader in ({"ephemeral_message_parameters": {"receiver_user_id": 1003}}, {"receiver_user_id": 1003}):
        assert "ephemeral" in await api.refusal("sendMessage", chat_id=GROUP, text="psst", **one_reader)
    assert chat.messages(GROUP) == []


async def test_an_unknown_method_is_not_found(api: BotApiCaller) -> None:
    assert await api("sendDice", chat_id=1001) == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
    }


async def test_malformed_values_are_named(api: BotApiCaller) -> None:
    async with api.session.post(
        f"{api.base_url}/bot7:demo-test/sendMessage", data=b"{", headers={"Content-Type": "application/json"}
    ) as r:
        assert (await r.json())["description"] == "Bad Request: can't parse request JSON object"
    assert "message_id" in await api.refusal("deleteMessage", chat_id=1001, message_id="twelve")
    assert "reply_markup" in await api.refusal("sendMessage", chat_id=1001, text="x", reply_markup="{nonsense")
    assert "whole numbers" in await api.refusal("deleteMessages", chat_id=1001, message_ids=["a"])
