"""/close and /flatten: ask first, with what hangs on it. The deed itself is in :mod:`handlers.decide`."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import NoPosition
from core.flows.status import PositionLine, Status, status
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.symbols import market_of
from handlers.views.figures import money
from handlers.views.plain import sentence
from handlers.views.questions import close_question, flatten_question
from handlers.voice import Voice


async def close(_: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions) -> None:
    """Ask whether to close one position; without a symbol, which one."""
    standing = await status(desk)
    if request.argument:
        await ask_to_close(market_of(request, desk).symbol, standing, speaker, questions)
    elif standing.positions:
        most = desk.settings.chat.rows_most
        keyboard = keyboards.pick_close(standing.positions[:most], speaker.texts)
        await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-position"), keyboard)
    else:
        await voice.say(speaker.chat_id, sentence(speaker.texts, "positions-none"))


async def ask_to_close(symbol: str, standing: Status, speaker: Speaker, questions: Questions) -> None:
    """Put the question. Raises :class:`NoPosition`."""
    line = next((one for one in standing.positions if one.position.symbol == symbol), None)
    if line is None:
        raise NoPosition(f"no open position in {symbol}", symbol=symbol)
    yes, no = close_labels(line, speaker)
    await questions.ask(
        speaker,
        "close",
        symbol,
        lambda decision: (
            close_question(line, standing.venue_name, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, no, danger=True),
        ),
    )


def close_labels(line: PositionLine, speaker: Speaker) -> tuple[str, str]:
    """What the two buttons say: the deed with its size in money, and the way out."""
    texts, position = speaker.texts, line.position
    side = texts(f"side-{position.side.value}")
    return (
        texts("button-close-now", symbol=position.symbol, side=side, notional=money(line.notional)),
        texts("button-keep"),
    )


async def flatten(_: Message, speaker: Speaker, desk: Desk, questions: Questions) -> None:
    """Ask whether to close everything and halt."""
    standing = await status(desk)
    yes = speaker.texts("button-flatten", count=len(standing.positions))
    no = speaker.texts("button-keep-all")
    await questions.ask(
        speaker,
        "flatten",
        "",
        lambda decision: (
            flatten_question(standing, decision, speaker.reader, desk.settings.chat.rows_most),
            keyboards.decide(decision.nonce, yes, no, danger=True),
        ),
    )


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="close")
    router.message.register(close, Asks("close"))
    router.message.register(flatten, Asks("flatten"))
    return router
