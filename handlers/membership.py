"""Chats that Vektor is brought into or thrown out of. It stays only where its owner wants it."""

from __future__ import annotations

import logging

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import AiogramError
from aiogram.types import ChatMemberUpdated
from aiogram.utils.formatting import Code, Text

from handlers.access import Access, is_followed
from handlers.ports import Shelves, WallClock
from handlers.speaker import shown_name
from handlers.voice import Voice
from locales.texts import Texts

logger = logging.getLogger(__name__)
MARK = "\ufffc"
"""Holds the place of a title in its sentence."""
OUT = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


async def membership_changed(
    event: ChatMemberUpdated, bot: Bot, shelves: Shelves, voice: Voice, access: Access, wall_ms: WallClock
) -> None:
    """Leave foreign groups and tell the owner; stop telling chats that threw us out."""
    chat_id, inside = event.chat.id, event.new_chat_member.status not in OUT
    wanted = event.chat.type == "private" or is_followed(await shelves.rooms.room(chat_id))
    if not inside:
        await shelves.rooms.forget(chat_id)
        return
    if wanted:
        await shelves.rooms.revive(chat_id)
        return
    await shelves.audit.append(event.from_user.id, "added", str(chat_id), "left", wall_ms())
    try:
        await bot.leave_chat(chat_id)
    except AiogramError as error:
        logger.warning("could not leave chat %s: %s", chat_id, error)
    owner = await shelves.rooms.owner()
    if owner is not None and access.may_interrupt():
        await voice.say(owner, left_notice(event, Texts(access.locale)))


def left_notice(event: ChatMemberUpdated, texts: Texts) -> Text:
    """Which group was left. Its title is a stranger's: it stands as code, so that no address in it can be tapped."""
    title = shown_name(event.chat.title or str(event.chat.id))
    head, _, tail = texts("left-group", title=MARK, user=str(event.from_user.id)).partition(MARK)
    return Text(head, Code(title), tail)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="membership")
    router.my_chat_member.register(membership_changed)
    return router
