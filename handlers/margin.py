"""/margin SYMBOL [AMOUNT]: how far away a liquidation is, and margin that moves it away, after asking."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import UserMistake
from core.flows.guard import danger_of
from core.flows.inject import CENT, refuse_more_than
from core.flows.status import status
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.symbols import market_of
from handlers.views.figures import money
from handlers.views.margin import margin_question, margin_view
from handlers.views.plain import sentence
from handlers.voice import Voice

MOST = Decimal(10) ** 12
"""Above what any account holds. Amounts are whole cents."""


async def margin(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions
) -> None:
    """One position's distance, with a question where margin would help; without a symbol, which one."""
    name, *rest = request.argument.split(maxsplit=1) or [""]
    if name:
        symbol = market_of(Request("margin", name), desk).symbol
        await ask_for_margin(symbol, amount_of("".join(rest)), desk, speaker, voice, questions)
        return
    held = [line.position.symbol for line in (await status(desk)).positions]
    if held:
        rows = held[: desk.settings.chat.rows_most]
        await voice.say(speaker.chat_id, sentence(speaker.texts, "pick-position"), keyboards.pick("margin", rows))
    else:
        await voice.say(speaker.chat_id, sentence(speaker.texts, "positions-none"))


def amount_of(text: str) -> Decimal | None:
    """An amount in USDC as typed; ``None`` where none was. Raises :class:`UserMistake`.

    >>> amount_of("25.50"), amount_of("")
    (Decimal('25.50'), None)
    """
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount < MOST or amount % CENT:
        raise UserMistake(
            f"{text!r} is no amount; USDC above zero with at most two decimals would be right, like 25.50"
        )
    return amount


async def ask_for_margin(
    symbol: str, amount: Decimal | None, desk: Desk, speaker: Speaker, voice: Voice, questions: Questions
) -> None:
    """Show the distance; where margin is needed or was named, ask whether to add it.

    Raises :class:`core.errors.NoPosition`, :class:`UserMistake` for an amount that is not free, and what the venue's
    reading raises.
    """
    danger, free = await danger_of(desk, symbol)
    wanted = amount if amount is not None else danger.needed
    if wanted <= 0 or not danger.isolated:
        await voice.say(speaker.chat_id, margin_view(danger, free, speaker.reader))
        return
    if amount is not None:
        refuse_more_than(free, amount)
    texts = speaker.texts
    yes, no = texts("button-margin", amount=money(wanted), symbol=symbol), texts("button-keep")
    await questions.ask(
        speaker,
        "margin",
        f"{symbol} {wanted} {danger.own}",
        lambda decision: (
            margin_question(danger, wanted, free, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, no, danger=False),
        ),
    )


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="margin")
    router.message.register(margin, Asks("margin"))
    return router
