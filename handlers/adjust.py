"""/stop SYMBOL PRICE and /target SYMBOL PRICE: ask first, with what hangs on it. The deed is in :mod:`handlers.decide`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import MissingArgument, SurplusArgument, UserMistake
from core.flows.adjust import Adjustable, adjustable, risk_of_others, stop_for, target_for
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.symbols import market_of
from handlers.views.adjust import level_question
from handlers.views.figures import price as written


async def stop(_: Message, speaker: Speaker, request: Request, desk: Desk, questions: Questions) -> None:
    """Ask whether the stop shall rest elsewhere."""
    symbol, wanted = level_of(request, desk)
    found = await adjustable(desk, symbol)
    await ask("stop", found, stop_for(found, wanted, await risk_of_others(desk, found), desk), speaker, questions)


async def target(_: Message, speaker: Speaker, request: Request, desk: Desk, questions: Questions) -> None:
    """Ask whether the target shall rest elsewhere."""
    symbol, wanted = level_of(request, desk)
    found = await adjustable(desk, symbol)
    await ask("target", found, target_for(found, wanted), speaker, questions)


async def ask(kind: str, found: Adjustable, level: Decimal, speaker: Speaker, questions: Questions) -> None:
    """Put the question about a ``stop`` or ``target``."""
    texts, symbol = speaker.texts, found.position.symbol
    yes = texts(f"button-{kind}", symbol=symbol, price=written(level))
    await questions.ask(
        speaker,
        kind,
        f"{symbol} {level}",
        lambda decision: (
            level_question(kind, found, level, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, texts("button-keep"), danger=False),
        ),
    )


def level_of(request: Request, desk: Desk) -> tuple[str, Decimal]:
    """Symbol and price as typed. Raises :class:`core.errors.UserMistake`."""
    usage = f"/{request.name} BTC 64250"
    match request.argument.split():
        case [name, text]:
            return market_of(Request(request.name, name), desk).symbol, number_of(text, usage)
        case [_, _, *more]:
            raise SurplusArgument(f"/{request.name} takes two words", surplus=" ".join(more), usage=usage)
    raise MissingArgument(f"/{request.name} needs a symbol and a price", command=f"/{request.name}", usage=usage)


def number_of(text: str, usage: str) -> Decimal:
    """A price as typed, thousands grouped or not. Raises :class:`UserMistake`.

    >>> number_of("64,250.5", "")
    Decimal('64250.5')
    """
    try:
        value = Decimal(text.replace(",", "") if THOUSANDS.fullmatch(text) else text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 < value < MOST:
        raise UserMistake(f"{text!r} is no price; one above zero would be right, like {usage}")
    return value


THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
"""A comma groups thousands here; one that stands elsewhere may mean a decimal, and is asked about again."""
MOST = Decimal(10) ** 9
"""Above what anything here costs."""


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="adjust")
    router.message.register(stop, Asks("stop"))
    router.message.register(target, Asks("target"))
    return router
