"""What nothing else understood: the nearest command, or a word about buttons that mean nothing any more."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from core.desk import Desk
from handlers.asked import check_length
from handlers.commands import Request, nearest
from handlers.ports import Shelves, WallClock
from handlers.speaker import Speaker
from handlers.views.plain import sentence
from handlers.voice import Voice


async def not_understood(_: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice) -> None:
    """Suggest; in a group keep silent."""
    if not speaker.private:
        return
    check_length(request, desk.settings.chat)
    most = desk.settings.chat.argument_most
    guess = nearest(request.name) if request.name else None
    if request.name is None:
        text = sentence(speaker.texts, "fallback-talk")
    elif guess is None:
        text = sentence(speaker.texts, "fallback-unknown", command=f"/{request.name[:most]}")
    else:
        text = sentence(speaker.texts, "fallback-nearest", command=f"/{request.name[:most]}", nearest=f"/{guess}")
    await voice.say(speaker.chat_id, text)


async def dead_button(
    query: CallbackQuery, speaker: Speaker, voice: Voice, shelves: Shelves, wall_ms: WallClock
) -> None:
    """A button of an older version, or one that never was."""
    await shelves.audit.append(speaker.user_id, "tap", (query.data or "")[:64], "unknown", wall_ms())
    await voice.answer(query.id, speaker.texts("tap-unknown"), alert=True)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="fallback")
    router.message.register(not_understood)
    router.callback_query.register(dead_button)
    return router
