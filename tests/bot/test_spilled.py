"""No secret is written anywhere: not by a whole life of the bot, not by an adapter on its worst day.

The life ends as it should when a key is known to others: everything closed, nothing signed any more, no second start.
"""

from __future__ import annotations

import base64
import io
import itertools
import json
import logging
import secrets
import sqlite3
import traceback
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.__main__ import main
from bot.clock import wall_ms
from bot.environment import Environment
from bot.exchange.hyperliquid.signing import SecretKey, Signer
from bot.polling import HEADER, Webhook
from bot.redaction import TokenRedaction
from core.errors import VektorError
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.exchange.hyperliquid.loopback import KEY, QUICK, MarketTime, adapter, serving
from tests.bot.exchange.hyperliquid.test_gate import WRITES
from tests.bot.live_stage import NOWHERE, PATIENCE_S, LiveStage, open_live_stage, words
from tests.bot.spilled import files_under, spilled
from tests.bot.test_telegram import free_port
from tests.handlers.fixtures import make_blank, open_blank, open_office
from tests.handlers.office import KEY as PAGE_KEY
from tests.handlers.office import TOKEN, Office

__all__ = ["make_blank", "open_blank", "open_office"]

PHRASE = "I accept that no edge is measured"
HIDDEN = ("TELEGRAM_WEBHOOK_SECRET", "DEEPSEEK_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[LiveStage]:
    async with open_live_stage(tmp_path) as opened:
        opened.exchange.nonces = itertools.count(wall_ms())
        yield opened
        print(opened.printed())  # noqa: T201 - shown when a test fails


@pytest.mark.long
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_life_on_mainnet_spills_nothing_and_a_compromised_key_ends_it(stage: LiveStage, mode: str) -> None:
    hidden = {name: f"sk-{secrets.token_urlsafe(30)}" for name in HIDDEN}
    known = {"HYPERLIQUID_API_KEY": stage.key, "TELEGRAM_TOKEN": stage.token.partition(":")[2], **hidden}
    pushed = hooked(free_port(), hidden["TELEGRAM_WEBHOOK_SECRET"]) if mode == "webhook" else {}
    setting = {"LIVE_TRADING": "mainnet", **hidden, **pushed}

    def found() -> list[str]:
        written = {"output": stage.printed().encode(), "chat": said_in(stage.chat)}
        return spilled(known, files_under([stage.folder]) | written)

    async with stage.bot(**setting) as bot:
        asked = await stage.ask(f"/live {PHRASE}", "Trade real money")
        await stage.agree(asked, "Trade real money", "real money trades")
        told = words(await stage.chat.wait_text("1× opened", timeout=PATIENCE_S))
        symbol = told.split()[1]
        await stage.chat.fault("server_error", method="sendMessage", times=2)
        await stage.exchange.http.post(
            f"{stage.exchange.base_url}/faults",
            json={"kind": "clearinghouseState", "path": "/info", "count": 2, "action": "status", "status": 502},
        )
        await stage.ask("/health", "Up for")
        assert found() == []
        async with stage.vektor("compromised", **setting) as host:
            assert await host.ended() == 0, host.lines
        printed = "\n".join(host.lines)
        assert f"{symbol} short closed at" in printed or f"{symbol} long closed at" in printed
        assert "is out of use" in printed and "cannot be revoked" in printed
        assert await bot.ended() == 0, bot.lines
    assert await stage.size_held(symbol) == 0
    signed = len(stage.counting.signed)
    assert signed > 0
    with sqlite3.connect(stage.folder / "state" / "vektor.db") as database:
        assert database.execute("SELECT live_by, halted FROM switches").fetchall() == [("", 1)]
    async with stage.bot(**setting) as again:
        assert await again.ended() == 2
    assert "declared compromised" in again.lines[-1]
    assert len(stage.counting.signed) == signed
    assert found() == []


def hooked(port: int, secret: str) -> dict[str, str]:
    """The settings of webhook mode."""
    url = f"http://127.0.0.1:{port}/telegram"
    return {
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": url,
        "TELEGRAM_WEBHOOK_PORT": str(port),
        "TELEGRAM_WEBHOOK_SECRET": secret,
    }


async def push(url: str, secret: str, body: str) -> int:
    """A call of the webhook; the status that came back."""
    async with aiohttp.ClientSession() as caller, caller.post(url, data=body, headers={HEADER: secret}) as answer:
        return answer.status


def said_in(chat: ChatClient) -> bytes:
    """All that stood in the chat at any time; the chat server's journal of calls is its own."""
    return json.dumps([event for event in chat.events if event["type"] != "call"]).encode()


@pytest.mark.long
async def test_a_bad_day_by_webhook_spills_nothing(stage: LiveStage) -> None:
    """Telegram fails, strangers push, the exchange goes, a table is lost under a handler; then two bad starts."""
    hidden = {name: f"sk-{secrets.token_urlsafe(30)}" for name in HIDDEN}
    known = {"HYPERLIQUID_API_KEY": stage.key, "TELEGRAM_TOKEN": stage.token.partition(":")[2], **hidden}
    setting = hidden | hooked(free_port(), hidden["TELEGRAM_WEBHOOK_SECRET"])
    url, ours = setting["TELEGRAM_WEBHOOK_URL"], setting["TELEGRAM_WEBHOOK_SECRET"]
    options = ("run", "--venue", "testnet", "--chat", "telegram")

    await stage.chat.fault("server_error", method="setWebhook", times=1)
    async with stage.vektor(*options, **setting) as bot:
        await stage.ask("/status", "quity")
        assert await push(url, "guessed", "{}") == 401
        assert await push(url, ours, f'{{"update_id": "{stage.token}"}}') == 200
        assert await push(url.replace("telegram", f"bot{stage.token}/getMe"), ours, "{}") == 404
        await stage.chat.fault("server_error", method="sendMessage", times=2)
        await stage.exchange.http.post(
            f"{stage.exchange.base_url}/faults", json={"kind": "status", "path": "/info", "count": 3, "status": 502}
        )
        await stage.chat.say("Ann", "/balance")
        await stage.ask("/health", "Up for")
        with sqlite3.connect(stage.folder / "state" / "vektor.db") as database:
            database.execute("DROP TABLE decisions")
        await stage.chat.say("Ann", "/flatten")
        await bot.line("no such table")
    assert await bot.ended() == 0
    printed = "\n".join(bot.lines)
    for trouble in ("webhook not registered", "without the secret", "cannot be read", "answered HTTP 502"):
        assert trouble in printed
    for wrong in ({"TELEGRAM_TOKEN": f"2:{known['TELEGRAM_TOKEN']}"}, {"HYPERLIQUID_API_BASE": f"http://{NOWHERE}"}):
        async with stage.vektor(*options, **setting | wrong) as again:
            assert await again.ended() == 2
    written = files_under([stage.folder]) | {"output": stage.printed().encode(), "chat": said_in(stage.chat)}
    assert spilled(known, written) == []


@pytest.fixture
def journal() -> Iterator[io.StringIO]:
    """Whatever is logged, at every level, as a run would write it."""
    root, written = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(written), root.level
    handler.addFilter(TokenRedaction())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


async def test_a_crash_in_a_handler_by_webhook_spills_nothing(
    office: Office, journal: io.StringIO, tmp_path: Path
) -> None:
    """At every level of the log; the crash quotes the address of a call, as those of an HTTP library do."""
    secret, venue = secrets.token_urlsafe(30), office.desk.venue
    port = free_port()
    hook = Webhook(url=f"http://127.0.0.1:{port}/telegram", secret=secret, port=port)
    await office.shut()
    await office.open(mode="webhook", webhook=hook)

    class Broken:
        """Fails at the account, in words that nobody foresaw."""

        def __getattr__(self, name: str) -> Any:
            return getattr(venue, name)

        async def account(self) -> Any:
            raise RuntimeError(f"POST {office.telegram.base_url}/bot{TOKEN}/getMe and /bot{quote(TOKEN)}/getMe failed")

    office.desk.venue = Broken()  # type: ignore[assignment]
    await office.ask("/balance", "failed on my side")
    assert await push(hook.url, secret, json.dumps({"update_id": 5, "message": f"my token is {TOKEN}"})) == 200
    assert await push(hook.url.replace("telegram", f"bot{TOKEN}/getMe"), secret, "") == 404
    said = said_in(office.chat)
    await office.shut()
    log = journal.getvalue()
    assert "RuntimeError: POST" in log and "update 5 " not in log and "cannot be read" in log
    known = {"token": TOKEN.partition(":")[2], "secret": secret, "page key": PAGE_KEY}
    assert spilled(known, files_under([tmp_path]) | {"log": log.encode(), "chat": said}) == []


async def test_a_server_s_access_log_names_no_token(journal: io.StringIO) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as caller:
        for token in (TOKEN, TOKEN.replace(":", "%3A")):
            await caller.get(URL(f"http://127.0.0.1:{runner.addresses[0][1]}/bot{token}/getMe?x=1", encoded=True))
    await runner.cleanup()
    assert journal.getvalue().count("GET /bot<token>/getMe?x=1") == 2
    assert spilled({"token": TOKEN.partition(":")[2]}, {"log": journal.getvalue().encode()}) == []


SECRET = "0x" + "0badc0de" * 8


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("HYPERLIQUID_API_KEY", SECRET[:-1], SECRET[2:-1]),
        ("HYPERLIQUID_API_KEY", SECRET.replace("0x", "0X"), SECRET[2:]),
        ("HYPERLIQUID_API_KEY", f"0x{'f' * 64}", "f" * 64),
        ("TELEGRAM_TOKEN", "AAH-sesame-open-0123", "sesame-open"),
        ("TELEGRAM_TOKEN", "12a:AAH-sesame-open-0123", "sesame-open"),
        ("TELEGRAM_WEBHOOK_SECRET", "sesame open", "sesame"),
        ("TELEGRAM_WEBHOOK_SECRET", "sesame-opën", "sesame"),
        ("TELEGRAM_WEBHOOK_URL", "ftp://example.org/bot12:AAH-sesame-open/x", "sesame-open"),
        ("TELEGRAM_API_BASE", "ftp://ann:sesame@example.org", "sesame"),
        ("DATABASE_URL", "mysql://ann:sesame@example.org/x", "sesame"),
    ],
)
@pytest.mark.parametrize("given_by", ["environment", "file"])
def test_a_setting_that_cannot_be_is_named_and_not_repeated(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    given_by: str,
    name: str,
    value: str,
    secret: str,
) -> None:
    for one in Environment.model_fields:
        monkeypatch.delenv(one.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    if given_by == "file":
        (tmp_path / ".env").write_text(f'{name}="{value}"\n', encoding="utf-8")
    else:
        monkeypatch.setenv(name, value)
    assert main(["run", "--venue", "testnet", "--chat", "telegram"]) == 2
    out, err = capfd.readouterr()
    assert err.startswith(f"vektor: {name} is ") and len(err.splitlines()) == 1
    assert spilled({"it": secret}, {"said": (out + err).encode()}) == []


def test_an_env_file_that_is_no_text_is_named_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"TELEGRAM_TOKEN=12:sesame\xff\n")
    assert main(["run", "--venue", "testnet"]) == 2
    said = "".join(capfd.readouterr())
    assert said.startswith("vektor: .env is no UTF-8 text") and "sesame" not in said


