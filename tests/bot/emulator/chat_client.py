"""A person at the local chat, for tests: speaks over the control routes and sees what the page sees.

Waiting is for what the stream pushes, never for time to pass: ``wait_for`` looks at what is there and then at every
change until one fits or the deadline is over, and then says what it saw instead.

::

    async with ChatClient(telegram.page_url) as chat:
        await chat.say("Ann", "/start")
        asked = await chat.wait_for(lambda m: "Close" in m.get("text", ""))
        await chat.tap("Ann", asked, text="Close BTC")
        assert "Working" in (await chat.wait_answer("Ann"))["text"]
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import aiohttp

Json = dict[str, Any]
DEADLINE_S = 30.0


class ChatRefused(AssertionError):
    """The chat server refused what the test asked for."""


class ChatClient:
    """One watcher of one local Telegram; may speak as anybody (``Ann``, ``Bob``, ``Fay``, ``Sam``, ``anonymous``…)."""

    def __init__(self, page_url: str) -> None:
        parts = urlsplit(page_url)
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._key = parse_qs(parts.query)["key"][0]
        self._changed = asyncio.Condition()
        self._posts: dict[int, dict[int, Json]] = {}
        self._cards: dict[int, Json] = {}
        self.people: dict[str, int] = {}
        self.events: list[Json] = []
        """Every change since the client connected, oldest first."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers={"X-Chat-Key": self._key})
        self._socket = await self._session.ws_connect(f"{self._base}/control/socket", max_msg_size=0)
        self._take(await self._socket.receive_json())
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._socket.close()
        await self._session.close()

    # --- doing -------------------------------------------------------------------------------------------------------

    async def say(self, who: str, text: str, chat: int | str = "private", **more: Any) -> Json:
        """Send a text; ``reply_to``, ``forward_from``, ``via_bot``, ``ago`` (seconds) as the control route has them."""
        return await self.post("say", {"as": who, "chat": chat, "text": text, **more})

    async def tap(self, who: str, message: Json, *, text: str = "", data: str = "", button: int | None = None) -> str:
        """Tap a button of a message, by (part of) its caption, its data or its number; answers the query's id."""
        found = self._posts[message["chat"]["id"]].get(message["message_id"], message)
        if text:
            rows = found.get("reply_markup", {}).get("inline_keyboard", [])
            captions = [key["text"] for row in rows for key in row]
            fitting = [i for i, caption in enumerate(captions) if text in caption]
            assert fitting, f"no button reads {text!r}; there are {captions}"
            button = fitting[0]
        body: Json = {"as": who, "chat": message["chat"]["id"], "message_id": message["message_id"]}
        body |= {"data": data} if button is None else {"button": button}
        return str((await self.post("tap", body))["query_id"])

    async def forge(self, who: str, chat: int | str, message_id: int, data: str) -> str:
        """A callback with made-up data; answers the query's id."""
        body = {"as": who, "chat": chat, "message_id": message_id, "data": data}
        return str((await self.post("forge_callback", body))["query_id"])

    async def fault(self, kind: str, **more: Any) -> Json:
        """Trouble: ``too_many_requests``, ``server_error``, ``slow``, ``drop``, ``clear``, ``blocked``, ``kicked``…"""
        return await self.post("fault", {"kind": kind, **more})

    async def advance(self, ms: int) -> None:
        """Move a stepped clock."""
        await self.post("advance", {"ms": ms})

    async def post(self, route: str, body: Json) -> Json:
        """Any control route; ChatRefused with the server's words when it says no."""
        async with self._session.post(f"{self._base}/control/{route}", json=body) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise ChatRefused(answer["description"])
        return dict(answer["result"])

    # --- seeing ------------------------------------------------------------------------------------------------------

    def messages(self, chat: int | str = "private", who: str = "operator") -> list[Json]:
        """The messages of a chat now, oldest first."""
        return [body for _, body in sorted(self._posts.get(self.chat_id(chat, who), {}).items())]

    def card(self, chat: int | str = "private", who: str = "operator") -> Json:
        """The chat's card: pins, keyboard, commands by person."""
        return self._cards[self.chat_id(chat, who)]

    def chat_id(self, chat: int | str, who: str = "operator") -> int:
        """The number of ``private`` (of ``who``), ``group`` or a number."""
        if chat == "private":
            return self.people[who.lower()]
        if chat == "group":
            return next(
                int(c["id"]) for c in self._cards.values() if c["type"] == "supergroup" and c["moved_to"] is None
            )
        return int(chat)

    async def wait_for(
        self,
        predicate: Callable[[Json], bool],
        chat: int | str = "private",
        who: str = "operator",
        timeout: float = DEADLINE_S,
    ) -> Json:
        """The newest message of the chat that fits, now or as soon as there is one (edits count)."""
        wanted = self.chat_id(chat, who)

        def fitting() -> Json | None:
            return next((m for m in reversed(self.messages(wanted)) if predicate(m)), None)

        return await self._until(
            fitting, timeout, lambda: [m.get("text", m.get("caption")) for m in self.messages(wanted)]
        )

    async def wait_text(
        self, part: str, chat: int | str = "private", who: str = "operator", timeout: float = DEADLINE_S
    ) -> Json:
        """A message or caption that contains ``part``."""
        return await self.wait_for(lambda m: part in str(m.get("text", m.get("caption"))), chat, who, timeout)

    async def wait_event(
        self, kind: str, predicate: Callable[[Json], bool] = lambda _: True, timeout: float = DEADLINE_S
    ) -> Json:
        """The newest change of this kind that fits: ``posted``, ``changed``, ``answered``, ``call``, ``confirmed``…"""

        def fitting() -> Json | None:
            return next((e for e in reversed(self.events) if e["type"] == kind and predicate(e)), None)

        return await self._until(fitting, timeout, lambda: [e["type"] for e in self.events[-20:]])

    async def wait_answer(self, who: str = "operator", query_id: str = "", timeout: float = DEADLINE_S) -> Json:
        """The toast or alert that a person got for a tap: ``text`` and ``alert``."""
        person = self.people[who.lower()]
        return await self.wait_event(
            "answered", lambda e: e["person"] == person and query_id in ("", e["query_id"]), timeout
        )

    async def log(self, method: str = "") -> list[Json]:
        """The bot's calls so far, oldest first."""
        async with self._session.get(f"{self._base}/control/log", params={"method": method}) as response:
            return list((await response.json())["result"])

    async def _until(self, find: Callable[[], Json | None], timeout: float, seen: Callable[[], object]) -> Json:
        async with self._changed:
            try:
                async with asyncio.timeout(timeout):
                    while (found := find()) is None:
                        await self._changed.wait()
            except TimeoutError:
                raise AssertionError(f"nothing fitting came within {timeout} s; seen: {seen()}") from None
        return found

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                async with self._changed:
                    self._take(message.json())
                    self._changed.notify_all()

    def _take(self, event: Json) -> None:
        match event["type"]:
            case "snapshot":
                for person in event["people"]:
                    self.people |= {person["key"]: person["id"], person["name"].lower(): person["id"]}
                self._cards = {card["id"]: card for card in event["chats"]}
                for post in event["posts"]:
                    self._keep(post)
            case "posted" | "changed":
                self._keep(event["post"])
            case "removed":
                self._posts[event["chat"]].pop(event["message_id"], None)
            case "chat":
                self._cards[event["card"]["id"]] = event["card"]
            case "commands":
                self._cards |= {card["id"]: card for card in event["cards"]}
        self.events.append(event)

    def _keep(self, post: Json) -> None:
        self._posts.setdefault(post["chat"], {})[post["message_id"]] = post["body"]
