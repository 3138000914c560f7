"""aiogram, unmodified, against the local chat: polling, webhook, and its own types as the judge of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.filters import Command
from aiogram.utils.formatting import Bold, Code, DateTime, ExpandableBlockQuote, Text
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.emulator.server import LocalTelegram
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import TOKEN, png

GROUP = -1002000000001


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(telegram.base_url)))
    yield bot
    await bot.session.close()


def desk() -> Dispatcher:
    """A small trading bot: a picture with buttons, a confirmation edited in place."""
    dispatcher = Dispatcher()

    @dispatcher.message(Command("chart"))
    async def chart(message: types.Message) -> None:
        keys = [
            [types.InlineKeyboardButton(text="Close BTC", callback_data="close", style="danger")],
            [types.InlineKeyboardButton(text="Copy", copy_text=types.CopyTextButton(text="BTC"))],
        ]
        words = Text(
            Bold("BTC"), " long ", Code("3x"), "\n", ExpandableBlockQuote("why"), DateTime("12:00", unix_time=1)
        )
        markup = types.InlineKeyboardMarkup(inline_keyboard=keys)
        sent = await message.answer_photo(
            types.BufferedInputFile(png(), "chart.png"), reply_markup=markup, **words.as_caption_kwargs()
        )
        await sent.pin(disable_notification=True)

    @dispatcher.callback_query(F.data == "close")
    async def close(query: types.CallbackQuery) -> None:
        await query.answer("Working…")
        assert isinstance(query.message, types.Message)
        done = types.InlineKeyboardButton(text="✅ Closed", disabled=types.DisabledButton())
        markup = types.InlineKeyboardMarkup(inline_keyboard=[[done]])
        await query.message.edit_caption(caption="BTC closed", reply_markup=markup)

    return dispatcher


async def drive(chat: ChatClient) -> None:
    """What a person does with that bot, and what must come of it."""
    await chat.say("Ann", "/chart BTC")
    asked = await chat.wait_text("BTC long 3x")
    kinds = {entity["type"] for entity in asked["caption_entities"]}
    assert kinds == {"bold", "code", "expandable_blockquote", "date_time"}
    await chat.wait_for(lambda m: "pinned_message" in m)
    await chat.tap("Ann", asked, text="Close BTC")
    assert (await chat.wait_answer("Ann"))["text"] == "Working…"
    closed = await chat.wait_text("BTC closed")
    assert closed["message_id"] == asked["message_id"]
    assert closed["reply_markup"]["inline_keyboard"] == [[{"text": "✅ Closed", "disabled": {}}]]


async def test_a_bot_that_polls_works_end_to_end(bot: Bot, chat: ChatClient) -> None:
    dispatcher = desk()
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    await drive(chat)
    await dispatcher.stop_polling()
    await polling


async def test_a_bot_behind_a_webhook_works_end_to_end(bot: Bot, chat: ChatClient) -> None:
    app = web.Application()
    SimpleRequestHandler(desk(), bot, handle_in_background=False, secret_token="s3cret").register(app, "/hook")
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot.set_webhook(url, secret_token="s3cret")
    await drive(chat)
    await bot.delete_webhook()
    await runner.cleanup()


async def test_its_types_accept_every_answer(bot: Bot, chat: ChatClient) -> None:
    await chat.fault("forum", chat=GROUP)
    text = await bot.send_message(1001, "hello", reply_parameters=None)
    files = [types.InputMediaPhoto(media=types.BufferedInputFile(png(), f"{i}.png")) for i in range(2)]
    album = await bot.send_media_group(1001, [*files])
    await bot.send_document(1001, types.BufferedInputFile(b"a,b", "a.csv"), disable_notification=True)
    await bot.edit_message_text("changed", chat_id=1001, message_id=text.message_id)
    media = types.InputMediaPhoto(media=types.BufferedInputFile(png(90, 60), "b.png"), caption="new")
    await bot.edit_message_media(media, chat_id=1001, message_id=album[0].message_id)
    await bot.edit_message_caption(chat_id=1001, message_id=album[0].message_id, caption="newer")
    await bot.forward_message(GROUP, 1001, text.message_id)
    await bot.copy_message(GROUP, 1001, text.message_id)
    assert album[0].photo
    assert (await bot.download(album[0].photo[-1].file_id)) is not None
    for chat_id in (1001, GROUP):
        assert (await bot.get_chat(chat_id)).id == chat_id
        assert (await bot.get_chat_member(chat_id, bot.id)).user.id == bot.id
        assert await bot.get_chat_member_count(chat_id) > 1
    assert len(await bot.get_chat_administrators(GROUP)) == 3
    topic = await bot.create_forum_topic(GROUP, "Risk")
    await bot.send_message(GROUP, "in a topic", message_thread_id=topic.message_thread_id)
    await bot.set_my_commands(
        [types.BotCommand(command="go", description="go")], types.BotCommandScopeChat(chat_id=1001)
    )
    await bot.set_my_name("Vektor")
    await bot.set_my_description("d")
    await bot.set_my_short_description("s")
    await bot.set_chat_menu_button(1001, types.MenuButtonCommands())
    await bot.set_message_reaction(1001, text.message_id, [types.ReactionTypeEmoji(emoji="👍")])
    await bot.send_chat_action(1001, "upload_photo")
    await bot.send_message_draft(1001, 1, text="thinking")
    assert (await bot.get_webhook_info()).url == ""
    await bot.unpin_all_chat_messages(1001)
    await bot.delete_messages(1001, [text.message_id])


async def test_its_types_accept_every_update(bot: Bot, chat: ChatClient) -> None:
    message = await bot.send_message(GROUP, "x", reply_markup=types.InlineKeyboardMarkup(
        inline_keyboard=[[types.InlineKeyboardButton(text="a", callback_data="a")]]
    ))  # fmt: skip
    said = await chat.say("Ann", "/go", reply_to=0, forward_from="Bob", via_bot=True)
    await chat.post("edit", {"as": "Ann", "chat": "private", "message_id": said["message_id"], "text": "/stop"})
    for who in ("anonymous", "channel", "Fay"):
        await chat.say(who, "/go", GROUP, reply_to=message.message_id)
        await chat.tap(who, {"chat": {"id": GROUP}, "message_id": message.message_id}, data="a")
    await chat.forge("Sam", GROUP, 99, "a")
    await chat.fault("blocked", chat=1001)
    await chat.fault("member", chat=GROUP)
    await chat.fault("added", **{"as": "Sam"})
    await chat.fault("migrated", chat=GROUP)
    updates = await bot.get_updates(allowed_updates=[])
    kinds = [update.event_type for update in updates]
    assert kinds.count("message") == 6
    assert kinds.count("callback_query") == 4
    assert kinds.count("my_chat_member") == 3
    assert kinds.count("edited_message") == 1
    forged = [u.callback_query for u in updates if u.callback_query][-1]
    assert isinstance(forged.message, types.InaccessibleMessage)


async def test_its_errors_are_told_apart(bot: Bot, chat: ChatClient) -> None:
    async def send(chat_id: int = 1001, text: str = "x") -> Any:
        return await bot.send_message(chat_id, text, request_timeout=20)

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await send(99)
    with pytest.raises(TelegramForbiddenError):
        await send(1004)
    await chat.fault("too_many_requests", seconds=3)
    with pytest.raises(TelegramRetryAfter) as wait:
        await send()
    assert wait.value.retry_after == 3
    await chat.fault("server_error")
    with pytest.raises(TelegramServerError):
        await send()
    await chat.fault("drop", when="after")
    with pytest.raises(TelegramNetworkError):
        await send()
    await chat.fault("migrated", chat=GROUP)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await send(GROUP)
    assert await send(moved.value.migrate_to_chat_id)
