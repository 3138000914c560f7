"""The whole picture of a chat at one moment, for a page or a test that begins to watch."""

from __future__ import annotations

from typing import Final

from bot.emulator.cards import chat_card, person_card, shown_chats
from bot.emulator.switchboard import Switchboard
from bot.emulator.wire import Json
from bot.emulator.world import post_card

_POSTS: Final = 300
_CALLS: Final = 200


def snapshot(board: Switchboard, *, stepped: bool) -> Json:
    """Everything the page shows: people, chats, the newest messages, menus, troubles and calls."""
    world = board.world
    world.expire()
    shown = shown_chats(world)
    return {
        "bot": {**world.bot(), "description": world.desk.description},
        "now_ms": world.now_ms(),
        "stepped_clock": stepped,
        "people": [person_card(person) for person in world.people.values()],
        "chats": [chat_card(world, chat) for chat in shown],
        "posts": [post_card(p) for chat in shown for p in list(world.posts.get(chat.id, {}).values())[-_POSTS:]],
        "waiting": [update.wire() for update in world.waiting],
        "pressed": [
            {"query_id": p.query_id, "person": p.person, "chat": p.chat_id, "message_id": p.message_id, "data": p.data}
            for p in world.open_presses()
        ],
        "webhook": world.desk.webhook_url,
        "faults": board.faults.card(),
        "calls": board.journal.last(_CALLS),
    }
