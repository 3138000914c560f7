"""/chart SYMBOL: candles with the levels of an open position; other timeframes at a tap, in place."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Text

from core.desk import Desk
from core.flows.chart import chart_series
from core.flows.status import status
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market
from core.market.universe import resolve
from handlers import keyboards
from handlers.asked import Asks
from handlers.callbacks import Frame
from handlers.commands import Request
from handlers.ports import Painter, WallClock
from handlers.speaker import Speaker
from handlers.symbols import market_of, offered
from handlers.views.chart import chart_caption
from handlers.views.plain import sentence
from handlers.voice import Voice


async def chart(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, painter: Painter, wall_ms: WallClock
) -> None:
    """A picture with its verdict under it; without a symbol, symbols to pick from."""
    if not request.argument:
        symbols = offered(await status(desk), desk, desk.settings.chat.rows_most)
        await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-symbol"), keyboards.pick("chart", symbols))
        return
    await send_chart(market_of(request, desk), speaker, desk, voice, painter, wall_ms())


async def send_chart(market: Market, speaker: Speaker, desk: Desk, voice: Voice, painter: Painter, now_ms: int) -> None:
    """Draw and send the one-hour chart."""
    await voice.busy(speaker.chat_id, "upload_photo")
    picture, caption = await painted(market, Timeframe.H1, speaker, desk, painter, now_ms)
    await voice.show(speaker.chat_id, picture, caption, keyboards.timeframes(market.symbol, Timeframe.H1.value))


async def other_frame(
    query: CallbackQuery,
    callback_data: Frame,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    painter: Painter,
    wall_ms: WallClock,
) -> None:
    """The same market at another timeframe, in the same message."""
    known = [frame for frame in Timeframe if frame.value == callback_data.timeframe]
    if not known or query.message is None:
        await voice.answer(query.id, speaker.texts("tap-unknown"), alert=True)
        return
    market = resolve(callback_data.symbol, desk.universe, desk.settings.chat.argument_most)
    await voice.answer(query.id, speaker.texts("toast-working"))
    picture, caption = await painted(market, known[0], speaker, desk, painter, wall_ms())
    keyboard = keyboards.timeframes(market.symbol, known[0].value)
    await voice.repaint(speaker.chat_id, query.message.message_id, picture, caption, keyboard)


async def painted(
    market: Market, frame: Timeframe, speaker: Speaker, desk: Desk, painter: Painter, now_ms: int
) -> tuple[bytes, Text]:
    """Picture and caption of the same bars."""
    series: CandleSeries = await chart_series(desk, market, frame)
    live = await desk.ledger.live_positions()
    position = next((p for p in live if p.symbol == market.symbol), None)
    picture = await painter(series, position)
    return picture, chart_caption(series, position, speaker.reader, now_ms)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="charts")
    router.message.register(chart, Asks("chart"))
    router.callback_query.register(other_frame, Frame.filter())
    return router
