"""The operator at the chat: closes, flattens, pauses, blocks, by command and tap, whether or not the bot lives to answer.

What was acknowledged in the chat is remembered: after every restart the switches must still stand so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from locales.texts import Texts
from tests.bot.emulator.chat_client import ChatClient, ChatRefused, Json
from tests.chaos.book import Book

ANSWER_S = 12.0
TEXTS = Texts()


class Unanswered(Exception):
    """The bot did not answer in time, or died over it."""


@dataclass(slots=True)
class Operator:
    """One person. ``paused`` and ``blocked`` are what the bot acknowledged; ``None`` where a command has no answer."""

    chat: ChatClient
    book: Book
    paused: bool | None = None
    blocked: set[str] | None = field(default_factory=set)
    flattened: bool = False

    async def close(self) -> None:
        """/close of one open position, and the tap that confirms."""
        symbols = self.book.symbols()
        if symbols:
            await self._confirmed(f"/close {symbols[0]}", f"Close {symbols[0]}")

    async def part(self) -> None:
        """/close of a half."""
        for symbol, *_ in self.book.levels()[-1:]:
            await self._confirmed(f"/close {symbol} 50", "Close 50%")

    async def stop(self) -> None:
        """/stop a little nearer."""
        for symbol, entry, stop, _ in self.book.levels()[:1]:
            await self._confirmed(f"/stop {symbol} {stop + (entry - stop) / 20}", "stop to")

    async def target(self) -> None:
        """/target a little further away."""
        for symbol, entry, _, target in self.book.levels()[:1]:
            await self._confirmed(f"/target {symbol} {target + (target - entry) / 20}", "target to")

    async def margin(self) -> None:
        """/margin of five dollars."""
        for symbol, *_ in self.book.levels()[:1]:
            await self._confirmed(f"/margin {symbol} 5", "Add 5.00")

    async def flatten(self) -> None:
        """/flatten and its tap; trading is halted then, until :meth:`resume`."""
        self.paused = None
        await self._confirmed("/flatten", "alt")

    async def pause(self) -> None:
        """/pause."""
        self.paused = None
        await self._said("/pause", TEXTS("done-paused"))
        self.paused = True

    async def resume(self) -> None:
        """/resume, confirmed where there is a halt."""
        _, halted, _ = self.book.switches()
        self.paused = None
        if halted:
            await self._confirmed("/resume", "Resume")
        else:
            await self._said("/resume", TEXTS("done-resumed", symbol=""))
        self.paused = False

    async def block(self, symbol: str) -> None:
        """/block SYMBOL."""
        before, self.blocked = self.blocked, None
        await self._said(f"/block {symbol}", TEXTS("done-blocked", symbol=symbol))
        self.blocked = (before or set()) | {symbol}

    async def unblock(self, symbol: str) -> None:
        """/unblock SYMBOL."""
        before, self.blocked = self.blocked, None
        await self._said(f"/unblock {symbol}", TEXTS("done-unblocked", symbol=symbol))
        self.blocked = (before or set()) - {symbol}

    def lost_switches(self) -> list[str]:
        """Where the book no longer stands as acknowledged; from here on what it says counts.

        A command without an answer may still be carried out by the next life, which gets it from Telegram again: until
        something later is acknowledged, nothing is known.
        """
        paused, halted, blocks = self.book.switches()
        found = []
        if self.paused is not None and self.paused != (paused or halted):
            found.append(f"acknowledged paused={self.paused}, stored paused={paused}, halted={halted}")
        if self.blocked is not None and self.blocked != set(blocks):
            found.append(f"acknowledged blocks {sorted(self.blocked)}, stored {sorted(blocks)}")
        self.paused = None if self.paused is None else paused or halted
        self.blocked = None if self.blocked is None else set(blocks)
        return found

    def _last(self) -> int:
        return max((body["message_id"] for body in self.chat.messages("private")), default=0)

    async def _said(self, text: str, answer: str) -> Json:
        """Say it and wait for the next message with buttons that reads ``answer``, there or in its text.

        Any other one may be the answer to a command that an earlier life never got to.
        """
        last = self._last()
        try:
            await self.chat.say("operator", text)
            return await self.chat.wait_for(
                lambda body: body["message_id"] > last and asks(body) and answer in f"{body['text']} {labels(body)}",
                timeout=ANSWER_S,
            )
        except (AssertionError, ChatRefused) as silence:
            raise Unanswered(text) from silence

    async def _confirmed(self, text: str, label: str) -> None:
        """Say it, tap the button that reads ``label``, and wait for the stamp."""
        question = await self._said(text, label)
        with suppress(ChatRefused, AssertionError):
            await self.chat.tap("operator", question, text=label)
        number = question["message_id"]
        try:
            await self.chat.wait_for(
                lambda body: body["message_id"] == number and stamped(body),
                timeout=ANSWER_S,
            )
        except AssertionError as silence:
            raise Unanswered(label) from silence


def labels(body: Json) -> str:
    """What a message's buttons say."""
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return " ".join(str(button["text"]) for row in rows for button in row)


def asks(body: Json) -> bool:
    """Whether a message has buttons that do something, other than the status's."""
    return "text" in body and "callback_data" in str(body.get("reply_markup")) and "🔄" not in labels(body)


def stamped(body: Json) -> bool:
    """Whether a question has become the record of its answer."""
    marked = str(body.get("reply_markup", ""))
    return "callback_data" not in marked and "⏳" not in marked
