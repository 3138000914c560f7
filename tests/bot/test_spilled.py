"""No secret is written anywhere: not by a whole life of the bot, not by an adapter on its worst day.

The life ends as it should when a key is known to others: everything closed, nothing signed any more, no second start.
"""

from __future__ import annotations

import base64
import itertools
import json
import logging
import secrets
import sqlite3
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import web

from bot.clock import wall_ms
from bot.exchange.hyperliquid.signing import SecretKey, Signer
from core.errors import VektorError
from tests.bot.exchange.hyperliquid.loopback import KEY, QUICK, MarketTime, adapter, serving
from tests.bot.exchange.hyperliquid.test_gate import WRITES
from tests.bot.live_stage import PATIENCE_S, LiveStage, open_live_stage, words
from tests.bot.spilled import files_under, spilled

PHRASE = "I accept that no edge is measured"
HIDDEN = ("TELEGRAM_WEBHOOK_SECRET", "DEEPSEEK_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[LiveStage]:
    async with open_live_stage(tmp_path) as opened:
        opened.exchange.nonces = itertools.count(wall_ms())
        yield opened
        print(opened.printed())  # noqa: T201 - shown when a test fails


@pytest.mark.long
async def test_a_life_on_mainnet_spills_nothing_and_a_compromised_key_ends_it(stage: LiveStage) -> None:
    hidden = {name: f"sk-{secrets.token_urlsafe(30)}" for name in HIDDEN}
    known = {"HYPERLIQUID_API_KEY": stage.key, "TELEGRAM_TOKEN": stage.token.partition(":")[2], **hidden}
    setting = {"LIVE_TRADING": "mainnet", **hidden}

    def found() -> list[str]:
        said = json.dumps(stage.chat.events).encode()
        return spilled(known, files_under([stage.folder]) | {"output": stage.printed().encode(), "chat": said})

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


SECRET = "0x" + "0badc0de" * 8


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
