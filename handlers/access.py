"""Who may do what. Every update passes here first; what is not plainly allowed achieves nothing and is logged.

Identity is the sender's numeric id in a private chat, nothing else: not the username, not the chat, not a button's
data, not a forwarded text. A group is read-only for everyone, its anonymous administrators included.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import BaseMiddleware, Bot
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from core.settings import Chat
from handlers.claim import Claim
from handlers.commands import Request, parse
from handlers.ports import Role, Room, Shelves, WallClock
from handlers.speaker import Speaker, shown_name
from handlers.views.plain import sentence
from handlers.voice import Voice
from locales.texts import Texts, supported

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


UNLOGGED = {"talk", "flood"}
"""Outcomes that are no attempt at anything; a group may produce any number of them."""


@dataclass(frozen=True, slots=True)
class Turned:
    """An update that achieves nothing: why, and the key of what the person is told, if anything."""

    outcome: str
    answer: str | None = None


class Access(BaseMiddleware):
    """Outer middleware of all updates: puts ``speaker`` and ``request`` beside those that may pass."""

    def __init__(
        self,
        *,
        shelves: Shelves,
        voice: Voice,
        claim: Claim,
        chat: Chat,
        wall_ms: WallClock,
        locale: str,
        timezone: str,
    ) -> None:
        self.shelves, self.voice, self.claim, self.chat, self.wall_ms = shelves, voice, claim, chat, wall_ms
        self.locale, self.timezone = locale, timezone
        self._answering: set[int] = set()
        self._interrupted_ms: int | None = None

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            raise TypeError(f"access guards updates, not {type(event).__name__}")
        if event.message:
            return await self.on_message(handler, event, event.message, data)
        if event.callback_query:
            return await self.on_tap(handler, event, event.callback_query, data)
        if event.my_chat_member:
            return await handler(event, data)
        other = event.edited_message or event.channel_post or event.edited_channel_post
        if other is not None and (other.text or "").startswith("/"):
            await self.log(other, "edited" if event.edited_message else "channel")
        return None

    async def on_message(self, handler: Handler, event: Update, message: Message, data: dict[str, Any]) -> Any:
        """A message: who, what, and whether."""
        bot: Bot = data["bot"]
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            return await self.migrate(message)
        speaker = await self.speaker(message.from_user.id if message.from_user else 0, message)
        me = await bot.me()
        request = parse(message.text or message.caption or "", me.username or "", speaker.texts)
        if request is None:
            return None
        if request.name == "start" and not speaker.private:
            self.claim.spoil(request.argument)
        turned = self.judge(message, speaker, request)
        if turned is not None:
            return await self.turn_away(message, speaker, turned)
        if request.command is not None and request.command.acts:
            await self.log(message, "accepted")
        data.update(speaker=speaker, request=request)
        if speaker.role.may_act:
            return await handler(event, data)
        self._answering.add(speaker.chat_id)
        try:
            return await handler(event, data)
        finally:
            self._answering.discard(speaker.chat_id)

    def judge(self, message: Message, speaker: Speaker, request: Request) -> Turned | None:
        """Why a message achieves nothing; ``None`` when it may pass."""
        if message.sender_chat is not None or message.from_user is None or message.from_user.is_bot:
            return Turned("anonymous")
        if speaker.role is Role.STRANGER and not self.claims(message, speaker, request):
            return Turned("stranger")
        if not speaker.private and request.name is None:
            return Turned("talk")
        if not speaker.role.may_act and self.is_busy_with(speaker.chat_id):
            return Turned("flood")
        if _borrowed(message):
            return Turned("forwarded", "refused-forwarded" if speaker.private else None)
        allowed = speaker.role.may_act or request.command is None or request.command.followers
        if not allowed:
            return Turned("follower", "refused-follower" if speaker.private else None)
        age = self.wall_ms() - int(message.date.timestamp() * 1000)
        if request.command is not None and request.command.acts and age > self.chat.stale_ms:
            return Turned("stale", "refused-stale")
        return None

    def is_busy_with(self, chat_id: int) -> bool:
        """Whether a chat that may only read gets no answer now: one at a time, and none that would have to wait."""
        return chat_id in self._answering or self.voice.pace.wait_ms(chat_id) > 0

    def claims(self, message: Message, speaker: Speaker, request: Request) -> bool:
        """Whether a stranger asks to become owner while there is none."""
        return speaker.private and request.name == "start" and self.claim.is_open and not _borrowed(message)

    async def turn_away(self, message: Message, speaker: Speaker, turned: Turned) -> None:
        """Log it, and tell a known person why."""
        if turned.outcome in UNLOGGED:
            return
        await self.log(message, turned.outcome)
        if turned.answer is not None:
            await self.voice.say(message.chat.id, sentence(speaker.texts, turned.answer))

    async def on_tap(self, handler: Handler, event: Update, query: CallbackQuery, data: dict[str, Any]) -> Any:
        """A button: only known operators, only in their private chat."""
        if query.message is None:  # a button of an inline message; we send none
            return await self.record(query.from_user.id, "tap", query.data or "", "stranger")
        speaker = await self.speaker(query.from_user.id, query.message, query.from_user.first_name)
        if not (speaker.private and speaker.role.may_act) or query.from_user.is_bot:
            outcome = "stranger" if speaker.role is Role.STRANGER else "follower"
            await self.record(query.from_user.id, "tap", query.data or "", outcome)
            return await self.shrug(query, speaker)
        data.update(speaker=speaker, request=Request(None))
        return await handler(event, data)

    async def shrug(self, query: CallbackQuery, speaker: Speaker) -> None:
        """Say no to a tap; not to a second one of the same person meanwhile, for a flood must not take up our time."""
        if speaker.user_id in self._answering:
            return
        self._answering.add(speaker.user_id)
        try:
            await self.voice.answer(query.id, speaker.texts("tap-not-yours"), alert=True)
        finally:
            self._answering.discard(speaker.user_id)

    async def speaker(self, user_id: int, message: Any, first_name: str | None = None) -> Speaker:
        """The sender as everything else sees them."""
        private = message.chat.type == "private"
        room = await self.shelves.rooms.room(message.chat.id)
        if private:
            role = Role(str(await self.shelves.rooms.role(user_id)))
        else:
            role = Role.FOLLOWER if is_followed(room) else Role.STRANGER
        name = first_name or (message.from_user.first_name if getattr(message, "from_user", None) else "")
        texts = Texts(supported(room.locale if room and room.locale else self.locale))
        zone = ZoneInfo(room.timezone if room and room.timezone else self.timezone)
        return Speaker(user_id, shown_name(name), role, message.chat.id, private, texts, zone)

    async def migrate(self, message: Message) -> None:
        """A group became a supergroup: what is known of it goes on under its new id."""
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        await self.shelves.rooms.migrate_chat(old, new)

    def may_interrupt(self) -> bool:
        """Whether the owner may be told what a stranger did: not again and again, however often it is done."""
        now = self.wall_ms()
        if self._interrupted_ms is not None and now - self._interrupted_ms < self.chat.notice_ms:
            return False
        self._interrupted_ms = now
        return True

    async def log(self, message: Message, outcome: str) -> None:
        """Keep an attempt."""
        text = message.text or message.caption or ""
        head, _, argument = text.partition(" ")
        await self.record(message.from_user.id if message.from_user else 0, head, argument, outcome)

    async def record(self, who: int, what: str, argument: str, outcome: str) -> None:
        """Keep an attempt, its words cut to what a log needs."""
        most = self.chat.argument_most
        await self.shelves.audit.append(who, what[:most], argument[:most], outcome, self.wall_ms())


def is_followed(room: Room | None) -> bool:
    """Whether a group is one that is told things."""
    return room is not None and room.active and room.chat_id < 0 and Role(str(room.role)) is Role.FOLLOWER


def _borrowed(message: Message) -> bool:
    """Whether the words are not the sender's own: forwarded, by another bot, for a business, or posted automatically."""
    by_bot = message.via_bot or message.sender_business_bot or message.business_connection_id or message.guest_query_id
    return bool(message.forward_origin or by_bot or message.is_automatic_forward)
