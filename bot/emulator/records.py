"""The things a chat is made of, as plain records: chats, posts, files, waiting updates, button presses.

Each turns into JSON and back, so that the store can keep it without knowing it. Bodies are kept in the Bot API's own
shape (``Message``, ``Update``): what a bot was told and what the page shows cannot drift apart. No behaviour lives here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.emulator.wire import Json


@dataclass(slots=True)
class Chat:
    """A private chat, a group or a channel as the bot may meet it."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    first_name: str = ""
    members: list[int] = field(default_factory=list)
    started: bool = False
    """Private chats: the person has spoken to the bot, so the bot may speak to them."""
    blocked: bool = False
    bot_role: str = "administrator"
    """Groups: administrator, member, left or kicked."""
    is_forum: bool = False
    topics: list[Json] = field(default_factory=list)
    pins: list[int] = field(default_factory=list)
    """Message ids, newest pin first."""
    keyboard: Json | None = None
    """The reply keyboard or forced reply that is showing, with the message that brought it."""
    last_message_id: int = 0
    moved_to: int | None = None

    def card(self) -> Json:
        """The Bot API's ``Chat``."""
        if self.type == "private":
            return {"id": self.id, "type": self.type, "first_name": self.first_name, "username": self.username}
        card: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            card["username"] = self.username
        if self.is_forum:
            card["is_forum"] = True
        return card


@dataclass(slots=True)
class Post:
    """A message that was sent, with what the Bot API's ``Message`` does not say about it."""

    body: Json
    by_bot: bool = False
    silent: bool = False
    markup: str = ""
    """Which kind of keyboard it was sent with: inline, reply, remove, force_reply or none."""
    reactions: list[str] = field(default_factory=list)

    @property
    def chat_id(self) -> int:
        """Where it was said."""
        return int(self.body["chat"]["id"])

    @property
    def message_id(self) -> int:
        """Its number in that chat."""
        return int(self.body["message_id"])


@dataclass(slots=True)
class StoredFile:
    """An uploaded picture or document; the bytes lie beside it."""

    file_id: str
    path: str
    name: str
    mime_type: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def unique_id(self) -> str:
        """The id that stays the same between bots."""
        return f"u{self.file_id[-12:]}"


@dataclass(slots=True)
class Waiting:
    """An update the bot has not confirmed yet."""

    update_id: int
    kind: str
    body: Json
    expires_ms: int

    def wire(self) -> Json:
        """The Bot API's ``Update``."""
        return {"update_id": self.update_id, self.kind: self.body}


@dataclass(slots=True)
class Press:
    """A tap on an inline button, until it is answered or too old."""

    query_id: str
    person: int
    chat_id: int
    message_id: int
    created_ms: int
    data: str
    answered: bool = False


@dataclass(slots=True)
class Desk:
    """What the bot has told Telegram about itself, and the counters."""

    bot_id: int
    name: str
    next_update_id: int
    description: str = ""
    short_description: str = ""
    commands: dict[str, list[Json]] = field(default_factory=dict)
    """Command lists by scope and language, as ``scope json|language``."""
    menu_buttons: dict[str, Json] = field(default_factory=dict)
    allowed_updates: list[str] = field(default_factory=list)
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_error: str = ""
    webhook_error_s: int = 0
    private_message_id: int = 0
    serial: int = 0
    """Feeds file ids, query ids and album ids."""
