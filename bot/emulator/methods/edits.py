"""Changing what was said: text, caption, picture, keyboard.

Telegram's rules that bots trip over: an edit that changes nothing is a 400, an edit without ``reply_markup`` takes the
buttons away, a message sent with a reply keyboard cannot be edited, and only the bot's own messages can.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator import limits
from bot.emulator.formatting import read_text
from bot.emulator.keyboards import read_markup
from bot.emulator.methods.media import caption_of, media_content
from bot.emulator.records import Post
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World

_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_CAPTION: Final = ("caption", "caption_entities", "show_caption_above_media")
_MEDIA: Final = ("photo", "document", "has_media_spoiler", *_CAPTION)


def _editable(world: World, params: Params) -> Post:
    if params.has("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = world.reachable(params.text("chat_id"))
    post = world.find(chat, params.integer("message_id"))
    if post is None:
        raise bad_request("message to edit not found")
    if not post.by_bot or post.markup not in ("", "inline") or "forward_origin" in post.body:
        raise bad_request("message can't be edited")
    return post


def _apply(world: World, params: Params, post: Post, content: Json, replaced: tuple[str, ...]) -> Json:
    """Write the new content; the keyboard always follows ``reply_markup``, given or not."""
    markup = read_markup(params, inline_only=True)
    body = {k: v for k, v in post.body.items() if k not in (*replaced, "reply_markup", "edit_date")}
    body |= content
    if markup:
        body["reply_markup"] = markup.body
    if {k: v for k, v in post.body.items() if k != "edit_date"} == body:
        raise bad_request(_NOT_MODIFIED)
    if content or replaced or "edit_date" in post.body:
        body["edit_date"] = world.date() if content or replaced else post.body["edit_date"]
    world.rewrite(post, body)
    return body


def edit_text(world: World, params: Params) -> Json:
    """``editMessageText``."""
    post = _editable(world, params)
    if "text" not in post.body:
        raise bad_request("there is no text in the message to edit")
    formatted = read_text(params, "text", limit=limits.TEXT)
    if not formatted.text:
        raise bad_request("message text is empty")
    content: Json = {"text": formatted.text, **({"entities": formatted.entities} if formatted.entities else {})}
    if params.mapping("link_preview_options"):
        content["link_preview_options"] = params.mapping("link_preview_options")
    return _apply(world, params, post, content, ("text", "entities", "link_preview_options"))


def edit_caption(world: World, params: Params) -> Json:
    """``editMessageCaption``."""
    post = _editable(world, params)
    if "text" in post.body:
        raise bad_request("there is no caption in the message to edit")
    return _apply(world, params, post, caption_of(params), _CAPTION)


def edit_media(world: World, params: Params) -> Json:
    """``editMessageMedia``: a photo or document in the place of the old one."""
    post = _editable(world, params)
    item = params.mapping("media") or {}
    content = media_content(world, params, item)
    if "media_group_id" in post.body and ("photo" in content) != ("photo" in post.body):
        raise bad_request("the type of media in an album can't be changed")
    return _apply(world, params, post, content, (*_MEDIA, "text", "entities", "link_preview_options"))


def edit_markup(world: World, params: Params) -> Json:
    """``editMessageReplyMarkup``."""
    return _apply(world, params, _editable(world, params), {}, ())


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
}
