"""Real runs on a mainnet of loopback: no signed request without the setting and the confirmation in chat."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import wall_ms
from tests.bot.exchange.simulator.client import limit
from tests.bot.live_stage import PATIENCE_S, SYMBOLS, LiveStage, open_live_stage, words

PHRASE = "I accept that no edge is measured"
ATTEMPTS = (
    ("/scan", "markets"),
    ("/close BTC", "no open position"),
    ("/margin BTC 25", "no open position"),
    ("/stop BTC 1", "Nothing was sent"),
    ("/target BTC 999999", "Nothing was sent"),
    ("/close BTC 50%", "Nothing was sent"),
    ("/size ETH", "ETH"),
    ("/leverage ETH", "ETH"),
    ("/audit", "cash"),
    ("/mode auto", "Mode auto"),
    ("/pause", "Paused"),
    ("/resume", "Trading again"),
)
"""What an operator may try, and what the answer holds."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[LiveStage]:
    async with open_live_stage(tmp_path) as opened:
        opened.exchange.nonces = itertools.count(wall_ms())
        yield opened
        print(opened.printed())  # noqa: T201 - shown when a test fails


@pytest.mark.long
async def test_nothing_is_signed_before_setting_and_confirmation_and_all_of_it_after(stage: LiveStage) -> None:
    counting = stage.counting
    async with stage.bot() as refused:
        assert await refused.ended() == 2
    assert "LIVE_TRADING=mainnet" in refused.lines[-1]
    assert counting.signed == []

    price = float((await stage.exchange.info("allMids"))["BTC"])
    await stage.exchange.order(limit(0, True, f"{price * 1.01:.0f}", "0.01", "Ioc"), mainnet=True)
    async with stage.bot(LIVE_TRADING="mainnet") as bot:
        told = await stage.chat.wait_text("which is not ours", timeout=PATIENCE_S)
        assert "NO STOP" in words(told)
        for text, part in ATTEMPTS:
            await stage.ask(text, part)
        flatten = await stage.ask("/flatten", "halt")
        await stage.agree(flatten, "Halt", "Nothing was sent")
        await stage.agree(await stage.ask("/resume", "Trade again"), "Resume", "Trading again")
        await stage.ask("/scan", "0 opened")
        reasons = [words(await stage.ask(f"/why {symbol}", symbol)) for symbol in SYMBOLS]
        assert any("mainnet not confirmed" in why for why in reasons), reasons
        assert "reads only" in words(await stage.ask("/status", "reads only"))
        assert counting.signed == [], counting.kinds()
        assert counting.asked > 50
        assert await stage.size_held("BTC") == 0.01

        asked = await stage.ask(f"/live {PHRASE}", "Trade real money")
        await stage.agree(asked, "Trade real money", "real money trades")
        await stage.chat.wait_text("was found on the exchange", timeout=PATIENCE_S)
        await stage.ask("/scan", "opened of")
        assert {"order", "updateLeverage"} <= counting.kinds()
        assert bot.process.returncode is None
    assert not [line for line in bot.lines if "Traceback" in line]


@pytest.mark.long
async def test_a_confirmation_outlives_a_restart_and_ends_with_mode_readonly(stage: LiveStage) -> None:
    async with stage.bot(LIVE_TRADING="mainnet", LOCALE="de"):
        await stage.ask("/live", "liest nur")
        await stage.ask("/live ja", "confirms nothing")
        asked = await stage.ask("/live ich weiß,  dass KEIN Vorteil gemessen ist", "mit echtem Geld handeln?")
        await stage.agree(asked, "Mit echtem Geld", "hat bestätigt")
        await stage.chat.wait_text("eröffnet", timeout=PATIENCE_S)
    async with stage.bot(LIVE_TRADING="mainnet"):
        shown = words(await stage.ask("/live", "confirmed by"))
        assert "confirmed by Ann" in shown and "0 of 20" in shown
        assert "would be left alone" in words(await stage.ask("/mode readonly", "left alone"))
        await stage.agree(await stage.ask("/flatten", "and halt"), "halt", "position closed")
        await stage.ask("/mode readonly", "Reads only")
        signed = len(stage.counting.signed)
        assert signed > 0
        await stage.agree(await stage.ask("/resume", "Trade again"), "Resume", "Trading again")
        await stage.ask("/scan", "opened of")
        assert len(stage.counting.signed) == signed
        assert "reads only" in words(await stage.ask("/status", "reads only"))
