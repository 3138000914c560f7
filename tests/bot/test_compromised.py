"""``vektor compromised`` with no bot running: it closes, halts and condemns by itself, and what it cannot do it says."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hyperliquid.utils import signing

from bot.__main__ import main
from bot.choices import Choices
from bot.clock import wall_ms
from bot.environment import Environment, read_environment
from bot.exchange.simulator.server import SimulatedVenue
from bot.trading_side import TradingSide, open_trading_side
from core.errors import StartRefused
from core.flows.enter import enter
from core.flows.quotes import Quotes
from core.flows.reconcile import recover
from core.settings import Settings
from storage.lock import StateLock
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit
from tests.bot.paper.test_paper_run import bought, upstream, written
from tests.core.flows.stage import CALM, judged

MASTER, LEAKED, FRESH = Wallet.of(41), Wallet.of(42), Wallet.of(43)
NOWHERE = "127.0.0.1:9"


@dataclass
class Left:
    """What a bot on testnet left behind: its folder, and at the venue a position with its stop and an entry that rests."""

    state: Path
    exchange: WireClient
    venue: SimulatedVenue

    async def approve(self, wallet: Wallet) -> None:
        """Make an API wallet; it takes the place of the one before."""
        action = {"type": "approveAgent", "agentAddress": wallet.address, "agentName": "", "nonce": wall_ms()}
        signature = signing.sign_agent(self.exchange.wallet.account, action, False)
        del action["agentName"]
        answer = await self.exchange.post({"action": action, "nonce": action["nonce"], "signature": signature})
        assert answer["status"] == "ok", answer

    async def open(self, stack: AsyncExitStack) -> TradingSide:
        """The desk, as a start opens it."""
        choices = Choices("testnet", self.state)
        return await open_trading_side(stack, choices, read_environment(None), Settings(), lambda: None)

    async def held(self) -> tuple[int, int]:
        """How many positions and orders the venue itself knows of."""
        user = MASTER.address
        state = await self.exchange.info("clearinghouseState", user=user)
        return len(state["assetPositions"]), len(await self.exchange.info("frontendOpenOrders", user=user))

    async def compromised(self) -> int:
        """The command; its exit code."""
        return await asyncio.to_thread(main, ["compromised", "--state", str(self.state)])

    def use(self, monkeypatch: pytest.MonkeyPatch, wallet: Wallet) -> None:
        """Put a key into the environment."""
        monkeypatch.setenv("HYPERLIQUID_API_KEY", f"0x{bytes(wallet.account.key).hex()}")


@pytest.fixture
async def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Left]:
    state = tmp_path / "state"
    state.mkdir()
    written(state)
    monkeypatch.chdir(tmp_path)  # no .env but the test's own
    venue = upstream()
    venue.faults.clear()
    venue.fund(MASTER.address, Decimal(10_000))
    await venue.start()
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HYPERLIQUID_API_BASE", venue.base_url)
    monkeypatch.setenv("HYPERLIQUID_ACCOUNT", MASTER.address)
    for name in ("BINANCE_API_BASE", "OKX_API_BASE"):
        monkeypatch.setenv(name, f"http://{NOWHERE}")
    for name in ("BINANCE_STREAM_BASE", "BYBIT_STREAM_BASE", "OKX_STREAM_BASE"):
        monkeypatch.setenv(name, f"ws://{NOWHERE}")
    async with WireClient(venue.base_url, MASTER) as exchange:
        exchange.nonces = itertools.count(wall_ms() + 1_000)
        one = Left(state, exchange, venue)
        await one.approve(LEAKED)
        one.use(monkeypatch, LEAKED)
        async with AsyncExitStack() as stack:
            side = await one.open(stack)
            await bought(side.desk)
            await recover(side.desk)
            assert [p.symbol for p in await side.desk.ledger.live_positions()] == ["BTC"]
        price = float((await exchange.info("allMids"))["BTC"])
        await exchange.order(limit(0, True, f"{price * 0.9:.0f}", "0.01"))
        assert await one.held() == (1, 3)
        yield one
    await venue.stop()


async def test_it_closes_halts_and_condemns_by_itself(
    left: Left, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await left.compromised() == 0
    assert await left.held() == (0, 0)
    said = capsys.readouterr().out
    for words in ("BTC long closed at", "halted: no entries", LEAKED.address, "remove the API wallet", "Vektor signs"):
        assert words in said
    assert "yourself" not in said

    async with AsyncExitStack() as stack:
        with pytest.raises(StartRefused, match="declared compromised"):
            await left.open(stack)
    assert await asyncio.to_thread(main, ["resume", "--state", str(left.state)]) == 2
    assert "declared compromised" in capsys.readouterr().err

    await left.approve(FRESH)
    left.use(monkeypatch, FRESH)
    async with AsyncExitStack() as stack:
        desk = (await left.open(stack)).desk
        await recover(desk)
        outcome = await enter(desk, judged("BTC"), CALM, Quotes())
        assert (outcome.rule, (await desk.ledger.switches()).halted) == ("halted", True)
    assert await left.held() == (0, 0)


async def test_with_the_venue_away_it_halts_and_condemns_all_the_same(
    left: Left, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HYPERLIQUID_API_BASE", f"http://{NOWHERE}")
    assert await left.compromised() == 1
    said = capsys.readouterr().err
    for words in ("NOT FLATTENED", "halted: no entries", "close every position there yourself", LEAKED.address):
        assert words in said
    monkeypatch.setenv("HYPERLIQUID_API_BASE", left.venue.base_url)
    await left.approve(FRESH)
    left.use(monkeypatch, FRESH)
    async with AsyncExitStack() as stack:
        assert (await (await left.open(stack)).desk.ledger.switches()).halted
    left.use(monkeypatch, LEAKED)
    assert await left.compromised() == 1, "the key signs nothing any more, so nothing could be closed"
    assert "declared compromised" in capsys.readouterr().err
    assert (await left.held())[0] == 1


async def test_a_bot_that_holds_the_folder_and_says_nothing_is_named_and_bound(
    left: Left, capsys: pytest.CaptureFixture[str]
) -> None:
    with StateLock(left.state, "", venue="testnet", host=socket.gethostname(), now_ms=wall_ms()):
        assert await left.compromised() == 1
    said = capsys.readouterr().err
    assert "NOT FLATTENED: another Vektor runs" in said and "NOT HALTED: another Vektor runs" in said
    assert (left.state / "compromised").read_text().split() == [LEAKED.address]
    assert await left.compromised() == 1
    assert "halted: no entries" in capsys.readouterr().err, "once that bot is dead the halt is stored"


@pytest.mark.parametrize("written", ["0xnonsense", ""])
async def test_a_key_that_cannot_be_read_puts_every_key_out_of_use(
    left: Left, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    monkeypatch.setenv("HYPERLIQUID_API_KEY", written)
    assert await left.compromised() == 1
    said = capsys.readouterr().err
    for words in ("NOT FLATTENED", "HYPERLIQUID_API_KEY", "whatever key is set", "every API wallet", "delete"):
        assert words in said
    assert "nonsense" not in said
    left.use(monkeypatch, FRESH)
    assert await asyncio.to_thread(main, ["status", "--state", str(left.state)]) != 0
    assert "declared compromised" in capsys.readouterr().err