async def test_an_adapter_on_its_worst_day_names_its_key_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = [repr(SecretKey(KEY)), str(SecretKey(KEY))]
    caplog.set_level(logging.DEBUG)

    async def garbage(_: web.Request) -> web.Response:
        return web.Response(body=b"\xff<html>", content_type="text/html")

    async def failure(_: web.Request) -> web.Response:
        return web.Response(status=502, text="bad gateway")

    async def hangs_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def echo(request: web.Request) -> web.Response:
        return web.Response(status=422, text=(await request.text())[:10_000])

    async with serving() as server:
        venue = adapter(server.url, MarketTime(), execution=QUICK)
        await venue.start()
        for answer in (garbage, failure, hangs_up, echo, server.answers({"status": "err", "response": "no"})):
            server.exchange = server.read = answer  # type: ignore[assignment]
            for write in WRITES.values():
                try:
                    await write(venue)
                except VektorError as error:
                    said += ["".join(traceback.format_exception(error)), repr(error)]
        await venue.close()
    assert len(said) > 20
    for wrong in (KEY[:-1], KEY + "0", "0x" + "f" * 64, KEY.replace("0x", "0X")):
        try:
            Signer(SecretKey(wrong), mainnet=True)
        except VektorError as error:
            said += ["".join(traceback.format_exception(error)), repr(error)]
            assert wrong not in "".join(said)
    assert spilled({"key": KEY}, {"errors": "\n".join(said).encode(), "log": caplog.text.encode()}) == []


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        SECRET[2:],
        SECRET[2:].upper(),
        base64.b64encode(bytes.fromhex(SECRET[2:])).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        str(int(SECRET, 16)),
        SECRET.encode().hex(),
        str(list(bytes.fromhex(SECRET[2:]))),
    ],
)
def test_the_search_finds_every_usual_spelling(written: str) -> None:
    assert spilled({"key": SECRET}, {"log": f"x {written} y".encode()}) == ["key in log"]


def test_the_search_finds_what_was_quoted_or_packed_as_bytes_and_nothing_else() -> None:
    odd = "to/ken+ with=odd&signs"
    assert spilled({"token": odd}, {"url": f"/bot{quote(odd, safe='')}/x".encode()}) == ["token in url"]
    assert spilled({"key": SECRET}, {"file": b"\x00" + bytes.fromhex(SECRET[2:]) + b"\x01"}) == ["key in file"]
    assert spilled({"key": SECRET}, {"file": b"nothing of it"}) == []
