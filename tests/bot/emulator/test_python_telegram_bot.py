"""python-telegram-bot, a client library none of us wrote, runs an unmodified bot against the local chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, ReplyKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from bot.emulator.server import LocalTelegram
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import TOKEN, png

GROUP = -1002000000001
Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]


async def chart(update: Update, context: Context) -> None:
    """/chart SYMBOL: a picture with a button."""
    assert update.message is not None
    assert context.args is not None
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Close it", callback_data="close")]])
    await update.message.reply_photo(
        png(), caption=f"<b>{context.args[0]}</b>", parse_mode=ParseMode.HTML, reply_markup=keys
    )


async def close(update: Update, context: Context) -> None:
    """The button: a toast, then the caption changes in place."""
    query = update.callback_query
    assert query is not None
    await query.answer("closing", show_alert=True)
    await query.edit_message_caption(caption=r"*closed* at 1\.5", parse_mode=ParseMode.MARKDOWN_V2)


@pytest.fixture
async def application(telegram: LocalTelegram) -> AsyncIterator[App]:
    builder = ApplicationBuilder().token(TOKEN)
    application = builder.base_url(f"{telegram.base_url}/bot").base_file_url(f"{telegram.base_url}/file/bot").build()
    application.add_handler(CommandHandler("chart", chart))
    application.add_handler(CallbackQueryHandler(close))
    async with application:
        yield application


async def test_an_application_polls_sends_a_photo_and_edits_it(application: App, chat: ChatClient) -> None:
    await application.start()
    assert application.updater is not None
    await application.updater.start_polling(poll_interval=0.0, timeout=10)
    await chat.say("Ann", "/chart BTC")
    asked = await chat.wait_for(lambda m: m.get("caption") == "BTC" and "reply_markup" in m)
    assert asked["caption_entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    await chat.tap("Ann", asked, text="Close it")
    answer = await chat.wait_answer("Ann")
    assert (answer["text"], answer["alert"]) == ("closing", True)
    assert (await chat.wait_text("closed at 1.5"))["message_id"] == asked["message_id"]
    await application.updater.stop()
    await application.stop()


async def test_its_objects_take_what_the_chat_answers(application: App, chat: ChatClient) -> None:
    bot = application.bot
    assert (await bot.get_me()).username == "vektor_local_bot"
    keyboard = ReplyKeyboardMarkup([["Status", "Pause"]], is_persistent=True, resize_keyboard=True)
    sent = await bot.send_message(1001, "hello", reply_markup=keyboard)
    album = await bot.send_media_group(1001, [InputMediaPhoto(png()), InputMediaPhoto(png())], caption="two")
    assert len({m.media_group_id for m in album}) == 1
    document = await bot.send_document(1001, b"a,b\n", filename="trades.csv")
    assert document.document is not None
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b\n"
    await bot.pin_chat_message(1001, sent.message_id, disable_notification=True)
    pinned = (await bot.get_chat(1001)).pinned_message
    assert pinned is not None
    assert pinned.text == "hello"
    assert len(await bot.get_chat_administrators(GROUP)) == 3
    await bot.set_my_commands([("go", "Go")])
    assert (await bot.get_my_commands())[0].command == "go"
    assert (await bot.get_webhook_info()).pending_update_count == 0
    assert await bot.delete_message(1001, sent.message_id)


async def test_its_errors_are_told_apart(
    application: App, chat: ChatClient, telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # its coming default; the present one warns
    bot = application.bot
    with pytest.raises(BadRequest, match="not found"):
        await bot.send_message(99, "x")
    with pytest.raises(Forbidden):
        await bot.send_message(1004, "x")
    await chat.fault("too_many_requests", seconds=3)
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "x")
    await chat.fault("migrated", chat=GROUP)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP, "x")
    assert await bot.send_message(moved.value.new_chat_id, "x")
    stranger = ApplicationBuilder().token("7:demo-other").base_url(f"{telegram.base_url}/bot").build()
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.bot.shutdown()
