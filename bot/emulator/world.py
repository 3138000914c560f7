"""The state of the local chat: who said what where, and what the bot has yet to hear.

Pure: it does no input or output. Every change notes which records became dirty (for the store) and what the page should
see (``news``); the server writes the first and then sends the second, so that nobody sees what a crash could undo.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Any, Final

from bot.emulator import limits
from bot.emulator.clock import Clock
from bot.emulator.people import CHANNEL, everybody, first_chats
from bot.emulator.records import Chat, Desk, Post, Press, StoredFile, Waiting
from bot.emulator.wire import Json, bad_request, forbidden

_NUMBER: Final = re.compile(r"-?[0-9]{1,19}")
UPDATE_ID_EPOCH_S: Final = 1_600_000_000
"""Subtracted from the clock for the first update id, so that ids grow over restarts even without a state file."""


class World:
    """Chats, messages, files and updates, with the clock they live by."""

    def __init__(self, *, bot_id: int, bot_name: str, owner_id: int, clock: Clock) -> None:
        self.now_ms = clock
        self.people = everybody(owner_id)
        self.owner_id = owner_id
        self.chats: dict[int, Chat] = {c.id: c for c in first_chats(self.people.values(), owner_id, bot_name)}
        self.posts: dict[int, dict[int, Post]] = {chat_id: {} for chat_id in self.chats}
        self.files: dict[str, StoredFile] = {}
        self.blobs: dict[str, bytes] = {}
        self.waiting: deque[Waiting] = deque()
        self.presses: dict[str, Press] = {}
        self.desk = Desk(bot_id, bot_name, max(1, clock() // 1000 - UPDATE_ID_EPOCH_S))
        self.dirty: set[tuple[str, str]] = {("chat", str(c)) for c in self.chats} | {("desk", "desk")}
        self.news: list[Json] = []

    # --- bookkeeping -------------------------------------------------------------------------------------------------

    def touch(self, kind: str, key: object) -> None:
        """Note that a record must be written."""
        self.dirty.add((kind, str(key)))

    def tell(self, event: str, **what: Any) -> None:
        """Note what the page should see."""
        self.news.append({"type": event, **what})

    def serial(self) -> int:
        """The next number for an id of ours."""
        self.desk.serial += 1
        self.touch("desk", "desk")
        return self.desk.serial

    def date(self) -> int:
        """Now, in the whole seconds of the Bot API."""
        return self.now_ms() // 1000

    # --- the bot -----------------------------------------------------------------------------------------------------

    def bot(self) -> Json:
        """The Bot API's ``User`` of the bot."""
        return {"id": self.desk.bot_id, "is_bot": True, "first_name": self.desk.name, "username": self.bot_username}

    @property
    def bot_username(self) -> str:
        """The bot's username, as in ``/start@username``."""
        return "vektor_local_bot"

    # --- chats -------------------------------------------------------------------------------------------------------

    def chat(self, key: int | str) -> Chat:
        """A chat by id or ``@username``; ApiError 400 ``chat not found``."""
        text = str(key).strip()
        if not text:
            raise bad_request("chat_id is empty")
        if text.startswith("@"):
            found = [c for c in self.chats.values() if c.username and c.username == text[1:]]
        else:
            found = [self.chats[int(text)]] if _NUMBER.fullmatch(text) and int(text) in self.chats else []
        if not found:
            raise bad_request("chat not found")
        return found[0]

    def reachable(self, key: int | str) -> Chat:
        """A chat the bot may act in now; ApiError 400 when it moved, 403 when the bot is not welcome."""
        chat = self.chat(key)
        if chat.moved_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.moved_to})
        if chat.type == "private":
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        if chat.bot_role == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.bot_role == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def changed(self, chat: Chat) -> None:
        """Note that a chat's own record changed."""
        self.touch("chat", chat.id)
        self.tell("chat", chat=chat.id)

    # --- posts -------------------------------------------------------------------------------------------------------

    def find(self, chat: Chat, message_id: int) -> Post | None:
        """A message of a chat, if it is still there."""
        return self.posts.get(chat.id, {}).get(message_id)

    def publish(self, chat: Chat, content: Json, *, sender: Json, by_bot: bool = False, silent: bool = False,
                markup: str = "", date: int | None = None) -> Post:  # fmt: skip
        """Put a new message into a chat and number it as Telegram does.

        Private chats share one counter, a supergroup has its own: ids are unique only together with the chat.
        """
        if chat.type == "private":
            self.desk.private_message_id += 1
            message_id = self.desk.private_message_id
            self.touch("desk", "desk")
        else:
            chat.last_message_id += 1
            message_id = chat.last_message_id
            self.touch("chat", chat.id)
        head = {"message_id": message_id, **sender, "chat": chat.card(), "date": self.date() if date is None else date}
        post = Post({**head, **content}, by_bot=by_bot, silent=silent, markup=markup)
        self.posts.setdefault(chat.id, {})[message_id] = post
        self._wrote(post, "posted")
        return post

    def rewrite(self, post: Post, body: Json) -> None:
        """Replace what a message says, in place."""
        post.body = body
        self._wrote(post, "changed")

    def reacted(self, post: Post, emoji: list[str]) -> None:
        """Replace the bot's reactions under a message."""
        post.reactions = emoji
        self._wrote(post, "changed")

    def remove(self, chat: Chat, message_id: int) -> None:
        """Delete a message, its pin and its keyboard."""
        self.posts[chat.id].pop(message_id, None)
        self.touch("post", f"{chat.id}:{message_id}")
        if message_id in chat.pins:
            chat.pins.remove(message_id)
            self.changed(chat)
        self.tell("removed", chat=chat.id, message_id=message_id)

    def _wrote(self, post: Post, event: str) -> None:
        self.touch("post", f"{post.chat_id}:{post.message_id}")
        self.tell(event, post=post_card(post))

    # --- updates -----------------------------------------------------------------------------------------------------

    def enqueue(self, kind: str, body: Json, life_ms: int = limits.UPDATE_LIFE_MS, since_ms: int | None = None) -> None:
        """Give the bot something to hear, unless it asked not to hear this kind."""
        if not self._wanted(kind):
            return
        started = self.now_ms() if since_ms is None else since_ms
        update = Waiting(self.desk.next_update_id, kind, body, started + life_ms)
        self.desk.next_update_id += 1
        self.waiting.append(update)
        self.touch("desk", "desk")
        self.touch("update", update.update_id)
        self.tell("update", update=update.wire())

    def _wanted(self, kind: str) -> bool:
        if self.desk.allowed_updates:
            return kind in self.desk.allowed_updates
        return kind not in ("chat_member", "message_reaction", "message_reaction_count")

    def forget_until(self, update_id: int) -> None:
        """The bot confirmed every update below this id."""
        before = len(self.waiting)
        while self.waiting and self.waiting[0].update_id < update_id:
            self.touch("update", self.waiting.popleft().update_id)
        if len(self.waiting) < before:
            self.tell("confirmed", below=update_id)

    def expire(self) -> None:
        """Drop what is too old to be delivered: 24 hours for messages, 150 s for button taps."""
        now = self.now_ms()
        for update in [u for u in self.waiting if u.expires_ms <= now]:
            self.waiting.remove(update)
            self.touch("update", update.update_id)

    def open_presses(self) -> list[Press]:
        """Taps that wait for an answer and may still get one."""
        oldest = self.now_ms() - limits.CALLBACK_LIFE_MS
        return [press for press in self.presses.values() if not press.answered and press.created_ms >= oldest]

    def forget_presses(self) -> None:
        """Drop taps that nobody can answer any more."""
        oldest = self.now_ms() - limits.CALLBACK_LIFE_MS
        for query_id in [p.query_id for p in self.presses.values() if p.created_ms < oldest]:
            del self.presses[query_id]
            self.touch("press", query_id)

    def channel(self) -> Chat:
        """The channel that one of the voices speaks for."""
        return self.chats[CHANNEL]


def post_card(post: Post) -> Json:
    """A message as the page shows it."""
    return {
        "chat": post.chat_id,
        "message_id": post.message_id,
        "by_bot": post.by_bot,
        "silent": post.silent,
        "reactions": post.reactions,
        "body": post.body,
    }
