"""A symbol picked from a list: the command goes on as if it had been typed."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from core.desk import Desk
from core.flows import control
from core.flows.status import status
from core.flows.why import why
from core.market.universe import resolve
from handlers.callbacks import Pick
from handlers.charts import send_chart
from handlers.close import ask_to_close
from handlers.control import done
from handlers.ports import Painter, WallClock
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.views.why import why_view
from handlers.voice import Voice


async def picked(
    query: CallbackQuery,
    callback_data: Pick,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    painter: Painter,
    wall_ms: WallClock,
) -> None:
    """Answer the tap, then do what the command does with its symbol."""
    market = resolve(callback_data.symbol, desk.universe, desk.settings.chat.argument_most)
    await voice.answer(query.id, market.symbol)
    symbol = market.symbol
    match callback_data.command:
        case "close":
            await ask_to_close(symbol, await status(desk), speaker, questions)
        case "chart":
            await send_chart(market, speaker, desk, voice, painter, wall_ms())
        case "why":
            view = why_view(await why(desk, symbol), speaker.reader, wall_ms(), desk.settings.chat.rows_most)
            await voice.say(speaker.chat_id, view)
        case "block":
            await control.block(desk, symbol, speaker.name)
            await done(speaker, desk, questions, "done-blocked", undo="unblock", symbol=symbol)
        case "unblock":
            await control.unblock(desk, symbol, speaker.name)
            await done(speaker, desk, questions, "done-unblocked", undo="block", symbol=symbol)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="picks")
    router.callback_query.register(picked, Pick.filter())
    return router
