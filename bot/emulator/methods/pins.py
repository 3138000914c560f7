"""Pinning: the bar on top of a chat. A pin leaves a line in the chat, as in Telegram."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator.methods.sending import without_reply
from bot.emulator.records import Chat
from bot.emulator.wire import Params, bad_request
from bot.emulator.world import World


def _pinnable(world: World, params: Params) -> Chat:
    chat = world.reachable(params.text("chat_id"))
    if chat.type != "private" and chat.bot_role != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def pin_chat_message(world: World, params: Params) -> bool:
    """``pinChatMessage``: to the front of the pins; pinning the same message again changes nothing."""
    chat = _pinnable(world, params)
    post = world.find(chat, params.integer("message_id"))
    if post is None:
        raise bad_request("message to pin not found")
    if post.message_id in chat.pins:
        return True
    chat.pins.insert(0, post.message_id)
    world.publish(
        chat,
        {"pinned_message": without_reply(post.body)},
        sender={"from": world.bot()},
        by_bot=True,
        silent=params.flag("disable_notification"),
    )
    world.changed(chat)
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """``unpinChatMessage``: the given message, or the newest pin."""
    chat = _pinnable(world, params)
    message_id = params.integer("message_id") or (chat.pins[0] if chat.pins else 0)
    if message_id not in chat.pins:
        raise bad_request("message to unpin not found")
    chat.pins.remove(message_id)
    world.changed(chat)
    return True


def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """``unpinAllChatMessages``."""
    chat = _pinnable(world, params)
    chat.pins.clear()
    world.changed(chat)
    return True


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
