"""/live and /mode: whether real money trades, how large, and what becomes of candidates without a person.

``/live`` shows the measured edge and asks. Where none is shown, the sentence that it names must be typed first; the
question comes after it. Nothing here signs anything.
"""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message
from aiogram.utils.formatting import Text

from core.desk import Decision, Desk
from core.errors import BrokenInvariant, UserMistake
from core.flows import going_live
from core.flows.live import MAINNET, revoke_live, set_mode
from core.flows.status import status
from core.risk.switches import Mode
from handlers import keyboards
from handlers.asked import Asks
from handlers.commands import Request
from handlers.control import done
from handlers.ports import WallClock
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.views.live import (
    confirmed_view,
    evidence_view,
    full_question,
    live_question,
    live_record,
    mode_view,
)
from handlers.views.plain import sentence, verdict
from handlers.voice import Voice

READ_ONLY = "readonly"
ACKNOWLEDGED = "acknowledged"


async def live(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions, wall_ms: WallClock
) -> None:
    """Where going live stands; the next question on the way."""
    if desk.venue_name != MAINNET:
        await say(speaker, voice, sentence(speaker.texts, "live-elsewhere", venue=desk.venue_name))
    elif (await desk.ledger.switches()).live_by:
        await after_confirmation(speaker, request, desk, voice, questions, wall_ms)
    else:
        await before_confirmation(speaker, request, desk, voice, questions, wall_ms)


async def before_confirmation(
    speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions, wall_ms: WallClock
) -> None:
    """The measured edge. Where it is shown the question follows at once, else once the sentence was typed."""
    shown, phrase, rules = await going_live.evidence(desk), speaker.texts("live-phrase"), desk.settings.live
    needed = "" if shown.counted.is_shown else phrase
    if needed and not request.argument:
        await say(speaker, voice, evidence_view(shown, rules, phrase, speaker.reader, wall_ms()))
        return
    if plain(request.argument) != plain(needed):
        right = f"/live {needed}".strip()
        raise UserMistake(f"{request.argument!r} confirms nothing; “{right}” would be right")
    yes, no = speaker.texts("button-live"), speaker.texts("button-stay-reading")
    await questions.ask(
        speaker,
        "live",
        ACKNOWLEDGED if needed else "",
        lambda decision: (
            live_question(shown, rules, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, no, danger=True),
        ),
    )


async def after_confirmation(
    speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions, wall_ms: WallClock
) -> None:
    """How far the first trades are; once they are done, whether entries may be as large as the risk rules say."""
    if request.argument:
        raise UserMistake(f"{request.argument!r} is not needed: trading on mainnet is confirmed already")
    standing, first = await going_live.live_standing(desk), desk.settings.live.first_trades
    if not standing.is_ripe(first):
        await say(speaker, voice, confirmed_view(standing, first, speaker.reader, wall_ms()))
        return
    yes, no = speaker.texts("button-full"), speaker.texts("button-stay-small")
    await questions.ask(
        speaker,
        "full",
        "",
        lambda decision: (
            full_question(standing, decision, speaker.reader),
            keyboards.decide(decision.nonce, yes, no, danger=True),
        ),
    )


async def mode(
    _: Message, speaker: Speaker, request: Request, desk: Desk, voice: Voice, questions: Questions, wall_ms: WallClock
) -> None:
    """Venue and mode; with a mode, a change of it; with ``readonly``, the end of trading real money."""
    wanted = request.argument.casefold()
    if not wanted:
        await say(speaker, voice, mode_view(await status(desk), desk.settings.live, speaker.reader, wall_ms()))
    elif wanted == READ_ONLY:
        await revoke_live(desk, speaker.name)
        await say(speaker, voice, verdict(speaker.texts("done-readonly")))
    elif wanted in tuple(Mode):
        before = await set_mode(desk, Mode(wanted), speaker.name)
        await done(speaker, desk, questions, f"done-mode-{wanted}", undo="mode", symbol=before.value)
    else:
        raise UserMistake(f"{request.argument!r} is no mode; {', '.join((*Mode, READ_ONLY))} are")


async def say(speaker: Speaker, voice: Voice, text: Text) -> None:
    """An answer that shows figures of the account."""
    await voice.say(speaker.chat_id, text, guarded=True)


def plain(words: str) -> str:
    """Words as they are compared: case and spaces do not count.

    >>> plain(" I  Accept ")
    'i accept'
    """
    return " ".join(words.split()).casefold()


async def decided(decision: Decision, speaker: Speaker, desk: Desk) -> tuple[Text, str]:
    """Carry out a confirmation; the record of it, and the key of its stamp."""
    reader, by = speaker.reader, speaker.name
    match decision.action:
        case "live":
            await going_live.confirm_live(desk, by, acknowledged=decision.argument == ACKNOWLEDGED)
            return live_record(desk.settings.live.first_trades, by, reader), "stamp-live"
        case "full":
            trades = await going_live.confirm_full(desk, by)
            return verdict(reader.texts("record-full", count=trades, by=by)), "stamp-full"
    raise BrokenInvariant(f"a stored question asks for {decision.action!r}, which nothing does")


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="live")
    router.message.register(live, Asks("live"))
    router.message.register(mode, Asks("mode"))
    return router
