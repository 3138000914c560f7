"""Screens that only read: /status, /positions, /balance, /health, and their refresh buttons, which draw in place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.formatting import Text

from core.desk import Desk
from core.flows.status import Status, status
from handlers import keyboards
from handlers.asked import Asks
from handlers.callbacks import Look
from handlers.commands import Request
from handlers.ports import WallClock
from handlers.speaker import Speaker
from handlers.views.balance import balance_view
from handlers.views.health import Pulse, health_view
from handlers.views.positions import positions_view
from handlers.views.status import status_view
from handlers.voice import Voice

TakePulse = Callable[[], Awaitable[Pulse]]
SCREENS = ("status", "positions", "balance", "health")


async def show(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, wall_ms: WallClock, pulse: TakePulse
) -> None:
    """A screen, as a new message."""
    standing = await status(desk)
    text, keyboard = draw(request.name or "status", standing, await pulse(), speaker, desk, wall_ms())
    await voice.say(speaker.chat_id, text, keyboard, silent=True, guarded=speaker.reader.full)


async def look_again(
    query: CallbackQuery,
    callback_data: Look,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    wall_ms: WallClock,
    pulse: TakePulse,
) -> None:
    """The same screen, now, in the same message."""
    if callback_data.screen not in SCREENS or query.message is None:
        await voice.answer(query.id, speaker.texts("tap-unknown"), alert=True)
        return
    await voice.answer(query.id, speaker.texts("toast-updated"))
    standing = await status(desk)
    text, keyboard = draw(callback_data.screen, standing, await pulse(), speaker, desk, wall_ms())
    await voice.revise(speaker.chat_id, query.message.message_id, text, keyboard)


def draw(
    screen: str, standing: Status, pulse: Pulse, speaker: Speaker, desk: Desk, now_ms: int
) -> tuple[Text, InlineKeyboardMarkup | None]:
    """The screen as this speaker may see it; readers of the redacted view get no buttons."""
    reader, most = speaker.reader, desk.settings.chat.rows_most
    keyboard = keyboards.refresh(screen, speaker.texts)
    if screen == "positions":
        text = positions_view(standing, reader, now_ms, most)
        keyboard = keyboards.positions(standing.positions[:most], speaker.texts)
    elif screen == "balance":
        text = balance_view(standing, reader, now_ms)
    elif screen == "health":
        text = health_view(standing, pulse, reader, now_ms)
    else:
        text = status_view(standing, reader, now_ms, most)
    return text, keyboard if reader.full else None


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="screens")
    router.message.register(show, Asks(*SCREENS))
    router.callback_query.register(look_again, Look.filter())
    return router
