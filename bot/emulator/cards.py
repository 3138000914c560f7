"""Chats and people as the page shows them: the Bot API's cards plus what each person may do there."""

from __future__ import annotations

from bot.emulator.methods.commands import menu
from bot.emulator.people import Person
from bot.emulator.records import Chat
from bot.emulator.visitors import may_speak
from bot.emulator.wire import Json
from bot.emulator.world import World


def chat_card(world: World, chat: Chat) -> Json:
    """A chat as the page lists it, with the command menu of everybody who may speak there."""
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


def shown_chats(world: World) -> list[Chat]:
    """The chats the page lists: all but the channel, which is only a voice."""
    return [chat for chat in world.chats.values() if chat.type != "channel"]


def filled_in(world: World, news: list[Json]) -> list[Json]:
    """Changes with the cards of the chats they concern; several changes of one chat become one, at the last place."""
    result: list[Json] = []
    seen: set[int] = set()
    for event in reversed(news):
        if event["type"] == "chat":
            chat = world.chats[event["chat"]]
            if chat.type == "channel" or chat.id in seen:
                continue
            seen.add(chat.id)
            result.append({"type": "chat", "card": chat_card(world, chat)})
        elif event["type"] == "commands":
            result.append({**event, "cards": [chat_card(world, chat) for chat in shown_chats(world)]})
        else:
            result.append(event)
    return result[::-1]
