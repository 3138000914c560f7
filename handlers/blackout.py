"""/blackout: the list of events around which nothing new is entered, with a button to lift each; one more; one less."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Text

from core.desk import Desk
from core.errors import MissingArgument, SurplusArgument
from core.flows.blackouts import black_out, blackouts, lift_blackout
from core.risk.blackouts import Blackout
from handlers import keyboards
from handlers.asked import Asks
from handlers.blackout_words import USAGE, read_blackout, words_of
from handlers.callbacks import Lift
from handlers.commands import Request
from handlers.picks import may_act_on
from handlers.ports import Shelves, WallClock
from handlers.questions import UNDO, Questions
from handlers.speaker import Speaker
from handlers.views.blackouts import blackouts_view, lifted_record, listed_record
from handlers.views.figures import SECOND_MS
from handlers.voice import Voice

OFF = "off"
BETWEEN = ";"
"""Between the events of one undo."""


async def blackout(
    _: Message,
    speaker: Speaker,
    request: Request,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    wall_ms: WallClock,
) -> None:
    """The list; with words, a change of it."""
    words = request.argument.split()
    if not words:
        return await show(speaker, desk, voice, wall_ms())
    if words[0].casefold() != OFF:
        one = read_blackout(words, speaker.zone, speaker.name, desk)
        await black_out(desk, one)
        return await told(speaker, desk, questions, listed_record(one, speaker.reader), "lift", [one])
    if len(words) < 2:
        raise MissingArgument("the name of the event is missing", command="/blackout off", usage=USAGE)
    if len(words) > 2:
        raise SurplusArgument("one name lifts", surplus=" ".join(words[2:]), usage=f"/blackout off {words[1]}")
    return await lift(words[1], None, speaker, desk, questions)


async def show(speaker: Speaker, desk: Desk, voice: Voice, wall_ms: int) -> None:
    """What is to come."""
    found, most = await blackouts(desk), desk.settings.chat.rows_most
    view = blackouts_view(found, desk.clock.now_ms(), speaker.reader, wall_ms, most)
    keyboard = keyboards.lift(found[:most], speaker.texts, speaker.zone) if found else None
    await voice.say(speaker.chat_id, view, keyboard, silent=True)


async def lift(name: str, at_ms: int | None, speaker: Speaker, desk: Desk, questions: Questions) -> None:
    """Forget events."""
    lifted = await lift_blackout(desk, name, speaker.name, at_ms)
    await told(speaker, desk, questions, lifted_record(lifted, speaker.reader), "blackout", lifted)


async def tapped(
    query: CallbackQuery,
    callback_data: Lift,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    shelves: Shelves,
    wall_ms: WallClock,
) -> None:
    """A button of the list."""
    if await may_act_on(query, speaker, desk, voice, shelves, wall_ms()):
        await voice.answer(query.id, callback_data.name)
        await lift(callback_data.name, callback_data.at_ms, speaker, desk, questions)


async def told(
    speaker: Speaker, desk: Desk, questions: Questions, record: Text, undo: str, changed: Sequence[Blackout]
) -> None:
    """Say what was done, with a button that takes it back for a while."""
    life_ms = desk.settings.chat.undo_ms
    label = speaker.texts("button-undo", seconds=life_ms // SECOND_MS)
    await questions.ask(
        speaker,
        f"{UNDO}{undo}",
        BETWEEN.join(words_of(one) for one in changed),
        lambda decision: (record, keyboards.undo(decision.nonce, label)),
        life_ms=life_ms,
    )


async def undone(action: str, argument: str, speaker: Speaker, desk: Desk) -> Text:
    """List again what was lifted, or lift what was listed; the record of it."""
    changed = [read_blackout(words.split(), speaker.zone, speaker.name, desk) for words in argument.split(BETWEEN)]
    if action == "lift":
        for one in changed:
            await lift_blackout(desk, one.name, speaker.name, one.at_ms)
        return lifted_record(changed, speaker.reader)
    for one in changed:
        await black_out(desk, one)
    return listed_record(changed[-1], speaker.reader)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="blackout")
    router.message.register(blackout, Asks("blackout"))
    router.callback_query.register(tapped, Lift.filter())
    return router
