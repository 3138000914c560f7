"""Edits: what may change, what takes the buttons away, and what changes nothing."""

from __future__ import annotations

from typing import Any

from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import BotApiCaller, buttons, png

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


async def sent(api: BotApiCaller, **more: Any) -> dict[str, Any]:
    message = await api.result("sendMessage", chat_id=1001, text="first", **more)
    return {"chat_id": 1001, "message_id": message["message_id"]}


async def test_an_edit_replaces_text_in_place_and_marks_it(api: BotApiCaller, chat: ChatClient) -> None:
    where = await sent(api)
    edited = await api.result("editMessageText", **where, text="second")
    assert edited["text"] == "second"
    assert edited["edit_date"] == 1_795_435_200
    assert await chat.wait_text("second") == edited
    assert len(chat.messages()) == 1


async def test_an_edit_without_markup_takes_the_buttons_away(api: BotApiCaller) -> None:
    where = await sent(api, reply_markup=buttons("a"))
    assert "reply_markup" not in await api.result("editMessageText", **where, text="second")
    kept = await api.result("editMessageText", **where, text="third", reply_markup=buttons("b"))
    assert kept["reply_markup"]["inline_keyboard"][0][0]["text"] == "B"


async def test_an_edit_that_changes_nothing_is_refused(api: BotApiCaller) -> None:
    where = await sent(api, reply_markup=buttons("a"))
    assert await api.refusal("editMessageText", **where, text="first", reply_markup=buttons("a")) == NOT_MODIFIED
    assert await api.refusal("editMessageReplyMarkup", **where, reply_markup=buttons("a")) == NOT_MODIFIED
    assert await api.result("editMessageReplyMarkup", **where)
    assert await api.refusal("editMessageReplyMarkup", **where) == NOT_MODIFIED
    await api.result("editMessageText", **where, text="second")
    assert await api.refusal("editMessageText", **where, text=" second ") == NOT_MODIFIED


async def test_a_message_that_brought_a_reply_keyboard_cannot_be_edited(api: BotApiCaller) -> None:
    where = await sent(api, reply_markup={"keyboard": [[{"text": "Status"}]]})
    assert await api.refusal("editMessageText", **where, text="x") == "Bad Request: message can't be edited"


async def test_foreign_and_missing_messages_cannot_be_edited(api: BotApiCaller, chat: ChatClient) -> None:
    said = await chat.say("Ann", "mine")
    refusal = await api.refusal("editMessageText", chat_id=1001, message_id=said["message_id"], text="x")
    assert refusal == "Bad Request: message can't be edited"
    assert (await api.refusal("editMessageText", chat_id=1001, message_id=99, text="x")).endswith("edit not found")


async def test_captions_media_and_text_do_not_mix(api: BotApiCaller) -> None:
    text = await sent(api)
    assert (await api.refusal("editMessageCaption", **text, caption="x")).endswith("no caption in the message to edit")
    photo = (await api.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1001", caption="one"))["result"]
    where = {"chat_id": 1001, "message_id": photo["message_id"]}
    assert (await api.refusal("editMessageText", **where, text="x")).endswith("no text in the message to edit")
    captioned = await api.result("editMessageCaption", **where, caption="two", reply_markup=buttons("a"))
    assert captioned["caption"] == "two"
    assert captioned["photo"] == photo["photo"]
    assert "too long" in await api.refusal("editMessageCaption", **where, caption="x" * 1025)


async def test_media_can_be_replaced_by_an_upload(api: BotApiCaller) -> None:
    photo = (await api.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1001"))["result"]
    media = '{"type": "photo", "media": "attach://other", "caption": "new"}'
    where = {"chat_id": "1001", "message_id": str(photo["message_id"]), "media": media}
    edited = (await api.upload("editMessageMedia", {"other": ("b.png", png(80, 50))}, **where))["result"]
    assert (edited["photo"][0]["width"], edited["caption"]) == (80, "new")
    same = {"type": "photo", "media": edited["photo"][0]["file_id"], "caption": "new"}
    assert (
        await api.refusal("editMessageMedia", chat_id=1001, message_id=photo["message_id"], media=same) == NOT_MODIFIED
    )
