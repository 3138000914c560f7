"""/risk, /size SYMBOL, /leverage SYMBOL, /audit, /blocks: how much is dared, what an entry would be, whether the book
is right, what is blocked. Reads only."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.flows.reconcile import audit
from core.flows.risk import blocks, prospect, risk
from core.flows.status import status
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.ports import WallClock
from handlers.speaker import Speaker
from handlers.symbols import market_of, offered
from handlers.views.audit import audit_view
from handlers.views.leverage import leverage_view
from handlers.views.plain import sentence
from handlers.views.risk import blocks_view, risk_view, size_view
from handlers.voice import Voice


async def show_risk(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """Limits, usage, the governor."""
    view = risk_view(await risk(desk), desk.settings, speaker.reader, wall_ms())
    await voice.say(speaker.chat_id, view, silent=True)


async def show_size(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, wall_ms: WallClock
) -> None:
    """What would be traded now; without a symbol, symbols to pick from."""
    if not request.argument:
        await offer("size", speaker, desk, voice)
        return
    market = market_of(request, desk)
    view = size_view(market, await prospect(desk, market), speaker.reader, wall_ms())
    await voice.say(speaker.chat_id, view, silent=True)


async def show_leverage(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, wall_ms: WallClock
) -> None:
    """The leverage that an entry would have, factor by factor; without a symbol, symbols to pick from."""
    if not request.argument:
        await offer("leverage", speaker, desk, voice)
        return
    market = market_of(request, desk)
    view = leverage_view(market, await prospect(desk, market), speaker.reader, wall_ms())
    await voice.say(speaker.chat_id, view, silent=True)


async def offer(command: str, speaker: Speaker, desk: Desk, voice: Voice) -> None:
    """Symbols to pick from."""
    symbols = offered(await status(desk), desk, desk.settings.chat.rows_most)
    await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-symbol"), keyboards.pick(command, symbols))


async def show_audit(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """Our book beside the venue's, now, to the cent."""
    view = audit_view(await audit(desk), desk.venue_name, speaker.reader, wall_ms())
    await voice.say(speaker.chat_id, view, silent=True)


async def show_blocks(_: Message, speaker: Speaker, desk: Desk, voice: Voice, wall_ms: WallClock) -> None:
    """What is blocked, by whom, why and until when."""
    view = blocks_view(await blocks(desk), speaker.reader, wall_ms())
    await voice.say(speaker.chat_id, view, silent=True)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="risk")
    router.message.register(show_risk, Asks("risk"))
    router.message.register(show_size, Asks("size"))
    router.message.register(show_leverage, Asks("leverage"))
    router.message.register(show_audit, Asks("audit"))
    router.message.register(show_blocks, Asks("blocks"))
    return router
