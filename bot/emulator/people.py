"""Who lives in the local chat before anything is said: the people one may speak as, and their chats.

Ids are small and fixed so that tests can name them; the anonymous administrator and the channel are Telegram's own way
of hiding a person behind a chat, which is why a bot must never trust them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.emulator.records import Chat
from bot.emulator.wire import Json

OWNER: Final = 1001
SECOND_OPERATOR: Final = 1002
FOLLOWER: Final = 1003
STRANGER: Final = 1004
HIDDEN_ADMIN: Final = 1005
"""Who sits behind the anonymous administrator: the one whose id a button tap reveals."""
ANONYMOUS_ADMIN: Final = 1087968824
CHANNEL_BOT: Final = 136817688
GROUP: Final = -1002000000001
CHANNEL: Final = -1003000000001


@dataclass(frozen=True, slots=True)
class Person:
    """One voice of the page's switch."""

    id: int
    name: str
    username: str
    role: str
    key: str
    language: str = "en"
    hidden_behind: int | None = None
    """The chat that speaks in this person's place (anonymous administrator, channel)."""

    def sender(self, chat: Chat, channel: Chat) -> Json:
        """The ``from`` and ``sender_chat`` of a message by this person in ``chat``."""
        if self.hidden_behind is None:
            return {"from": self.user()}
        if self.hidden_behind == CHANNEL:
            return {"from": _service(CHANNEL_BOT, "Channel", "Channel_Bot"), "sender_chat": channel.card()}
        return {"from": _service(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot"), "sender_chat": chat.card()}

    @property
    def sender_id(self) -> int:
        """The id that stands in ``from`` of this person's messages."""
        match self.hidden_behind:
            case None:
                return self.id
            case chat_id if chat_id == CHANNEL:
                return CHANNEL_BOT
            case _:
                return ANONYMOUS_ADMIN

    def user(self) -> Json:
        """The Bot API's ``User`` behind the voice; for a hidden one the person whom a tap reveals."""
        if self.hidden_behind is not None:
            return _human(HIDDEN_ADMIN, "Gus", "gus_hidden", self.language)
        return _human(self.id, self.name, self.username, self.language)


def _human(user_id: int, name: str, username: str, language: str) -> Json:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": name,
        "username": username,
        "language_code": language,
    }


def _service(user_id: int, name: str, username: str) -> Json:
    return {"id": user_id, "is_bot": True, "first_name": name, "username": username}


def everybody(owner_id: int) -> dict[int, Person]:
    """The people of the chat by id. ``owner_id`` is the number under which Ann, the operator, is known.

    Raises ValueError for a number that is no person's or is somebody else's here.
    """
    if owner_id <= 0 or owner_id in (SECOND_OPERATOR, FOLLOWER, STRANGER, HIDDEN_ADMIN, ANONYMOUS_ADMIN, CHANNEL_BOT):
        raise ValueError(f"owner_id must be a positive number that nobody else here has, got {owner_id}; try {OWNER}")
    people = (
        Person(owner_id, "Ann", "ann_operator", "operator", "operator"),
        Person(SECOND_OPERATOR, "Bob", "bob_operator", "second operator", "second"),
        Person(FOLLOWER, "Fay", "fay_follower", "follower", "follower"),
        Person(STRANGER, "Sam", "sam_stranger", "stranger", "stranger"),
        Person(ANONYMOUS_ADMIN, "Anonymous", "", "hidden admin", "anonymous", hidden_behind=GROUP),
        Person(CHANNEL, "Vektor News", "", "channel", "channel", hidden_behind=CHANNEL),
    )
    return {person.id: person for person in people}


def first_chats(people: Iterable[Person], owner_id: int, bot_name: str) -> list[Chat]:
    """The chats at the first start. Only the owner has opened theirs: a bot cannot speak first."""
    people = list(people)
    humans = [person for person in people if person.hidden_behind is None]
    private = [
        Chat(p.id, "private", username=p.username, first_name=p.name, members=[p.id], started=p.id == owner_id)
        for p in humans
    ]
    members = [person.id for person in people if person.id != STRANGER]
    group = Chat(GROUP, "supergroup", title=f"{bot_name} followers", members=members)
    return [*private, group, Chat(CHANNEL, "channel", title="Vektor News", bot_role="left", members=[CHANNEL])]
