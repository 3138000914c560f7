"""Sockets: what clients say on ``/ws``, what they are sent, and when they are dropped. Requests themselves live elsewhere.

A socket to which nothing was sent for a minute is dropped, as is one that names what does not exist: without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from bot.exchange.simulator import channels, subscriptions
from bot.exchange.simulator.answers import Broken, Busy, Unsuitable
from bot.exchange.simulator.faults import Faults
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.streams import Frame, News, Stream, frame
from bot.exchange.simulator.subscriptions import InvalidSubscription, Subscription, Unfollowable

Post = Callable[[str, Any, str], Awaitable[Any]]
"""Answers a posted ``info`` or ``action`` payload of a client."""


class Dropped(Exception):
    """The exchange hangs up."""


class Said(msgspec.Struct, frozen=True):
    """What a client says."""

    method: str
    subscription: Any = None
    id: int | None = None
    request: Any = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a socket needs around it."""

    state: VenueState
    faults: Faults
    post: Post


class Client:
    """One socket."""

    def __init__(self, around: Surroundings, request: web.Request) -> None:
        self._around = around
        self._request = request
        self._remote = request.remote or ""
        self._socket = web.WebSocketResponse(compress=False, autoping=True)
        self._streams: dict[Subscription, Stream] = {}
        self._queue: asyncio.Queue[Frame] = asyncio.Queue(around.state.wire.queue_frames)
        self._posts: set[asyncio.Task[None]] = set()
        self._sent_wall = around.state.clock.wall_seconds()

    async def serve(self) -> web.WebSocketResponse:
        """Talk until either side is gone."""
        await self._socket.prepare(self._request)
        writer = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                if message.type in (web.WSMsgType.TEXT, web.WSMsgType.BINARY):
                    self._hear(message.data)
        except Dropped:
            self.drop()
        finally:
            for task in (writer, *self._posts):
                task.cancel()
            await asyncio.gather(writer, *self._posts, return_exceptions=True)
        return self._socket

    def tell(self, news: News) -> None:
        """Send the news of the accounts that are followed here."""
        for followed, stream in tuple(self._streams.items()):
            if followed.user in news.happened:
                self.send(*stream.later(news))

    def streams(self) -> tuple[Stream, ...]:
        """Everything followed now."""
        return tuple(self._streams.values())

    def check(self, wall: float) -> None:
        """Hang up on a client that was sent nothing for too long."""
        if (wall - self._sent_wall) * 1000 > self._around.state.rules.idle_close_ms:
            self.drop()

    def drop(self) -> None:
        """Hang up without a closing frame (the client sees code 1006)."""
        if self._request.transport is not None:
            self._request.transport.abort()

    def _hear(self, text: str | bytes) -> None:
        try:
            said = msgspec.json.decode(text, type=Said)
        except (msgspec.DecodeError, UnicodeDecodeError):
            shown = text.decode(errors="replace") if isinstance(text, bytes) else text
            self._error(f"Error parsing JSON into valid websocket request: {shown}")
            return
        if said.method == "ping":
            self.send({"channel": "pong"})
        elif said.method in ("subscribe", "unsubscribe"):
            self._follow(said)
        elif said.method == "post" and said.id is not None and isinstance(said.request, dict):
            self._posted(said.id, said.request)
        else:
            self._error(f"Error parsing JSON into valid websocket request: {_text(said)}")

    def _follow(self, said: Said) -> None:
        try:
            wanted = subscriptions.read(said.subscription)
            subscriptions.check(wanted, self._around.state.assets)
        except InvalidSubscription:
            self._error(f"Invalid subscription {_text(said.subscription)}")
            return
        except Unfollowable as unknown:
            raise Dropped(str(unknown)) from unknown
        if said.method == "unsubscribe":
            self._unfollow(wanted, said.subscription)
        elif wanted in self._streams:
            self._error(f"Already subscribed: {_text(said.subscription)}")
        elif self._too_many(wanted):
            self._error(f"Cannot track more than {self._around.state.wire.socket_users} total users.")
        else:
            self._acknowledge("subscribe", said.subscription)
            self._begin(wanted)

    def _begin(self, wanted: Subscription) -> None:
        stream = channels.stream(self._around.state, wanted)
        try:
            first = stream.first()
        except Broken as unknown:
            raise Dropped(str(unknown)) from unknown
        self._streams[wanted] = stream
        self.send(*first)

    def _unfollow(self, wanted: Subscription, asked: Any) -> None:
        if self._streams.pop(wanted, None) is None:
            self._error(f"Already unsubscribed: {_text(asked)}")
        else:
            self._acknowledge("unsubscribe", asked)

    def _too_many(self, wanted: Subscription) -> bool:
        users = {followed.user for followed in self._streams} | {wanted.user}
        users.discard("")
        wire = self._around.state.wire
        if len(self._streams) >= wire.socket_subscriptions:
            raise Dropped("too many subscriptions")
        return bool(wanted.user) and len(users) > wire.socket_users

    def _posted(self, number: int, request: dict[str, Any]) -> None:
        if len(self._posts) >= self._around.state.wire.socket_posts:
            self._error(f"too many pending post requests id={number}")
            return
        task = asyncio.create_task(self._answer_post(number, str(request.get("type")), request.get("payload")))
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)

    async def _answer_post(self, number: int, kind: str, payload: Any) -> None:
        try:
            told = await self._around.post(kind, payload, self._remote)
            answer = {"type": kind, "payload": {"type": payload["type"], "data": told} if kind == "info" else told}
        except (Unsuitable, Broken, Busy) as failure:
            answer = {"type": "error", "payload": str(failure)}
        self.send(frame("post", {"id": number, "response": answer}))

    def _acknowledge(self, method: str, asked: dict[str, Any]) -> None:
        said = {"method": method, "subscription": subscriptions.acknowledged(asked)}
        self.send(frame("subscriptionResponse", said))

    def _error(self, words: str) -> None:
        self.send(frame("error", words))

    def send(self, *frames: Frame) -> None:
        """Queue frames; a client that lags too far behind is dropped."""
        for one in frames:
            try:
                self._queue.put_nowait(one)
            except asyncio.QueueFull:
                self.drop()
                return

    async def _write(self) -> None:
        """Send what was queued; on bad days twice, or not at all."""
        while True:
            one = await self._queue.get()
            if self._around.faults.holds("silence"):
                continue
            text = _text(one)
            try:
                for _ in range(2 if self._around.faults.holds("duplicate_frames") else 1):
                    await self._socket.send_str(text)
            except (ConnectionError, RuntimeError):
                return
            self._sent_wall = self._around.state.clock.wall_seconds()


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
