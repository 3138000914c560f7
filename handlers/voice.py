"""How handlers speak: entities instead of markup, at Telegram's pace, a refused or lost call tried again.

What must not be lost under any circumstances goes through the outbox instead; an answer is worth a few tries only,
because the person who asked is there to ask again. An edit that changes nothing counts as done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
)
from aiogram.utils.formatting import Text
from aiohttp import ClientConnectorError

from core.errors import ChatUnavailable
from core.settings import Chat
from handlers.pace import SECOND_MS, Pace

T = TypeVar("T")
Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | None
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "chat not found")
TAP_OVER = "query is too old"
ANSWERS_REMEMBERED = 256


class Voice:
    """One bot's mouth. Raises :class:`core.errors.ChatUnavailable` when all tries failed."""

    def __init__(
        self, bot: Bot, pace: Pace, chat: Chat, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.bot, self.pace, self.chat, self.pause = bot, pace, chat, pause
        self._answered: deque[str] = deque(maxlen=ANSWERS_REMEMBERED)

    async def say(
        self, chat_id: int, text: Text, keyboard: Keyboard = None, *, silent: bool = False, guarded: bool = False
    ) -> Message:
        """A new message; a ``guarded`` one cannot be forwarded or saved."""
        content = text.as_kwargs()
        return await self._try(
            chat_id,
            lambda: self.bot.send_message(
                chat_id,
                **content,
                reply_markup=keyboard,
                disable_notification=silent,
                protect_content=guarded,
                link_preview_options=NO_PREVIEW,
            ),
        )

    async def show(
        self, chat_id: int, picture: bytes, caption: Text, keyboard: InlineKeyboardMarkup | None = None
    ) -> Message:
        """A picture with its verdict, as one message."""
        content = caption.as_caption_kwargs()
        file = BufferedInputFile(picture, "chart.png")
        return await self._try(chat_id, lambda: self.bot.send_photo(chat_id, file, **content, reply_markup=keyboard))

    async def revise(
        self, chat_id: int, message_id: int, text: Text, keyboard: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Edit a text in place; false when the message is gone."""
        content = text.as_kwargs()
        return await self._edit(
            chat_id,
            lambda: self.bot.edit_message_text(
                chat_id=chat_id,
                message_id=message_id,
                **content,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            ),
        )

    async def repaint(
        self, chat_id: int, message_id: int, picture: bytes, caption: Text, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        """Put another picture in place; false when the message is gone."""
        content = caption.as_caption_kwargs()
        media = InputMediaPhoto(media=BufferedInputFile(picture, "chart.png"), **content)
        return await self._edit(
            chat_id,
            lambda: self.bot.edit_message_media(media, chat_id=chat_id, message_id=message_id, reply_markup=keyboard),
        )

    async def buttons(self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Replace the buttons only; false when the message is gone."""
        return await self._edit(
            chat_id,
            lambda: self.bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=keyboard),
        )

    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> bool:
        """Answer a tap, which can be done once and for a while; whether the person sees this answer."""
        if query_id in self._answered:
            return False
        self._answered.append(query_id)
        try:
            await self.bot.answer_callback_query(query_id, text=text or None, show_alert=alert)
        except TelegramBadRequest as error:
            if TAP_OVER not in str(error).lower():
                raise
            return False
        except (TelegramNetworkError, TelegramServerError) as error:
            raise ChatUnavailable(f"Telegram cannot be reached: {error}") from error
        return True

    async def busy(self, chat_id: int, action: str = "typing") -> None:
        """Show that work is being done."""
        await self._try(chat_id, lambda: self.bot.send_chat_action(chat_id, action), paced=False)

    async def _edit(self, chat_id: int, call: Callable[[], Awaitable[Any]]) -> bool:
        try:
            await self._try(chat_id, call)
        except TelegramBadRequest as error:
            words = str(error).lower()
            if "message is not modified" in words:
                return True
            if any(word in words for word in GONE):
                return False
            raise
        except (TelegramForbiddenError, TelegramNotFound):
            return False
        return True

    async def _try(self, chat_id: int, call: Callable[[], Awaitable[T]], *, paced: bool = True) -> T:
        """Make a call at the chat's turn; wait out a 429 and an outage, but repeat what may have arrived only once."""
        wait_ms, unsure = self.chat.retry_least_ms, 0
        for left in reversed(range(self.chat.reply_tries)):
            if paced:
                await self.pace.turn(chat_id)
            try:
                return await call()
            except TelegramRetryAfter as error:
                self.pace.hold(chat_id, error.retry_after * SECOND_MS)
                problem: Exception = error
            except (TelegramNetworkError, TelegramServerError) as error:
                problem = error
                unsure += not surely_not_sent(error)
            if not left or unsure > 1:
                raise ChatUnavailable(f"Telegram cannot be reached: {problem}") from problem
            await self.pause(wait_ms / SECOND_MS)
            wait_ms = min(wait_ms * 2, self.chat.retry_most_ms)
        raise ChatUnavailable("Telegram was not asked: reply_tries is 0")


def surely_not_sent(error: BaseException) -> bool:
    """Whether a failed call cannot have been carried out: no connection came about, or the server said it failed."""
    return isinstance(error, TelegramServerError) or isinstance(error.__cause__, ClientConnectorError)
