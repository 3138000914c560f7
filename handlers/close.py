"""/close and /flatten: ask first, with what hangs on it. The deed itself is in :mod:`handlers.decide`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import NoPosition, UserMistake
from core.flows.adjust import adjustable, part_of
from core.flows.status import PositionLine, Status, status
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.symbols import market_of
from handlers.views.adjust import part_question
from handlers.views.figures import money, plain
from handlers.views.plain import sentence
from handlers.views.questions import close_question, flatten_question
from handlers.voice import Voice


async def close(_: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions) -> None:
    """Ask whether to close one position or a part of it; without a symbol, which one."""
    name, *part = request.argument.split(maxsplit=1) or [""]
    standing = await status(desk)
    if part:
        symbol = market_of(Request("close", name), desk).symbol
        await ask_to_reduce(symbol, share_of(part[0]), desk, speaker, questions)
    elif name:
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


def share_of(text: str) -> Decimal:
    """A part of a position as typed, as a share. Raises :class:`UserMistake`.

    >>> share_of("50"), share_of("12.5%")
    (Decimal('0.5'), Decimal('0.125'))
    """
    try:
        percent = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite() or not 0 < percent < 100:
        raise UserMistake(f"{text!r} is no part; a percentage between 0 and 100 would be right, like 50")
    return percent / 100


async def ask_to_reduce(symbol: str, share: Decimal, desk: Desk, speaker: Speaker, questions: Questions) -> None:
    """Put the question. Raises :class:`NoPosition` and what :func:`core.flows.adjust.part_of` raises."""
    found = await adjustable(desk, symbol)
    size = part_of(found, share, desk)
    texts = speaker.texts
    yes = texts("button-part", symbol=symbol, share=plain(share * 100), notional=money(size * found.held.mark))
    await questions.ask(
        speaker,
        "reduce",
        f"{symbol} {share}",
        lambda decision: (
            part_question(found, size, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, texts("button-keep"), danger=True),
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
