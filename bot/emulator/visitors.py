"""What a person does in the chat: say, correct, tap a button; each becomes an update for the bot.

Includes what only an attacker does (a callback with made-up data, a forwarded command): a bot must survive it, and tests
need a way to do it. Refusals are :class:`ApiError` too, so the page and the tests read one language.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.emulator import limits
from bot.emulator.formatting import detected, utf16_length
from bot.emulator.methods.sending import without_reply
from bot.emulator.people import Person
from bot.emulator.records import Chat, Post, Press
from bot.emulator.wire import Json, bad_request, forbidden
from bot.emulator.world import World


@dataclass(frozen=True, slots=True)
class Saying:
    """One message as a person sends it."""

    text: str
    reply_to: int = 0
    forward_from: str = ""
    """Whose words these are: a person's key, id or name; empty for one's own."""
    via_bot: bool = False
    ago_s: int = 0
    """How long ago it was typed; the bot gets it now."""


def person_of(world: World, key: object) -> Person:
    """A person by id, role key (``operator``) or name (``Ann``); ApiError 400 for nobody."""
    wanted = str(key).strip().lower()
    for person in world.people.values():
        if wanted in (str(person.id), person.key, person.name.lower()):
            return person
    names = ", ".join(f"{p.key} ({p.id})" for p in world.people.values())
    raise bad_request(f"nobody here is called {key!r}; speak as one of {names}")


def place_of(world: World, person: Person, key: object) -> Chat:
    """A chat by id, or ``private`` (the person's own with the bot) or ``group``; it must be open to the person."""
    match str(key or "private").strip().lower():
        case "private":
            chat = world.chats.get(person.id)
        case "group":
            groups = [c for c in world.chats.values() if c.type == "supergroup" and c.moved_to is None]
            chat = groups[0] if groups else None
        case text:
            chat = world.chat(text)
    if chat is None or not may_speak(person, chat):
        raise forbidden(f"{person.name} cannot speak in chat {key!r}")
    return chat


def may_speak(person: Person, chat: Chat) -> bool:
    """Own private chat, any living group; hidden persons speak in groups only."""
    if chat.type == "private":
        return chat.id == person.id and person.hidden_behind is None
    return chat.type in ("group", "supergroup") and chat.moved_to is None


def say(world: World, person: Person, chat: Chat, saying: Saying) -> Post:
    """Send a text to a chat and, if Telegram would, to the bot."""
    text = saying.text.strip()
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > limits.TEXT:
        raise bad_request(f"message is too long: {utf16_length(text)} of {limits.TEXT} UTF-16 units")
    formatted = detected(text, [])
    content: Json = {"text": formatted.text, **({"entities": formatted.entities} if formatted.entities else {})}
    content |= _context(world, chat, saying)
    if chat.type == "private" and (chat.blocked or not chat.started):
        chat.started, chat.blocked = True, False
        world.changed(chat)
    typed_ms = world.now_ms() - 1000 * saying.ago_s
    post = world.publish(chat, content, sender=person.sender(chat, world.channel()), date=typed_ms // 1000)
    _used_keyboard(world, chat)
    if _bot_hears(world, chat, post):
        world.enqueue("message", post.body, since_ms=typed_ms)
    return post


def _context(world: World, chat: Chat, saying: Saying) -> Json:
    context: Json = {}
    if saying.reply_to:
        target = world.find(chat, saying.reply_to)
        if target is None:
            raise bad_request("message to be replied not found")
        context["reply_to_message"] = without_reply(target.body)
    if saying.forward_from:
        author = person_of(world, saying.forward_from)
        date = world.date() - saying.ago_s
        context["forward_origin"] = {"type": "user", "date": date, "sender_user": author.user()}
    if saying.via_bot:
        context["via_bot"] = {"id": 99, "is_bot": True, "first_name": "Inline", "username": "inline_bot"}
    return context


def _used_keyboard(world: World, chat: Chat) -> None:
    keyboard = chat.keyboard["markup"] if chat.keyboard else {}
    if keyboard.get("force_reply") and "keyboard" not in keyboard:
        chat.keyboard = None
        world.changed(chat)


def _bot_hears(world: World, chat: Chat, post: Post) -> bool:
    """Privacy mode: as a mere member the bot gets commands, replies to it and mentions only."""
    if chat.type == "private" or chat.bot_role == "administrator":
        return True
    if chat.bot_role != "member":
        return False
    text = post.body["text"]
    reply = post.body.get("reply_to_message", {}).get("from", {}).get("id") == world.desk.bot_id
    return text.startswith("/") or reply or f"@{world.bot_username}" in text


def correct(world: World, person: Person, chat: Chat, message_id: int, text: str) -> Post:
    """Edit one's own message: the bot gets ``edited_message``."""
    post = world.find(chat, message_id)
    sender = person.sender(chat, world.channel())
    if post is None or post.body["from"]["id"] != sender["from"]["id"]:
        raise bad_request("message to edit not found")
    formatted = detected(text.strip(), [])
    body = {k: v for k, v in post.body.items() if k not in ("text", "entities")}
    body |= {"text": formatted.text, "edit_date": world.date()}
    if formatted.entities:
        body["entities"] = formatted.entities
    world.rewrite(post, body)
    if _bot_hears(world, chat, post):
        world.enqueue("edited_message", body)
    return post


def tap(
    world: World, person: Person, chat: Chat, message_id: int, *, data: str = "", index: int | None = None
) -> Press:
    """Tap an inline button, named by its data or by its number in reading order."""
    post = world.find(chat, message_id)
    if post is None:
        raise bad_request(f"there is no message {message_id} in chat {chat.id}")
    buttons = [b for row in post.body.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
    if index is not None:
        buttons = buttons[index : index + 1] if index >= 0 else []
    else:
        buttons = [b for b in buttons if b.get("callback_data") == data]
    if not buttons:
        wanted = f"number {index}" if index is not None else f"with data {data!r}"
        raise bad_request(f"message {message_id} has no button {wanted}")
    if "callback_data" not in buttons[0]:
        raise bad_request(f"button {buttons[0]['text']!r} sends nothing to the bot")
    return _press(world, person, chat, message_id, str(buttons[0]["callback_data"]), post.body)


def forge(world: World, person: Person, chat: Chat, message_id: int, data: str) -> Press:
    """A callback no button offered: any data, any message, even one that is gone."""
    post = world.find(chat, message_id)
    gone: Json = {"chat": chat.card(), "message_id": message_id, "date": 0}
    return _press(world, person, chat, message_id, data, post.body if post else gone)


def _press(world: World, person: Person, chat: Chat, message_id: int, data: str, message: Json) -> Press:
    world.forget_presses()
    number = world.serial()
    press = Press(str(4_300_000_000_000_000_000 + number), person.id, chat.id, message_id, world.now_ms(), data)
    world.presses[press.query_id] = press
    world.touch("press", press.query_id)
    query: Json = {
        "id": press.query_id,
        "from": person.user(),
        "message": message,
        "chat_instance": str(chat.id * 7919 + world.desk.bot_id),
        "data": data,
    }
    world.tell("pressed", query_id=press.query_id, person=person.id, chat=chat.id, message_id=message_id, data=data)
    world.enqueue("callback_query", query, limits.CALLBACK_LIFE_MS)
    return press
