"""One stored message as one call of the Bot API. The payload is what :mod:`bot.announcer` stored, nothing more.

Texts longer than Telegram takes are cut at a line, never inside a character or an entity.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge, TelegramNotFound
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity

from core.settings import Chat
from locales.texts import Texts, supported
from storage.messages import MessageKind, Outgoing

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
ELLIPSIS = "\n…"
logger = logging.getLogger(__name__)


async def deliver(bot: Bot, out: Outgoing, chat: Chat) -> int | None:
    """Make the call; number of the message that came of it. Raises what the library raises."""
    message, payload = out.message, out.message.payload
    keyboard = keyboard_of(payload)
    most = chat.caption_most if message.kind is MessageKind.PHOTO else chat.text_most
    text, entities = fitted(*repeat_marked(out), most)
    match message.kind:
        case MessageKind.TEXT:
            return await say(bot, out, text, entities)
        case MessageKind.PHOTO:
            return await show(bot, out, text, entities)
        case MessageKind.DOCUMENT:
            sent = await bot.send_document(
                message.chat_id,
                BufferedInputFile(message.photo or b"", payload.get("name", "file")),
                caption=text,
                caption_entities=entities,
                disable_notification=message.silent,
                protect_content=bool(payload.get("guarded")),
                parse_mode=None,
            )
            return sent.message_id
        case MessageKind.EDIT:
            await bot.edit_message_text(
                text=text,
                entities=entities,
                chat_id=message.chat_id,
                message_id=payload["message_id"],
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
                parse_mode=None,
            )
        case MessageKind.PIN:
            await bot.pin_chat_message(message.chat_id, payload["message_id"], disable_notification=True)
        case MessageKind.DELETE:
            await bot.delete_message(message.chat_id, payload["message_id"])
    return payload.get("message_id")


async def say(bot: Bot, out: Outgoing, text: str, entities: list[MessageEntity]) -> int:
    """A text."""
    message, payload = out.message, out.message.payload
    sent = await bot.send_message(
        message.chat_id,
        text,
        entities=entities,
        reply_markup=keyboard_of(payload),
        disable_notification=message.silent,
        protect_content=bool(payload.get("guarded")),
        link_preview_options=NO_PREVIEW,
        parse_mode=None,
    )
    return sent.message_id


async def show(bot: Bot, out: Outgoing, text: str, entities: list[MessageEntity]) -> int:
    """A picture with its words; the words alone where the picture is not taken, for they are what must arrive."""
    message, payload = out.message, out.message.payload
    try:
        sent = await bot.send_photo(
            message.chat_id,
            BufferedInputFile(message.photo or b"", payload.get("name", "chart.png")),
            caption=text,
            caption_entities=entities,
            reply_markup=keyboard_of(payload),
            disable_notification=message.silent,
            protect_content=bool(payload.get("guarded")),
            parse_mode=None,
        )
    except (TelegramBadRequest, TelegramEntityTooLarge, TelegramNotFound) as error:
        logger.warning("message %s goes without its picture: %s", out.alert_id, error)
        return await say(bot, out, text, entities)
    return sent.message_id


def keyboard_of(payload: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
    """The stored buttons."""
    stored = payload.get("reply_markup")
    return InlineKeyboardMarkup.model_validate(stored) if stored else None


def repeat_marked(out: Outgoing) -> tuple[str, list[MessageEntity]]:
    """Text and entities; one that goes out again says so, with the id it had before."""
    payload = out.message.payload
    text = str(payload.get("text", ""))
    entities = [MessageEntity.model_validate(entity) for entity in payload.get("entities", [])]
    if out.repeats and not out.message.kind.is_repeatable:
        texts = Texts(supported(payload.get("locale")))
        text = f"{text}\n{texts('alert-repeated', id=out.alert_id)}"
    return text, entities


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units.

    >>> units("a🟢")
    3
    """
    return len(text.encode("utf-16-le")) // 2


def fitted(text: str, entities: list[MessageEntity], most: int) -> tuple[str, list[MessageEntity]]:
    """Text and entities within ``most`` units; what is cut ends at a line where that loses less than half."""
    if units(text) <= most:
        return text, entities
    room = (most - units(ELLIPSIS)) * 2
    cut = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    line = cut.rfind("\n")
    if line > len(cut) // 2:
        cut = cut[:line]
    end = units(cut)
    kept = [
        entity.model_copy(update={"length": min(entity.length, end - entity.offset)})
        for entity in entities
        if entity.offset < end
    ]
    return cut + ELLIPSIS, kept
