"""``createForumTopic``: topics of a group that is a forum (the page's menu makes it one)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator import limits
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World

_COLORS: Final = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def create_forum_topic(world: World, params: Params) -> Json:
    """Open a topic; its id is that of the service message that announces it."""
    chat = world.reachable(params.text("chat_id"))
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if chat.bot_role != "administrator":
        raise bad_request("not enough rights to create a topic")
    name = params.text("name").strip()
    if not 1 <= len(name) <= limits.TOPIC_NAME:
        raise bad_request(f"topic name must be 1 to {limits.TOPIC_NAME} characters, got {len(name)}")
    color = params.integer("icon_color", _COLORS[0])
    if color not in _COLORS:
        raise bad_request(f"TOPIC_ICON_COLOR_INVALID: {color}; use one of {_COLORS}")
    announced = {"forum_topic_created": {"name": name, "icon_color": color}, "is_topic_message": True}
    post = world.publish(chat, announced, sender={"from": world.bot()}, by_bot=True)
    post.body["message_thread_id"] = post.message_id
    topic: Json = {"message_thread_id": post.message_id, "name": name, "icon_color": color}
    chat.topics.append(topic)
    world.changed(chat)
    return topic


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {"createForumTopic": create_forum_topic}
