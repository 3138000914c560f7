"""/pause, /resume, /block, /unblock: done at once, with a way back; only the end of a halt is asked for first."""

from __future__ import annotations

import re

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import UserMistake
from core.flows import control
from core.flows.status import status
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.questions import UNDO, Questions
from handlers.speaker import Speaker
from handlers.symbols import market_of, offered
from handlers.views.figures import DAY_MS, SECOND_MS
from handlers.views.plain import sentence, verdict
from handlers.views.questions import resume_question
from handlers.voice import Voice

SPAN = re.compile(r"(\d{1,3})d")
DAYS_MOST = 365
"""Longest block that is given in days; a longer one is lifted by hand."""


async def pause(_: Message, speaker: Speaker, desk: Desk, questions: Questions) -> None:
    """No new entries, from now on."""
    await control.pause(desk, speaker.name)
    await done(speaker, desk, questions, "done-paused", undo="resume")


async def resume(_: Message, speaker: Speaker, desk: Desk, questions: Questions) -> None:
    """Entries again; after a halt only once confirmed."""
    standing = await status(desk)
    if not standing.halted:
        await control.resume(desk, speaker.name)
        return await done(speaker, desk, questions, "done-resumed", undo="pause")
    yes, no = speaker.texts("button-resume"), speaker.texts("button-stay-halted")
    return await questions.ask(
        speaker,
        "resume",
        "",
        lambda decision: (
            resume_question(standing, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, no, danger=False),
        ),
    )


async def block(_: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions) -> None:
    """No entries in one symbol; without a symbol, symbols to pick from."""
    if not request.argument:
        symbols = offered(await status(desk), desk, desk.settings.chat.rows_most)
        await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-symbol"), keyboards.pick("block", symbols))
        return
    name, *span = request.argument.split(maxsplit=1)
    until = block_end("".join(span), desk.clock.now_ms())
    symbol = market_of(Request("block", name), desk).symbol
    await control.block(desk, symbol, speaker.name, until_ms=until)
    await done(speaker, desk, questions, "done-blocked", undo="unblock", symbol=symbol)


def block_end(span: str, now_ms: int) -> int | None:
    """When a block of ``3d`` ends (market time); without a span it must be lifted. Raises :class:`UserMistake`."""
    if not span:
        return None
    found = SPAN.fullmatch(span.casefold())
    if found is None or not 1 <= int(found[1]) <= DAYS_MOST:
        raise UserMistake(f"{span!r} is no time to block for; 3d, 7d or 30d would be right")
    return now_ms + int(found[1]) * DAY_MS


async def unblock(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions
) -> None:
    """Entries in one symbol again; without a symbol, the blocked ones to pick from."""
    if not request.argument:
        blocked = sorted((await desk.ledger.switches()).blocks)
        key = "pick-blocked" if blocked else "blocks-none"
        keyboard = keyboards.pick("unblock", blocked[: desk.settings.chat.rows_most]) if blocked else None
        await voice.say(speaker.chat_id, sentence(speaker.texts, key), keyboard)
        return
    symbol = market_of(request, desk).symbol
    await control.unblock(desk, symbol, speaker.name)
    await done(speaker, desk, questions, "done-unblocked", undo="block", symbol=symbol)


async def done(speaker: Speaker, desk: Desk, questions: Questions, key: str, *, undo: str, symbol: str = "") -> None:
    """Say what was done, with a button that takes it back for a while."""
    life_ms = desk.settings.chat.undo_ms
    label = speaker.texts("button-undo", seconds=life_ms // SECOND_MS)
    text = verdict(speaker.texts(key, symbol=symbol))
    await questions.ask(
        speaker,
        f"{UNDO}{undo}",
        symbol,
        lambda decision: (text, keyboards.undo(decision.nonce, label)),
        life_ms=life_ms,
    )


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="control")
    router.message.register(pause, Asks("pause"))
    router.message.register(resume, Asks("resume"))
    router.message.register(block, Asks("block"))
    router.message.register(unblock, Asks("unblock"))
    return router
