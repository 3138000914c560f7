"""/start and /help: becoming the owner, and finding one's way."""

from __future__ import annotations

from dataclasses import replace

from aiogram import Router
from aiogram.types import Message

from core.desk import Desk
from handlers import keyboards
from handlers.asked import Asks
from handlers.claim import Claim
from handlers.commands import Request
from handlers.menus import publish_menu
from handlers.ports import Role, Shelves, WallClock
from handlers.speaker import Speaker
from handlers.views.help import help_view, welcome_view
from handlers.views.plain import sentence
from handlers.voice import Voice


async def start(
    _: Message,
    speaker: Speaker,
    request: Request,
    desk: Desk,
    voice: Voice,
    shelves: Shelves,
    claim: Claim,
    wall_ms: WallClock,
) -> None:
    """Greet who is known; let a stranger with the code become owner while there is none."""
    if speaker.role is Role.STRANGER and not await become_owner(speaker, request, voice, shelves, claim, wall_ms):
        return
    if speaker.role is Role.STRANGER:
        speaker = replace(speaker, role=Role.OWNER)
    await shelves.rooms.revive(speaker.chat_id)
    keyboard = keyboards.menu(speaker.texts) if speaker.reader.full else None
    await voice.say(
        speaker.chat_id, welcome_view(desk.venue_name, speaker.role, len(desk.entered), speaker.reader), keyboard
    )


async def become_owner(
    speaker: Speaker,
    request: Request,
    voice: Voice,
    shelves: Shelves,
    claim: Claim,
    wall_ms: WallClock,
) -> bool:
    """Whether the code was right and nobody was faster; says so otherwise."""
    if not request.argument:
        await voice.say(speaker.chat_id, sentence(speaker.texts, "claim-how"))
        return False
    verdict, now = claim.judge(request.argument, wall_ms(), speaker.user_id), wall_ms()
    if verdict == "right" and not await shelves.rooms.claim_owner(speaker.user_id, speaker.chat_id, now):
        verdict = "closed"
    await shelves.audit.append(speaker.user_id, "/start", "", f"claim {verdict}", now)
    if verdict != "right":
        await voice.say(speaker.chat_id, sentence(speaker.texts, f"claim-{verdict}"))
        return False
    claim.close()
    await publish_menu(voice.bot, speaker.chat_id, speaker.texts, Role.OWNER)
    return True


async def helped(_: Message, speaker: Speaker, voice: Voice) -> None:
    """What can be asked for."""
    full = speaker.reader.full
    keyboard = keyboards.menu(speaker.texts) if full else None
    await voice.say(speaker.chat_id, help_view(speaker.reader), keyboard)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="start")
    router.message.register(start, Asks("start"))
    router.message.register(helped, Asks("help"))
    return router
