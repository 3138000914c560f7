"""Text messages: send, draft, forward, copy, delete, react, and the "typing…" line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bot.emulator import limits
from bot.emulator.formatting import read_text
from bot.emulator.methods.sending import read_envelope, send
from bot.emulator.records import Chat, Post
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World

ACTIONS: Final = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


def send_message(world: World, params: Params) -> Json:
    """``sendMessage``: text up to 4096 UTF-16 units."""
    envelope = read_envelope(world, params)
    formatted = read_text(params, "text", limit=limits.TEXT)
    if not formatted.text:
        raise bad_request("message text is empty")
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    if params.mapping("link_preview_options"):
        content["link_preview_options"] = params.mapping("link_preview_options")
    return send(world, envelope, content)


def send_message_draft(world: World, params: Params) -> bool:
    """``sendMessageDraft``: a preview of a text being written, private chats only, gone after 30 s."""
    chat = world.reachable(params.text("chat_id"))
    if chat.type != "private":
        raise bad_request("message drafts can be sent only to private chats")
    draft_id = params.integer("draft_id")
    if draft_id == 0:
        raise bad_request("draft_id must be non-zero")
    formatted = read_text(params, "text", limit=limits.TEXT)
    until = world.now_ms() + limits.DRAFT_LIFE_MS
    draft = {"text": formatted.text, "entities": formatted.entities}
    world.tell("draft", chat=chat.id, draft_id=draft_id, life_ms=limits.DRAFT_LIFE_MS, until_ms=until, **draft)
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """``sendChatAction``: shown for five seconds or until the next message."""
    chat = world.reachable(params.text("chat_id"))
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell("action", chat=chat.id, action=action, life_ms=limits.ACTION_LIFE_MS)
    return True


def _source(world: World, params: Params, verb: str) -> Post:
    post = world.find(world.chat(params.text("from_chat_id")), params.integer("message_id"))
    if post is None:
        raise bad_request(f"message to {verb} not found")
    if post.body.get("has_protected_content"):
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return post


def content_of(post: Post) -> Json:
    """What a message says, without who, where and when."""
    kept = ("text", "entities", "photo", "document", "caption", "caption_entities", "link_preview_options")
    return {k: v for k, v in post.body.items() if k in kept}


def origin_of(post: Post) -> Json:
    """The ``forward_origin`` of a message when it is passed on."""
    if "forward_origin" in post.body:
        return dict(post.body["forward_origin"])
    if "sender_chat" in post.body:
        return {"type": "chat", "date": post.body["date"], "sender_chat": post.body["sender_chat"]}
    return {"type": "user", "date": post.body["date"], "sender_user": post.body["from"]}


def forward_message(world: World, params: Params) -> Json:
    """``forwardMessage``: the same words, marked with where they came from."""
    envelope = read_envelope(world, params)
    source = _source(world, params, "forward")
    return send(world, envelope, {**content_of(source), "forward_origin": origin_of(source)})


def copy_message(world: World, params: Params) -> Json:
    """``copyMessage``: the same content as a message of the bot's own; a new caption may replace the old."""
    envelope = read_envelope(world, params)
    content = content_of(_source(world, params, "copy"))
    if "caption" in params.values and ("photo" in content or "document" in content):
        formatted = read_text(params, "caption", limit=limits.CAPTION, entities="caption_entities")
        content |= {"caption": formatted.text, "caption_entities": formatted.entities}
    return {"message_id": send(world, envelope, content)["message_id"]}


def _check_deletable(world: World, chat: Chat, post: Post) -> None:
    too_old = world.date() - int(post.body["date"]) > limits.DELETE_LIFE_MS // 1000
    foreign = not post.by_bot and chat.type != "private" and chat.bot_role != "administrator"
    if too_old or foreign:
        raise bad_request("message can't be deleted for everyone" if too_old else "message can't be deleted")


def delete_message(world: World, params: Params) -> bool:
    """``deleteMessage``: own messages and, in private or as administrator, those of others; at most 48 hours old."""
    chat = world.reachable(params.text("chat_id"))
    post = world.find(chat, params.integer("message_id"))
    if post is None:
        raise bad_request("message to delete not found")
    _check_deletable(world, chat, post)
    world.remove(chat, post.message_id)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """``deleteMessages``: up to 100 at once; missing ones are skipped."""
    chat = world.reachable(params.text("chat_id"))
    ids = params.sequence("message_ids") or []
    if not 1 <= len(ids) <= limits.DELETE_MANY:
        raise bad_request(f"message identifiers must be 1 to {limits.DELETE_MANY}, got {len(ids)}")
    if not all(isinstance(i, int) for i in ids):
        raise bad_request(f"message_ids must be whole numbers, got {ids}")
    found = [post for post in (world.find(chat, i) for i in ids) if post]
    for post in found:
        _check_deletable(world, chat, post)
    for post in found:
        world.remove(chat, post.message_id)
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """``setMessageReaction``: one emoji of the bot under a message, or none."""
    chat = world.reachable(params.text("chat_id"))
    post = world.find(chat, params.integer("message_id"))
    if post is None:
        raise bad_request("message to react not found")
    given: list[Any] = params.sequence("reaction") or []
    if len(given) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(not isinstance(r, dict) or r.get("type") != "emoji" or not r.get("emoji") for r in given):
        raise bad_request("REACTION_INVALID")
    world.reacted(post, [str(reaction["emoji"]) for reaction in given])
    return True


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": set_message_reaction,
}
