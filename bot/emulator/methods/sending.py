"""What every sending method has in common: where to, in reply to what, with which keyboard, how loud.

No method of its own. The order matters: everything is checked before anything is said, so a refused call leaves no
trace in the chat.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.emulator.keyboards import Markup, read_markup
from bot.emulator.records import Chat, Post
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World


@dataclass(frozen=True, slots=True)
class Envelope:
    """A checked destination."""

    chat: Chat
    reply_to: Post | None
    markup: Markup | None
    thread_id: int
    silent: bool
    protected: bool

    def fields(self) -> Json:
        """The message fields that come from the destination rather than from the content."""
        extra: Json = {}
        if self.thread_id:
            extra |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.reply_to:
            extra["reply_to_message"] = without_reply(self.reply_to.body)
        if self.protected:
            extra["has_protected_content"] = True
        return extra


def without_reply(body: Json) -> Json:
    """A message as it is quoted inside another: Telegram nests one level only."""
    return {k: v for k, v in body.items() if k not in ("reply_to_message", "reply_markup")}


def read_envelope(world: World, params: Params) -> Envelope:
    """Check destination, reply, topic and keyboard; ApiError in Telegram's words when one is wrong."""
    chat = world.reachable(params.text("chat_id"))
    if params.has("ephemeral_message_parameters") or params.has("receiver_user_id"):
        # Showing it to everybody would be worse than not sending it.
        raise bad_request("ephemeral messages are not supported by the local chat")
    return Envelope(
        chat=chat,
        reply_to=_reply_target(world, chat, params),
        markup=read_markup(params),
        thread_id=_thread(chat, params.integer("message_thread_id")),
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
    )


def send(world: World, envelope: Envelope, content: Json) -> Json:
    """Say it: store the message, switch the chat's reply keyboard, and answer the message."""
    inline = envelope.markup.body if envelope.markup and envelope.markup.kind == "inline" else None
    content = {**envelope.fields(), **content, **({"reply_markup": inline} if inline else {})}
    post = world.publish(
        envelope.chat,
        content,
        sender={"from": world.bot()},
        by_bot=True,
        silent=envelope.silent,
        markup=envelope.markup.kind if envelope.markup else "",
    )
    _switch_keyboard(world, envelope, post)
    return post.body


def _switch_keyboard(world: World, envelope: Envelope, post: Post) -> None:
    markup = envelope.markup
    if markup is None or markup.kind == "inline":
        return
    keyboard = None if markup.kind == "remove" else {"message_id": post.message_id, "markup": markup.body}
    envelope.chat.keyboard = keyboard
    world.changed(envelope.chat)


def _reply_target(world: World, chat: Chat, params: Params) -> Post | None:
    reply = params.mapping("reply_parameters") or {}
    message_id = Params(reply).integer("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return None
    source = world.chat(reply["chat_id"]) if reply.get("chat_id") is not None else chat
    post = world.find(source, message_id)
    lenient = reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if post is None and not lenient:
        raise bad_request("message to be replied not found")
    return post


def _thread(chat: Chat, thread_id: int) -> int:
    if thread_id and all(topic["message_thread_id"] != thread_id for topic in chat.topics):
        raise bad_request("message thread not found")
    return thread_id
