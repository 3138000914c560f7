"""Whether every event was told: as one message per chat, or as two bearing the same alert id, never more, never none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.messages import alert_id
from tests.bot.emulator.chat_client import ChatClient, Json
from tests.chaos.book import FOLLOWED, Book, Said

SAID_AGAIN = "\n↻"


@dataclass(frozen=True, slots=True)
class Count:
    """What the chat shows of one chat's alerts: once told, told twice, and what must not be."""

    once: int
    twice: int
    lost: tuple[str, ...]
    too_often: tuple[str, ...]


def expected(book: Book) -> list[str]:
    """Chats that have no row, or several, for an event that they must be told of once all is drained."""
    rows = Counter((said.event, said.chat) for said in book.said())
    chats, wrong = book.chats(), list[str]()
    for number, kind, _, told in book.events():
        for chat, role in chats.items():
            wanted = 1 if role != "follower" or kind in FOLLOWED else 0
            if not told or rows[number, chat] != wanted:
                wrong.append(
                    f"event {number} {kind} has {rows[number, chat]} messages for chat {chat}, announced {told}"
                )
    return wrong


def counted(said: Sequence[Said], shown: Callable[[int], list[str]]) -> Count:
    """Compare the outbox with what is shown, chat by chat and text by text (two events may read the same)."""
    by_text: dict[tuple[int, str], list[Said]] = defaultdict(list)
    for one in said:
        by_text[one.chat, one.text].append(one)
    texts = {chat: shown(chat) for chat in {one.chat for one in said}}
    plain = {chat: Counter(text for text in found if SAID_AGAIN not in text) for chat, found in texts.items()}
    again = {chat: Counter(text for text in found if SAID_AGAIN in text) for chat, found in texts.items()}
    once = twice = 0
    lost, too_often = list[str](), list[str]()
    for (chat, text), rows in by_text.items():
        first = plain[chat][text]
        repeats = [sum(n for t, n in again[chat].items() if is_repeat(t, text, row)) for row in rows]
        never = sum(count == 0 for count in repeats)
        if first > len(rows) or max(repeats) > 1:
            too_often.append(f"{first} × and again {repeats} for {len(rows)} events: {text[:60]!r}")
        owned = sum(any(is_owned_up(t, text, row) for t in texts[chat]) for row in rows)
        if first + owned < never and all(row.state in ("sent", "abandoned") for row in rows):
            lost.append(f"{first} × and again {repeats} for {len(rows)} events ({rows[0].why}): {text[:60]!r}")
        twice += max(0, first + sum(repeats) - len(rows))
        once += len(rows) - max(0, first + sum(repeats) - len(rows))
    return Count(once, twice, tuple(lost), tuple(too_often))


def is_repeat(shown: str, text: str, row: Said) -> bool:
    """Whether a shown text is that message said again, bearing its alert id."""
    head, _, tail = shown.rpartition(SAID_AGAIN)
    return head == text and tail.endswith(f" {alert_id(row.number)}")


def is_owned_up(shown: str, text: str, row: Said) -> bool:
    """Whether a shown text says that this message may not have arrived, and what it was."""
    head, _, tail = shown.partition("\n")
    return tail.partition(SAID_AGAIN)[0] == text and f" {alert_id(row.number)} " in head


def texts_of(chat: ChatClient) -> Callable[[int], list[str]]:
    """What a chat shows now."""

    def shown(number: int) -> list[str]:
        return [str(text_of(body)) for body in chat.messages(number)]

    return shown


def text_of(body: Json) -> str:
    """Text or caption of a message."""
    return str(body.get("text", body.get("caption", "")))
