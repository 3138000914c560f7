"""Answers to questions: a tap, or /confirm CODE from any device. The message of the question becomes the record."""

from __future__ import annotations

from decimal import Decimal

from aiogram import Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Text

from core.desk import Decision, Desk
from core.errors import BrokenInvariant, MissingArgument, VektorError
from core.flows import control, watching
from core.flows.adjust import reduce, set_stop, set_target
from core.flows.close import close_position, flatten
from core.flows.inject import inject
from core.flows.live import set_mode
from core.risk.switches import Mode
from core.trading.positions import CloseReason
from handlers import blackout, keyboards, live
from handlers.asked import Asks
from handlers.callbacks import Answer
from handlers.commands import Request
from handlers.errors import explained
from handlers.ports import AuditTrail, Shelves, WallClock
from handlers.questions import UNDO, Questions
from handlers.speaker import Speaker
from handlers.views.adjust import reduced_record, stop_record, target_record
from handlers.views.margin import margin_record
from handlers.views.plain import sentence, verdict
from handlers.views.questions import closed_record, flattened_record
from handlers.voice import Voice

BLACKOUTS = (f"{UNDO}lift", f"{UNDO}blackout")


async def tapped(
    query: CallbackQuery,
    callback_data: Answer,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    shelves: Shelves,
    wall_ms: WallClock,
) -> None:
    """Yes: take the question, answer the tap, do it. No: put the question away."""
    if not callback_data.yes:
        if await questions.drop(query, speaker, callback_data.nonce):
            await voice.answer(query.id, speaker.texts("toast-kept"))
            if query.message is not None:
                stamp = questions.stamp(speaker, "stamp-kept")
                await voice.buttons(speaker.chat_id, query.message.message_id, stamp)
        return
    decision = await questions.take(query, speaker, callback_data.nonce)
    if decision is not None:
        await voice.answer(query.id, speaker.texts("toast-working"))
        await carry_out(decision, speaker, desk, voice, questions, shelves.audit, wall_ms)


async def confirmed(
    _: Message,
    speaker: Speaker,
    request: Request,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    shelves: Shelves,
    wall_ms: WallClock,
) -> None:
    """Yes by typed code, whichever device the question stands on."""
    if not request.argument:
        raise MissingArgument("/confirm needs the code", command="/confirm", usage="/confirm K7Q2MX")
    decision = await questions.take_code(speaker, request.argument)
    if not isinstance(decision, Decision):
        await voice.say(
            speaker.chat_id, sentence(speaker.texts, f"code-{decision.replace('_', '-')}", code=request.argument)
        )
        return
    record = await carry_out(decision, speaker, desk, voice, questions, shelves.audit, wall_ms)
    await voice.say(speaker.chat_id, record)


async def carry_out(
    decision: Decision,
    speaker: Speaker,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    audit: AuditTrail,
    wall_ms: WallClock,
) -> Text:
    """Do what was decided and make the question's message the record of it."""
    place = (decision.chat_id, decision.message_id or 0)
    await voice.buttons(*place, keyboards.settled(speaker.texts("button-working")))
    try:
        record, key = await deed(decision, speaker, desk)
    except VektorError as error:
        record, key = explained(error, speaker.texts), "stamp-failed"
    what = f"{decision.action} {decision.argument}".strip()
    await audit.append(speaker.user_id, "decided", what, key.removeprefix("stamp-"), wall_ms())
    await voice.revise(*place, record, questions.stamp(speaker, key))
    return record


async def deed(decision: Decision, speaker: Speaker, desk: Desk) -> tuple[Text, str]:
    """Call the one flow that was decided on; what it came to, and the key of the stamp."""
    reader, by, symbol = speaker.reader, speaker.name, decision.argument
    if decision.action in BLACKOUTS:
        record = await blackout.undone(decision.action.removeprefix(UNDO), decision.argument, speaker, desk)
        return record, "stamp-undone"
    if decision.action.startswith(UNDO):
        return verdict(reader.texts(await taken_back(decision, by, desk), symbol=symbol)), "stamp-undone"
    match decision.action:
        case "close":
            trade = await close_position(desk, symbol, CloseReason.OPERATOR, by)
            return closed_record(trade, by, reader), "stamp-closed"
        case "margin" | "stop" | "target" | "reduce" as action:
            return await adjusted(action, symbol, speaker, desk)
        case "live" | "full":
            return await live.decided(decision, speaker, desk)
        case "flatten":
            return flattened_record(await flatten(desk, by), by, reader), "stamp-flattened"
        case "resume":
            await control.resume(desk, by)
            return verdict(reader.texts("done-resumed", symbol="")), "stamp-resumed"
    raise BrokenInvariant(f"a stored question asks for {decision.action!r}, which nothing does")


async def adjusted(action: str, argument: str, speaker: Speaker, desk: Desk) -> tuple[Text, str]:
    """Change an open position; ``argument`` is its symbol and the figures that were asked about."""
    reader, by = speaker.reader, speaker.name
    symbol, *figures = argument.split()
    figure = Decimal(figures[0])
    match action:
        case "margin":
            return margin_record(await inject(desk, symbol, figure, Decimal(figures[1]), by), reader), "stamp-added"
        case "stop":
            return stop_record(await set_stop(desk, symbol, figure, by), reader), "stamp-moved"
        case "target":
            return target_record(await set_target(desk, symbol, figure, by), reader), "stamp-moved"
        case "reduce":
            return reduced_record(await reduce(desk, symbol, figure, by), reader), "stamp-reduced"
    raise BrokenInvariant(f"a stored question asks for {action!r}, which nothing does")


async def taken_back(decision: Decision, by: str, desk: Desk) -> str:
    """Undo a pause, resume, block, unblock, or a market added or removed; the key of what is so now."""
    match decision.action.removeprefix(UNDO):
        case "pause":
            await control.pause(desk, by)
            return "done-paused"
        case "resume":
            await control.resume(desk, by)
            return "done-resumed"
        case "block":
            await control.block(desk, decision.argument, by)
            return "done-blocked"
        case "unblock":
            await control.unblock(desk, decision.argument, by)
            return "done-unblocked"
        case "mode":
            mode = Mode(decision.argument)
            await set_mode(desk, mode, by)
            return f"done-mode-{mode}"
        case "add":
            await watching.add(desk, decision.argument, None, by)
            return "done-added"
        case "remove":
            await watching.remove(desk, decision.argument, by)
            return "done-removed"
    raise BrokenInvariant(f"a stored undo asks for {decision.action!r}, which nothing does")


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="decide")
    router.callback_query.register(tapped, Answer.filter())
    router.message.register(confirmed, Asks("confirm"))
    return router
