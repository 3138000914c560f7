"""/scan: look at every market now, by the same verb that the timetable uses."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import VektorError
from core.flows.scan import scan
from handlers.asked import Asks
from handlers.errors import explained
from handlers.ports import WallClock
from handlers.speaker import Speaker
from handlers.views.plain import sentence
from handlers.views.scan import scan_view
from handlers.voice import Voice


async def scan_now(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """Say that it began, then put the result in the same message."""
    begun = await voice.say(
        speaker.chat_id, sentence(speaker.texts, "scan-begun", count=len(desk.entered)), silent=True
    )
    try:
        report = await scan(desk)
    except VektorError as error:
        await voice.revise(speaker.chat_id, begun.message_id, explained(error, speaker.texts))
        return
    text = scan_view(report, desk.venue_name, speaker.reader, wall_ms(), desk.settings.chat.rows_most)
    if not await voice.revise(speaker.chat_id, begun.message_id, text):
        await voice.say(speaker.chat_id, text, silent=True)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="scan")
    router.message.register(scan_now, Asks("scan"))
    return router
