"""The two servers, as one kind of place: a person says and taps there, and sees what the bot made of it.

What is mended on the way (see :mod:`tests.foreign.between`):

* telegram-test-api: ``getMe`` without ``is_bot``; ``chat_instance`` missing from taps; ``result: null``; dates in
  milliseconds and echoed parameters in sent messages; no long poll; no photos at all (their captions go as texts).
* telemelya: reply keyboards echoed in the field of inline ones.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.foreign.between import Between

Json = dict[str, Any]
ANN = {"id": 77, "is_bot": False, "first_name": "Ann"}
CHAT = {"id": 77, "type": "private", "first_name": "Ann"}
TOKEN = "123456:not-a-real-one"
WAIT_S = 100.0


@dataclass
class Seen:
    """One message as the foreign server has it now."""

    number: int
    text: str
    buttons: list[Json] = field(default_factory=list)
    photo: bool = False


def flat(markup: Any) -> list[Json]:
    """All buttons of an inline keyboard, which may be JSON in a string."""
    markup = json.loads(markup) if isinstance(markup, str) else markup
    return [key for row in (markup or {}).get("inline_keyboard", []) for key in row]


class Place(Between):
    """Ann's private chat with the bot, at a foreign server."""

    async def say(self, text: str) -> None:
        """Ann writes."""
        raise NotImplementedError

    async def tap(self, message: Seen, data: str) -> None:
        """Ann taps a button."""
        raise NotImplementedError

    async def messages(self) -> list[Seen]:
        """What the bot has said, oldest first, edits applied."""
        raise NotImplementedError

    async def wait(self, fits: Callable[[Seen], bool]) -> Seen:
        """The newest message that fits, now or after any further call of the bot."""
        async with self.changed:
            try:
                async with asyncio.timeout(WAIT_S):
                    while True:
                        seen = await self.messages()
                        if found := next((m for m in reversed(seen) if fits(m)), None):
                            return found
                        await self.changed.wait()
            except TimeoutError:
                raise AssertionError(f"nothing fitting in {WAIT_S} s; seen: {[m.text for m in seen]}") from None

    async def ask(self, text: str, part: str) -> Seen:
        """Say something and wait for a new message that contains ``part``."""
        last = max((m.number for m in await self.messages()), default=0)
        await self.say(text)
        return await self.wait(lambda m: m.number > last and part in m.text)

    async def post(self, path: str, body: Json) -> Any:
        """Speak to the server's own control routes."""
        headers = {"Authorization": "Bearer tests"}
        async with self.session.post(f"{self.upstream}{path}", json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            return await response.json()


class TestApi(Place):
    """telegram-test-api 4.2.1 (npm)."""

    __test__ = False

    async def answer(self, token: str, method: str, form: Json) -> Json:
        if method == "getUpdates":
            return await self.long_poll(token, form)
        if method == "sendPhoto":
            said = {"chat_id": form["chat_id"], "text": form["caption"]}
            said |= {"reply_markup": form["reply_markup"]} if "reply_markup" in form else {}
            answer = await super().answer(token, "sendMessage", said | {"photo": "1"})
            answer["result"]["photo"] = [{"file_id": "1", "file_unique_id": "1", "width": 1280, "height": 960}]
            return answer
        return await super().answer(token, method, form)

    async def long_poll(self, token: str, form: Json) -> Json:
        """Hold the request until there is something, as Telegram does and this server does not."""
        deadline = asyncio.get_running_loop().time() + float(form.get("timeout", 0))
        async with self.changed:
            while True:
                answer = await self.forward(token, "getUpdates", {})
                if answer["result"]:
                    return {"ok": True, "result": [self.mend_update(u) for u in answer["result"]]}
                try:
                    async with asyncio.timeout_at(deadline):
                        await self.changed.wait()
                except TimeoutError:
                    return answer

    def mend(self, method: str, answer: Json) -> Json:
        if not answer["ok"]:
            return answer
        result = answer["result"]
        if method == "getMe":
            result["is_bot"] = True
        elif method == "sendMessage":
            kept = {name: result[name] for name in ("message_id", "text", "chat")}
            answer["result"] = kept | {"date": result["date"] // 1000}
        elif result is None:
            answer["result"] = True
        return answer

    def mend_update(self, update: Json) -> Json:
        if "callback_query" in update:
            update["callback_query"]["chat_instance"] = "1"
        return update

    async def said(self, path: str, body: Json) -> None:
        """Give the server an update, and wake who waits for one."""
        await self.post(path, body | {"botToken": TOKEN})
        async with self.changed:
            self.changed.notify_all()

    async def say(self, text: str) -> None:
        message = {"from": ANN, "chat": CHAT, "date": int(time.time()), "text": text}
        command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
        await self.said("/sendCommand", message | {"entities": [command]})

    async def tap(self, message: Seen, data: str) -> None:
        shown = {"message_id": message.number, "chat": CHAT, "date": int(time.time()), "text": message.text}
        await self.said("/sendCallback", {"from": ANN, "message": shown, "data": data})

    async def messages(self) -> list[Seen]:
        history = (await self.post("/getUpdatesHistory", {"token": TOKEN}))["result"]
        return [
            Seen(one["messageId"], m["text"], flat(m.get("reply_markup")), "photo" in m)
            for one in history
            if "chat_id" in (m := one.get("message", {}))
        ]


class Telemelya(Place):
    """telemelya 0.2.2 (PyPI)."""

    def mend(self, method: str, answer: Json) -> Json:
        result = answer.get("result")
        if isinstance(result, dict) and "inline_keyboard" not in (result.get("reply_markup") or {}):
            result.pop("reply_markup", None)
        return answer

    async def control(self, body: Json) -> None:
        """Let the server push an update to the bot."""
        person = {"chat_id": CHAT["id"], "from_user": ANN}
        told = await self.post(f"/api/v1/test/send_update?bot_token={TOKEN}", person | body)
        assert told["delivery"]["status_code"] == 200, told

    async def say(self, text: str) -> None:
        await self.control({"text": text})

    async def tap(self, message: Seen, data: str) -> None:
        await self.control({"callback_data": data, "callback_message_id": message.number})

    async def messages(self) -> list[Seen]:
        url, headers = f"{self.upstream}/api/v1/test/responses", {"Authorization": "Bearer tests"}
        async with self.session.get(url, headers=headers) as response:
            log = (await response.json())["responses"]
        seen: dict[int, Seen] = {}
        for one in log:
            if (number := one.get("message_id")) is None:
                continue
            text = str(one.get("text") or one.get("caption") or "")
            photo = "photo" in one or (number in seen and seen[number].photo)
            seen[number] = Seen(number, text, flat(one.get("reply_markup")), photo)
        return list(seen.values())


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
