"""Who is speaking: identified by numeric id, with the role, language and zone that everything else needs."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.ports import Role
from handlers.views.reader import GROUP_COLUMNS, PRIVATE_COLUMNS, Reader
from locales.texts import Texts

NAME_MOST = 24


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person in a chat. ``role`` is already what holds in this chat: in a group everyone is a follower."""

    user_id: int
    name: str
    role: Role
    chat_id: int
    private: bool
    texts: Texts
    zone: ZoneInfo

    @property
    def reader(self) -> Reader:
        """For whom answers are drawn."""
        full = self.private and self.role.may_act
        return Reader(self.texts, self.zone, full, PRIVATE_COLUMNS if self.private else GROUP_COLUMNS)


def shown_name(first_name: str) -> str:
    """A person's name as records show it: one line, short, never empty.

    >>> shown_name("  Ann\\u202e\\n "), shown_name("")
    ('Ann', '?')
    """
    clean = "".join(c for c in first_name if c.isprintable()).strip()
    return clean[:NAME_MOST] or "?"
