"""Asking about chats and their members, and leaving them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator.people import HIDDEN_ADMIN
from bot.emulator.records import Chat
from bot.emulator.wire import ApiError, Json, Params, bad_request
from bot.emulator.world import World

_ADMIN_RIGHTS: Final[Json] = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_send_welcome_messages": False,
    "can_pin_messages": True,
    "can_manage_topics": True,
}


def member_card(role: str, user: Json) -> Json:
    """A ``ChatMember`` with everything the client libraries demand of its kind."""
    match role:
        case "creator":
            return {"status": "creator", "user": user, "is_anonymous": False}
        case "administrator":
            return {"status": "administrator", "user": user, **_ADMIN_RIGHTS}
        case "kicked":
            return {"status": "kicked", "user": user, "until_date": 0}
        case _:
            return {"status": role, "user": user}


def role_of(world: World, chat: Chat, user_id: int) -> str:
    """What somebody is in a chat."""
    if user_id == world.desk.bot_id:
        return chat.bot_role if chat.type != "private" else ("kicked" if chat.blocked else "member")
    if user_id == HIDDEN_ADMIN and chat.type != "private":
        return "administrator"
    if chat.type != "private" and user_id == world.owner_id and user_id in chat.members:
        return "creator"
    return "member" if user_id in chat.members else "left"


def get_chat(world: World, params: Params) -> Json:
    """``getChat``: the full card, with the newest pinned message."""
    chat = world.reachable(params.text("chat_id"))
    card: Json = {
        **chat.card(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }
    if chat.type != "private":
        card["permissions"] = {"can_send_messages": True, "can_send_photos": True, "can_pin_messages": False}
    pinned = world.find(chat, chat.pins[0]) if chat.pins else None
    if pinned:
        card["pinned_message"] = pinned.body
    return card


def get_chat_member(world: World, params: Params) -> Json:
    """``getChatMember``."""
    chat = world.reachable(params.text("chat_id"))
    user_id = params.integer("user_id")
    if user_id == world.desk.bot_id:
        return member_card(role_of(world, chat, user_id), world.bot())
    known = {p.user()["id"]: p.user() for p in world.people.values()}
    if user_id not in known:
        raise bad_request("user not found")
    return member_card(role_of(world, chat, user_id), known[user_id])


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """``getChatAdministrators``: creator first; a private chat has none."""
    chat = world.reachable(params.text("chat_id"))
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    people = {p.user()["id"]: p.user() for p in world.people.values()} | {world.desk.bot_id: world.bot()}
    cards = [member_card(role_of(world, chat, user_id), user) for user_id, user in people.items()]
    return [card for card in cards if card["status"] in ("creator", "administrator")]


def get_chat_member_count(world: World, params: Params) -> int:
    """``getChatMemberCount``: people and the bot."""
    return len([m for m in world.reachable(params.text("chat_id")).members if m > 0]) + 1


def leave_chat(world: World, params: Params) -> bool:
    """``leaveChat``: groups only."""
    chat = world.reachable(params.text("chat_id"))
    if chat.type == "private":
        raise ApiError(400, "Bad Request: chat member status can't be changed in private chats")
    chat.bot_role = "left"
    world.publish(chat, {"left_chat_member": world.bot()}, sender={"from": world.bot()}, by_bot=True)
    world.changed(chat)
    return True


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
