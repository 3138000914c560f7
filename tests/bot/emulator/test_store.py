"""The chat outlives its process: what was promised is in the file."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp

from bot.emulator.clock import SteppedClock
from bot.emulator.server import LocalTelegram
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import KEY, NOON_MS, TOKEN, BotApiCaller, buttons, png

SERVER = """
import asyncio, sys
from pathlib import Path
from bot.emulator.clock import SteppedClock
from bot.emulator.server import serve

def announce(url):
    sys.stdout.write(url + "\\n")
    sys.stdout.flush()

asyncio.run(serve(0, sys.argv[1], page_key=sys.argv[2], clock=SteppedClock(int(sys.argv[3])), announce=announce,
                  state_file=Path(sys.argv[4])))
"""


async def run(file: Path, session: aiohttp.ClientSession) -> tuple[LocalTelegram, BotApiCaller]:
    server = LocalTelegram(token=TOKEN, page_key=KEY, clock=SteppedClock(NOON_MS), state_file=file)
    await server.start()
    return server, BotApiCaller(session, server.base_url)


async def test_everything_survives_a_restart(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    file = tmp_path / "state" / "chat.sqlite"
    first, api = await run(file, session)
    async with ChatClient(first.page_url) as chat:
        await chat.say("Ann", "/start")
        await chat.say("Bob", "/start")
        message = await api.result("sendMessage", chat_id=1001, text="pinned", reply_markup=buttons("a"))
        await api.result("pinChatMessage", chat_id=1001, message_id=message["message_id"])
        photo = (await api.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1001"))["result"]
        gone = await api.result("sendMessage", chat_id=1001, text="gone")
        await api.result("deleteMessage", chat_id=1001, message_id=gone["message_id"])
        await api.result("setMyCommands", commands=[{"command": "go", "description": "go"}])
        await api.result("sendMessage", chat_id=1001, text="keys", reply_markup={"keyboard": [["Status"]]})
        query_id = await chat.tap("Ann", message, data="a")
        updates = await api.result("getUpdates")
        await api.result("getUpdates", offset=updates[0]["update_id"] + 1)
        before, card = chat.messages(), chat.card()
    await first.stop()

    second, api = await run(file, session)
    async with ChatClient(second.page_url) as chat:
        assert chat.messages() == before
        assert chat.card() == card
        assert await api.result("getUpdates") == updates[1:]
        assert await api.result("answerCallbackQuery", callback_query_id=query_id)
        path = (await api.result("getFile", file_id=photo["photo"][0]["file_id"]))["file_path"]
        async with session.get(f"{second.base_url}/file/bot{TOKEN}/{path}") as response:
            assert await response.read() == png()
        said = await chat.say("Ann", "again")
        assert said["message_id"] == before[-1]["message_id"] + 1
        assert (await api.result("getUpdates"))[-1]["update_id"] == updates[-1]["update_id"] + 1
        assert await api.result("sendMessage", chat_id=1002, text="Bob has still started the bot")
    await second.stop()


async def test_after_kill_9_every_promise_is_kept(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    file = tmp_path / "chat.sqlite"
    arguments = ["-c", SERVER, TOKEN, KEY, str(NOON_MS), str(file)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    said, sent = await _talk_until_killed(url, session, process.pid)
    await process.wait()

    server, api = await run(file, session)
    async with ChatClient(server.page_url) as chat:
        kept = [m["text"] for m in chat.messages()]
        heard = [u["message"]["text"] for u in await api.result("getUpdates")]
    await server.stop()
    assert [t for t in said if t not in kept] == []
    assert [t for t in said if t not in heard] == []
    assert [t for t in sent if t not in kept] == []


async def _talk_until_killed(url: str, session: aiohttp.ClientSession, pid: int) -> tuple[list[str], list[str]]:
    """Both sides talk at once; the process is killed in the middle. Answers what each was promised."""
    said: list[str] = []
    sent: list[str] = []
    enough = asyncio.Event()

    base = url.partition("/?")[0]

    async def talk(route: str, promised: list[str], headers: dict[str, str], body: dict[str, Any]) -> None:
        try:
            for number in range(10_000):
                text = f"{route} {number}"
                async with session.post(base + route, json={**body, "text": text}, headers=headers) as r:
                    assert (await r.json())["ok"]
                promised.append(text)
                if len(said) > 10 and len(sent) > 10:
                    enough.set()
        except aiohttp.ClientError:
            return  # killed

    person = talk("/control/say", said, {"X-Chat-Key": KEY}, {"as": "Ann"})
    bot = talk(f"/bot{TOKEN}/sendMessage", sent, {}, {"chat_id": 1001})
    talks = [asyncio.create_task(person), asyncio.create_task(bot)]
    await asyncio.wait_for(enough.wait(), 30)
    os.kill(pid, signal.SIGKILL)
    await asyncio.gather(*talks)
    return said, sent
