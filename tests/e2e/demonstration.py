"""The demonstration as a newcomer meets it: one real ``vektor run`` with its local chat, spoken to over the chat."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.bot.emulator.chat_client import ChatClient
from tests.e2e.process import Process

Json = dict[str, Any]
ANSWER_S = 60.0
TRADE_S = 150.0


def words(message: Json) -> str:
    """The text or caption of a message."""
    return str(message.get("text") or message.get("caption") or "")


def buttons(message: Json) -> list[Json]:
    """All inline buttons of a message, row after row."""
    return [key for row in message.get("reply_markup", {}).get("inline_keyboard", []) for key in row]


class Demonstration:
    """One start of ``vektor run --chat local --venue sim`` in ``folder``, and Ann's side of its chat."""

    def __init__(self, folder: Path, *more: str, speed: str = "60") -> None:
        self.folder = folder
        self.process = Process(
            *("run", "--chat", "local", "--venue", "sim", "--port", "0", "--state", "state", "--speed", speed),
            *more,
            cwd=folder,
        )

    async def __aenter__(self) -> Self:
        await self.process.start()
        self.url = (await self.process.line(r"^http\S+$"))[0]
        self.code = parse_qs(urlsplit(self.url).query)["start"][0]
        self.chat = await ChatClient(self.url).__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.chat.__aexit__(kind, error, trace)
        await self.process.stop()

    async def ask(self, text: str, part: str, who: str = "Ann") -> Json:
        """Say ``text`` and wait for an answer that contains ``part``."""
        said = await self.chat.say(who, text)
        return await self.chat.wait_for(
            lambda m: m["message_id"] > said["message_id"] and m["from"]["is_bot"] and part in words(m),
            who=who,
            timeout=ANSWER_S,
        )

    async def edited(self, message: Json, part: str) -> Json:
        """The same message, once it contains ``part``."""
        number = message["message_id"]
        return await self.chat.wait_for(lambda m: m["message_id"] == number and part in words(m), timeout=ANSWER_S)

    async def end(self) -> list[str]:
        """Stop it as a host does; what it printed. Fails unless it ended cleanly."""
        code = await self.process.stop()
        assert code == 0, self.process.lines
        return self.process.lines
