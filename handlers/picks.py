"""A symbol picked from a list: the command goes on as if it had been typed.

What is carried out without a further question is refused from an old list, as an old command is: lists live for ever.
"""

from __future__ import annotations

from datetime import datetime

from aiogram import Router
from aiogram.types import CallbackQuery

from core.desk import Desk
from core.flows import control
from core.flows.readings import reading_of
from core.flows.risk import prospect
from core.flows.status import status
from core.flows.why import why
from core.market.universe import resolve
from handlers.callbacks import Pick
from handlers.charts import send_chart
from handlers.close import ask_to_close
from handlers.control import done
from handlers.margin import ask_for_margin
from handlers.pace import SECOND_MS
from handlers.ports import Painter, Shelves, WallClock
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.views.enrich import enrich_view
from handlers.views.leverage import leverage_view
from handlers.views.risk import size_view
from handlers.views.why import why_view
from handlers.voice import Voice

AT_ONCE = ("block", "unblock")
"""Commands that a pick carries out; the others only ask or show."""
DATA_MOST = 64


async def picked(
    query: CallbackQuery,
    callback_data: Pick,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    painter: Painter,
    shelves: Shelves,
    wall_ms: WallClock,
) -> None:
    """Answer the tap, then do what the command does with its symbol."""
    acts = callback_data.command in AT_ONCE
    if acts and not await may_act_on(query, speaker, desk, voice, shelves, wall_ms()):
        return
    market = resolve(callback_data.symbol, desk.universe, desk.settings.chat.argument_most)
    await voice.answer(query.id, market.symbol)
    symbol = market.symbol
    match callback_data.command:
        case "close":
            await ask_to_close(symbol, await status(desk), speaker, questions)
        case "margin":
            await ask_for_margin(symbol, None, desk, speaker, voice, questions)
        case "chart":
            await send_chart(market, speaker, desk, voice, painter, wall_ms())
        case "why":
            view = why_view(await why(desk, symbol), speaker.reader, wall_ms(), desk.settings.chat.rows_most)
            await voice.say(speaker.chat_id, view)
        case "enrich":
            seen, refused = await reading_of(desk, market)
            await voice.say(speaker.chat_id, enrich_view(market, seen, refused, speaker.reader, wall_ms()))
        case "leverage":
            view = leverage_view(market, await prospect(desk, market), speaker.reader, wall_ms())
            await voice.say(speaker.chat_id, view)
        case "size":
            view = size_view(market, await prospect(desk, market), speaker.reader, wall_ms())
            await voice.say(speaker.chat_id, view)
        case command:
            await at_once(command, symbol, speaker, desk, questions)


async def at_once(command: str, symbol: str, speaker: Speaker, desk: Desk, questions: Questions) -> None:
    """What is done without a further question."""
    match command:
        case "block":
            await control.block(desk, symbol, speaker.name)
            await done(speaker, desk, questions, "done-blocked", undo="unblock", symbol=symbol)
        case "unblock":
            await control.unblock(desk, symbol, speaker.name)
            await done(speaker, desk, questions, "done-unblocked", undo="block", symbol=symbol)


async def may_act_on(
    query: CallbackQuery, speaker: Speaker, desk: Desk, voice: Voice, shelves: Shelves, now_ms: int
) -> bool:
    """Whether a tap on a list may act: kept in the trail either way, and said where the list is too old."""
    fresh = is_fresh(query, desk.settings.chat.stale_ms, now_ms)
    outcome = "accepted" if fresh else "stale"
    await shelves.audit.append(speaker.user_id, "tap", (query.data or "")[:DATA_MOST], outcome, now_ms)
    if not fresh:
        await voice.answer(query.id, speaker.texts("tap-unknown"), alert=True)
    return fresh


def is_fresh(query: CallbackQuery, stale_ms: int, now_ms: int) -> bool:
    """Whether the list is young enough to act from; one that is gone (its date is 0) is not."""
    return query.message is not None and now_ms - moment_ms(query.message.date) <= stale_ms


def moment_ms(date: datetime | int) -> int:
    """Epoch ms of a message's date, which is 0 for one that is gone."""
    return int((date.timestamp() if isinstance(date, datetime) else date) * SECOND_MS)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="picks")
    router.callback_query.register(picked, Pick.filter())
    return router
