"""Single-use decisions: asked once, answered once, by one person, on one message, before a time.

The button carries a random name and nothing else; what it would do is stored. A tap that is late, repeated, somebody
else's or invented achieves nothing, says so, and is logged. Silence means no.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from aiogram.types import CallbackQuery, InlineKeyboardMarkup
from aiogram.utils.formatting import Text

from core.desk import Decision, DecisionStore
from core.settings import Chat
from handlers import keyboards
from handlers.ports import AuditTrail, WallClock
from handlers.speaker import Speaker
from handlers.views.times import local
from handlers.voice import Voice
from locales.texts import Texts

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No letter that can be mistaken for a digit."""
CODE_LENGTH = 6
UNDO = "undo-"
"""Marks a stored action that takes back what was just done."""

Draw = Callable[[Decision], tuple[Text, InlineKeyboardMarkup]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose buttons are still live."""

    decision: Decision
    texts: Texts


class Questions:
    """Asks, takes answers, and puts away what nobody answered."""

    def __init__(
        self,
        *,
        store: DecisionStore,
        audit: AuditTrail,
        voice: Voice,
        chat: Chat,
        wall_ms: WallClock,
        new_nonce: Callable[[], str],
    ) -> None:
        self.store, self.audit, self.voice, self.chat = store, audit, voice, chat
        self.wall_ms, self.new_nonce = wall_ms, new_nonce
        self._open: dict[str, Asked] = {}
        self._being_asked: dict[str, asyncio.Event] = {}

    async def ask(self, speaker: Speaker, action: str, argument: str, draw: Draw, life_ms: int | None = None) -> None:
        """Put a question (or an undo) to ``speaker``: stored first, then shown, then tied to its message."""
        now = self.wall_ms()
        decision = Decision(
            nonce=self.new_nonce(),
            code=spoken_code(self.new_nonce()),
            action=action,
            argument=argument,
            user_id=speaker.user_id,
            chat_id=speaker.chat_id,
            message_id=None,
            created_ms=now,
            expires_ms=now + (life_ms if life_ms is not None else self.chat.decision_ms),
        )
        self._being_asked[decision.nonce] = asyncio.Event()
        try:
            await self.put(decision, speaker, draw)
        finally:
            self._being_asked.pop(decision.nonce).set()

    async def put(self, decision: Decision, speaker: Speaker, draw: Draw) -> None:
        """Store, show, tie: in this order, so that no button is ever live without its stored question."""
        await self.store.offer(decision)
        text, keyboard = draw(decision)
        message = await self.voice.say(speaker.chat_id, text, keyboard)
        await self.store.bind(decision.nonce, message.message_id)
        self._open[decision.nonce] = Asked(replace(decision, message_id=message.message_id), speaker.texts)

    async def take(self, query: CallbackQuery, speaker: Speaker, nonce: str) -> Decision | None:
        """The decision that this tap makes, used up; ``None`` after telling the tapper why it makes none."""
        await self.until_asked(nonce)
        message_id = query.message.message_id if query.message else 0
        taken = await self.store.take(
            nonce, user_id=speaker.user_id, chat_id=speaker.chat_id, message_id=message_id, now_ms=self.wall_ms()
        )
        if isinstance(taken, Decision):
            self._open.pop(nonce, None)
            return taken
        await self.refuse(query, speaker, nonce, taken)
        return None

    async def until_asked(self, nonce: str) -> None:
        """A tap may overtake the answer that names the question's message."""
        if nonce in self._being_asked:
            await self._being_asked[nonce].wait()

    async def refuse(self, query: CallbackQuery, speaker: Speaker, nonce: str, why: str) -> None:
        """Say why a tap achieves nothing, log it, and take dead buttons away."""
        await self.audit.append(speaker.user_id, "tap", nonce, why, self.wall_ms())
        await self.voice.answer(query.id, speaker.texts(f"tap-{why.replace('_', '-')}"), alert=True)
        if why in ("unknown", "expired") and query.message is not None:
            self._open.pop(nonce, None)
            await self.expire(query.message.chat.id, query.message.message_id, speaker.texts)

    async def take_code(self, speaker: Speaker, code: str) -> Decision | str:
        """The decision that a typed code makes, or why it makes none."""
        taken = await self.store.take_code(code.strip().upper(), user_id=speaker.user_id, now_ms=self.wall_ms())
        if isinstance(taken, Decision):
            self._open.pop(taken.nonce, None)
        else:
            await self.audit.append(speaker.user_id, "/confirm", "", taken, self.wall_ms())
        return taken

    async def drop(self, query: CallbackQuery, speaker: Speaker, nonce: str) -> bool:
        """The answer was no; whether the question was still open."""
        await self.until_asked(nonce)
        now, message_id = self.wall_ms(), query.message.message_id if query.message else 0
        if await self.store.drop(nonce, user_id=speaker.user_id, now_ms=now):
            self._open.pop(nonce, None)
            return True
        # What could not be dropped cannot be taken either (same person, same time): this only asks why.
        why = await self.store.take(
            nonce, user_id=speaker.user_id, chat_id=speaker.chat_id, message_id=message_id, now_ms=now
        )
        await self.refuse(query, speaker, nonce, why if isinstance(why, str) else "used")
        return False

    async def sweep(self) -> None:
        """Put away the buttons of questions whose time has passed."""
        now = self.wall_ms()
        for nonce, asked in list(self._open.items()):
            if asked.decision.expires_ms > now:
                continue
            del self._open[nonce]
            if asked.decision.message_id is not None:
                await self.expire(asked.decision.chat_id, asked.decision.message_id, asked.texts)

    async def expire(self, chat_id: int, message_id: int, texts: Texts) -> None:
        """Turn live buttons into one that says they are over."""
        await self.voice.buttons(chat_id, message_id, keyboards.settled(texts("button-expired")))

    def stamp(self, speaker: Speaker, key: str) -> InlineKeyboardMarkup:
        """``✅ Closed · Ann · 14:32:09``, in the speaker's zone."""
        return keyboards.settled(f"{speaker.texts(key)} · {speaker.name} · {local(self.wall_ms(), speaker.zone)}")


def spoken_code(nonce: str) -> str:
    """A short code to type, from a nonce that is used for nothing else.

    >>> len(spoken_code("x")), spoken_code("x") == spoken_code("x")
    (6, True)
    """
    digest = hashlib.sha256(nonce.encode()).digest()
    return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:CODE_LENGTH])
