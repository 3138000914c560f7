"""/universe: which markets are read; ``add NAME [CLASS]`` and ``remove SYMBOL`` change that at once, with a way back."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from core.errors import MissingArgument, SurplusArgument, UserMistake
from core.flows import watching
from core.market.symbols import AssetClass
from core.market.universe import resolve
from handlers.asked import Asks
from handlers.commands import Request
from handlers.control import done
from handlers.ports import WallClock
from handlers.questions import Questions
from handlers.speaker import Speaker
from handlers.views.universe import universe_view
from handlers.voice import Voice

USAGE = "/universe add SYMBOL [CLASS] · /universe remove SYMBOL"


async def universe(
    _: Message,
    speaker: Speaker,
    request: Request,
    desk: Desk,
    voice: Voice,
    questions: Questions,
    wall_ms: WallClock,
) -> None:
    """The list; with a verb, a change of it."""
    verb, *rest = request.argument.split() or [""]
    match verb.casefold(), rest:
        case "", _:
            view = universe_view(await watching.universe(desk), speaker.reader, wall_ms())
            await voice.say(speaker.chat_id, view, silent=True)
        case "add", [name, *words]:
            symbol = await watching.add(desk, name, class_of(words), speaker.name)
            await done(speaker, desk, questions, "done-added", undo="remove", symbol=symbol)
        case "remove", [name]:
            found = resolve(name, desk.universe, desk.settings.chat.argument_most).symbol
            symbol = await watching.remove(desk, found, speaker.name)
            await done(speaker, desk, questions, "done-removed", undo="add", symbol=symbol)
        case "add" | "remove" as change, []:
            raise MissingArgument("a symbol is missing", command=f"/universe {change}", usage=USAGE)
        case "remove", [name, *more]:
            raise SurplusArgument("one is removed", surplus=" ".join(more), usage=f"/universe remove {name}")
        case _:
            raise UserMistake(f"{verb!r} is no change of the universe; {USAGE} would be right")


def class_of(words: list[str]) -> AssetClass | None:
    """The class that was given, if any. Raises :class:`UserMistake` naming the classes."""
    if not words:
        return None
    word = " ".join(words).casefold()
    if word not in list(AssetClass):
        raise UserMistake(f"{word!r} is no class; {', '.join(AssetClass)} would be right")
    return AssetClass(word)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="universe")
    router.message.register(universe, Asks("universe"))
    return router
