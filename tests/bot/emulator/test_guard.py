"""Who may not come in: other hosts, other pages, other tokens, no key."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from pathlib import Path

import aiohttp
import pytest

from bot.emulator.clock import SteppedClock
from bot.emulator.server import LocalTelegram, serve
from tests.bot.emulator.conftest import KEY, NOON_MS, TOKEN

PATHS = ("/", "/control/snapshot", "/control/log", "/control/messages?chat=1001", "/control/socket", "/page/main.js")


def make(token: str = TOKEN, key: str = KEY, port: int = 0, state: Path | None = None) -> LocalTelegram:
    return LocalTelegram(token=token, page_key=key, port=port, clock=SteppedClock(NOON_MS), state_file=state)


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_key_nothing_is_shown(
    telegram: LocalTelegram, session: aiohttp.ClientSession, path: str
) -> None:
    for headers in ({}, {"X-Chat-Key": "wrong"}, {"Cookie": "chat=wrong"}):
        async with session.get(telegram.base_url + path, headers=headers) as response:
            assert response.status == 403
            assert "key is missing" in (await response.json())["description"]


async def test_without_the_key_nobody_can_speak(telegram: LocalTelegram, session: aiohttp.ClientSession) -> None:
    body = {"as": "Ann", "text": "/flatten"}
    async with session.post(f"{telegram.base_url}/control/say", json=body) as response:
        assert response.status == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]:80"])
async def test_a_foreign_host_name_is_refused(
    telegram: LocalTelegram, session: aiohttp.ClientSession, host: str
) -> None:
    for path in ("/", f"/bot{TOKEN}/getMe"):
        headers = {"Host": host, "X-Chat-Key": KEY}
        async with session.get(telegram.base_url + path, headers=headers) as response:
            assert response.status == 403
            assert "Host" in (await response.json())["description"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
async def test_a_foreign_page_is_refused_even_with_the_key(
    telegram: LocalTelegram, session: aiohttp.ClientSession, origin: str
) -> None:
    headers = {"Origin": origin, "X-Chat-Key": KEY}
    async with session.post(f"{telegram.base_url}/control/say", json={"as": "Ann", "text": "x"}, headers=headers) as r:
        assert r.status == 403
        assert "Origin" in (await r.json())["description"]


async def test_no_page_at_all_may_use_the_bot_api(telegram: LocalTelegram, session: aiohttp.ClientSession) -> None:
    headers = {"Origin": telegram.base_url}
    async with session.get(f"{telegram.base_url}/bot{TOKEN}/getMe", headers=headers) as response:
        assert response.status == 403


async def test_the_control_routes_take_json_only(telegram: LocalTelegram, session: aiohttp.ClientSession) -> None:
    headers = {"X-Chat-Key": KEY}
    form = {"as": "Ann", "text": "x"}
    async with session.post(f"{telegram.base_url}/control/say", data=form, headers=headers) as response:
        assert response.status == 415


async def test_the_printed_address_opens_the_page_and_leaves_a_strict_cookie(telegram: LocalTelegram) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(telegram.page_url) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            (cookie,) = response.cookies.values()
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
        async with session.get(f"{telegram.base_url}/control/snapshot") as response:
            assert response.status == 200
        for missing in ("none.js", "index.html", "..%2Fserver.py", "server.py"):
            async with session.get(f"{telegram.base_url}/page/{missing}") as response:
                assert response.status == 404


@pytest.mark.parametrize("token", ["8:demo-test", "7:demo-tes", "7", "x:y"])
async def test_other_tokens_are_unauthorized(
    telegram: LocalTelegram, session: aiohttp.ClientSession, token: str
) -> None:
    for path in (f"/bot{token}/getMe", f"/file/bot{token}/photos/a.png"):
        async with session.get(telegram.base_url + path) as response:
            assert response.status == 401
            assert (await response.json())["description"].startswith("Unauthorized")


@pytest.mark.parametrize(
    "token", ["123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "1:x", "demo-1", "", "1:demo-", "1:demo-a b", "a:demo-x"]
)
def test_a_real_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ValueError, match="demo tokens only") as refusal:
        make(token=token)
    assert not token or token not in str(refusal.value).replace("1:demo-local", "")


@pytest.mark.parametrize("key", ["", "short", "with a space in the key"])
def test_a_weak_page_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="page key"):
        make(key=key)


async def test_it_listens_on_loopback_only(telegram: LocalTelegram) -> None:
    port = int(telegram.base_url.rpartition(":")[2])
    with socket.socket() as other:  # the same port is still free on any other address of this machine
        other.bind(("127.0.0.2", port))


async def test_a_taken_port_is_a_clear_error(telegram: LocalTelegram) -> None:
    port = int(telegram.base_url.rpartition(":")[2])
    second = make(port=port)
    with pytest.raises(OSError, match=f"port {port} on 127.0.0.1 cannot be used"):
        await second.start()


async def test_an_unusable_state_file_is_a_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "chat.sqlite"
    file.write_bytes(b"this is no database, and long enough to be seen as none at all")
    with pytest.raises(OSError, match=r"chat\.sqlite cannot be used"):
        await make(state=file).start()


async def test_a_state_file_of_another_version_is_a_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "chat.sqlite"
    database = sqlite3.connect(file)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(OSError, match="version 99"):
        await make(state=file).start()


async def test_a_state_file_with_a_foreign_record_is_a_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "chat.sqlite"
    server = make(state=file)
    await server.start()
    await server.stop()
    database = sqlite3.connect(file)
    database.execute("""INSERT INTO record VALUES ('post', '1001:1', '{"nonsense": 1}')""")
    database.commit()
    database.close()
    with pytest.raises(OSError, match="cannot be used"):
        await make(state=file).start()


async def test_serve_announces_its_address_once_and_stops_when_cancelled() -> None:
    announced: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(
        serve(0, TOKEN, page_key=KEY, clock=SteppedClock(NOON_MS), announce=announced.put_nowait)
    )
    url = await asyncio.wait_for(announced.get(), 10)
    assert url.endswith(f"/?key={KEY}")
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert announced.empty()
