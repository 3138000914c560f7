"""The whole picture of a chat at one moment, for a page or a test that begins to watch."""

from __future__ import annotations

from typing import Final

from bot.emulator.methods.commands import menu
from bot.emulator.people import Person
from bot.emulator.records import Chat
from bot.emulator.switchboard import Switchboard
from bot.emulator.visitors import may_speak
from bot.emulator.wire import Json
from bot.emulator.world import World, post_card

_POSTS: Final = 300
_CALLS: Final = 200


def chat_card(world: World, chat: Chat) -> Json:
    """A chat as the page lists it, with what each person may do there."""
    voices = [person for person in world.people.values() if may_speak(person, chat)]
    return {
        **chat.card(),
        "started": chat.started,
        "blocked": chat.blocked,
        "bot_role": chat.bot_role,
        "is_forum": chat.is_forum,
        "topics": chat.topics,
        "pins": chat.pins,
        "keyboard": chat.keyboard,
        "moved_to": chat.moved_to,
        "member_count": len([m for m in chat.members if m > 0]) + 1,
        "commands": {str(person.id): menu(world, chat, person.id, person.language) for person in voices},
    }


def person_card(person: Person) -> Json:
    """A person as the page's switch lists them."""
    return {
        "id": person.id,
        "key": person.key,
        "name": person.name,
        "role": person.role,
        "username": person.username,
        "hidden": person.hidden_behind is not None,
        "sender": person.sender_id,
    }


def snapshot(board: Switchboard, *, stepped: bool) -> Json:
    """Everything the page shows: people, chats, the newest messages, menus, troubles and calls."""
    world = board.world
    world.expire()
    shown = [chat for chat in world.chats.values() if chat.type != "channel"]
    return {
        "bot": {**world.bot(), "description": world.desk.description},
        "now_ms": world.now_ms(),
        "stepped_clock": stepped,
        "people": [person_card(person) for person in world.people.values()],
        "chats": [chat_card(world, chat) for chat in shown],
        "posts": [post_card(p) for chat in shown for p in list(world.posts.get(chat.id, {}).values())[-_POSTS:]],
        "waiting": [update.wire() for update in world.waiting],
        "webhook": world.desk.webhook_url,
        "faults": board.faults.card(),
        "calls": board.journal.last(_CALLS),
    }
