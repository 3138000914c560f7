"""/why SYMBOL: what the last scan found, read from what it stored."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.flows.status import status
from core.flows.why import why
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.ports import WallClock
from handlers.speaker import Speaker
from handlers.symbols import market_of, offered
from handlers.views.plain import sentence
from handlers.views.why import why_view
from handlers.voice import Voice


async def explain(_: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """The stored outcome; without a symbol, symbols to pick from."""
    most = desk.settings.chat.rows_most
    if not request.argument:
        symbols = offered(await status(desk), desk, most)
        await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-symbol"), keyboards.pick("why", symbols))
        return
    found = await why(desk, market_of(request, desk).symbol)
    await voice.say(speaker.chat_id, why_view(found, speaker.reader, wall_ms(), most))


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="why")
    router.message.register(explain, Asks("why"))
    return router
