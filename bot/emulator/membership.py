"""What happens to the bot's place in a chat: blocked, kicked, promoted, moved, or added to a group it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator.methods.chats import member_card
from bot.emulator.people import Person
from bot.emulator.records import Chat
from bot.emulator.wire import bad_request
from bot.emulator.world import World

_FIRST_NEW_GROUP: Final = -1002000001000


def _tell_bot(world: World, chat: Chat, person: Person, old: str, new: str) -> None:
    body = {
        "chat": chat.card(),
        "from": person.user(),
        "date": world.date(),
        "old_chat_member": member_card(old, world.bot()),
        "new_chat_member": member_card(new, world.bot()),
    }
    world.enqueue("my_chat_member", body)
    world.changed(chat)


def block(world: World, person: Person, chat: Chat) -> None:
    """The person stops the bot: every send to them is a 403 from now on."""
    _private_only(chat)
    if not chat.blocked:
        chat.blocked = True
        _tell_bot(world, chat, person, "member", "kicked")


def unblock(world: World, person: Person, chat: Chat) -> None:
    """The person lets the bot speak again."""
    _private_only(chat)
    if chat.blocked:
        chat.blocked, chat.started = False, True
        _tell_bot(world, chat, person, "kicked", "member")


def _role(new: str) -> Callable[[World, Person, Chat], None]:
    def change(world: World, person: Person, chat: Chat) -> None:
        _group_only(chat)
        old, chat.bot_role = chat.bot_role, new
        if old != new:
            _tell_bot(world, chat, person, old, new)

    return change


def migrate(world: World, person: Person, chat: Chat) -> None:
    """The group gets a new id: service messages on both sides, and a 400 with the new id for calls to the old one."""
    _group_only(chat)
    moved = Chat(
        _new_group_id(world), "supergroup", title=chat.title, members=list(chat.members), bot_role=chat.bot_role
    )
    world.chats[moved.id], world.posts[moved.id] = moved, {}
    sender = {"from": person.user()}
    farewell = world.publish(chat, {"migrate_to_chat_id": moved.id}, sender=sender)
    chat.moved_to = moved.id
    arrival = world.publish(moved, {"migrate_from_chat_id": chat.id}, sender=sender)
    world.enqueue("message", farewell.body)
    world.enqueue("message", arrival.body)
    world.changed(chat)
    world.changed(moved)


def toggle_forum(world: World, _: Person, chat: Chat) -> None:
    """Topics on or off."""
    _group_only(chat)
    chat.is_forum = not chat.is_forum
    world.changed(chat)


def add_to_new_group(world: World, person: Person, title: str) -> Chat:
    """A person puts the bot into a group of their own: ``my_chat_member`` from a chat the bot has never seen."""
    chat = Chat(_new_group_id(world), "supergroup", title=title, members=[person.id], bot_role="left")
    world.chats[chat.id], world.posts[chat.id] = chat, {}
    chat.bot_role = "member"
    world.publish(chat, {"new_chat_members": [world.bot()]}, sender={"from": person.user()})
    _tell_bot(world, chat, person, "left", "member")
    return chat


def _new_group_id(world: World) -> int:
    return _FIRST_NEW_GROUP - world.serial()


def _private_only(chat: Chat) -> None:
    if chat.type != "private":
        raise bad_request(f"chat {chat.id} is a {chat.type}; only a person in a private chat can block the bot")


def _group_only(chat: Chat) -> None:
    if chat.type != "supergroup" or chat.moved_to is not None:
        raise bad_request(f"chat {chat.id} is no living group; the bot has no role there")


CHANGES: Final[dict[str, Callable[[World, Person, Chat], None]]] = {
    "blocked": block,
    "unblocked": unblock,
    "kicked": _role("kicked"),
    "left": _role("left"),
    "member": _role("member"),
    "administrator": _role("administrator"),
    "migrated": migrate,
    "forum": toggle_forum,
}
