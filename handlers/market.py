"""What the market says: /regime, /funding, /liq, /top, /enrich SYMBOL. Reads only; decides nothing."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.flows.cascades import liquidations
from core.flows.readings import crowds, last_regime, reading_of, strongest
from core.flows.status import status
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.ports import WallClock
from handlers.speaker import Speaker
from handlers.symbols import market_of, offered
from handlers.views.enrich import enrich_view
from handlers.views.funding import funding_view
from handlers.views.liq import liq_view
from handlers.views.plain import sentence
from handlers.views.regime import regime_view
from handlers.views.top import top_view
from handlers.voice import Voice


async def regime(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """The state of the whole market and what it costs."""
    report = await last_regime(desk)
    view = regime_view(report, speaker.reader, wall_ms(), desk.clock.now_ms(), desk.settings.regime)
    await voice.say(speaker.chat_id, view, silent=True)


async def funding(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """Who is crowded, by funding and open interest."""
    found = await crowds(desk)
    most = desk.settings.chat.rows_most
    view = funding_view(found[:most], len(found), speaker.reader, wall_ms(), desk.settings.crowding)
    await voice.say(speaker.chat_id, view, silent=True)


async def liq(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """Liquidations of five minutes, and what followed earlier cascades."""
    seen = await liquidations(desk, desk.settings.chat.rows_most)
    await voice.say(speaker.chat_id, liq_view(seen, speaker.reader, wall_ms(), desk.clock.now_ms()), silent=True)


async def top(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """The strongest readings."""
    found = await strongest(desk, desk.settings.chat.rows_most)
    await voice.say(speaker.chat_id, top_view(found, speaker.reader, wall_ms()), silent=True)


async def enrich(_: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """All readings of one market; without a symbol, symbols to pick from."""
    if not request.argument:
        symbols = offered(await status(desk), desk, desk.settings.chat.rows_most)
        await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-symbol"), keyboards.pick("enrich", symbols))
        return
    market = market_of(request, desk)
    view, refused = await reading_of(desk, market)
    await voice.say(speaker.chat_id, enrich_view(market, view, refused, speaker.reader, wall_ms()), silent=True)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="market")
    router.message.register(regime, Asks("regime"))
    router.message.register(funding, Asks("funding"))
    router.message.register(liq, Asks("liq"))
    router.message.register(top, Asks("top"))
    router.message.register(enrich, Asks("enrich"))
    return router
