"""Displacement by an API wallet, which cannot move collateral: nobody is closed for a newcomer that cannot be paid for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hyperliquid.utils import signing

from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from core.decision.record import Outcome, Verdict
from core.events import Displaced
from core.flows.displace import Room
from core.flows.enter import enter
from core.flows.quotes import Quotes
from core.flows.reconcile import recover
from core.settings import Settings
from tests.bot.exchange.simulator.client import Wallet, WireClient
from tests.core.flows.stage import CALM, START, Stage, judged

OWNER, AGENT = Wallet.of(45), Wallet.of(46)
HOUR_MS = 3_600_000


@dataclass
class Account:
    """One place, taken by BTC for an hour, in an account that the bot trades by an API wallet."""

    stage: Stage
    bot: HyperliquidVenue
    owner: HyperliquidVenue

    async def newcomer(self, symbol: str) -> Outcome:
        return await enter(self.stage.desk, judged(symbol, confidence=0.85), CALM, Quotes(), room=Room())

    async def held(self) -> list[str]:
        return [p.symbol for p in await self.stage.ledger.live_positions()]

    def displaced(self) -> list[str]:
        return [event.symbol for _, event in self.stage.ledger.events if isinstance(event, Displaced)]


def by(wallet: Wallet, server: SimulatedVenue, stage: Stage) -> HyperliquidVenue:
    return HyperliquidVenue(
        base_url=server.base_url,
        account=OWNER.address,
        key=SecretKey(f"0x{bytes(wallet.account.key).hex()}"),
        execution=stage.settings.execution,
        clock=stage.clock,
        wall_ms=stage.clock.now_ms,
    )


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    stage = Stage(Settings.overridden({"limits": {"positions": 1}}))
    clock = VenueClock(START, speed=None, monotonic=time.monotonic, wall_ms=lambda: START)
    server = SimulatedVenue(stage.running, clock=clock, rules=stage.settings.exchange)
    server.fund(OWNER.address, Decimal(10_000))
    await server.start()
    async with WireClient(server.base_url, OWNER) as client:
        action = {"type": "approveAgent", "agentAddress": AGENT.address, "agentName": "", "nonce": START}
        signature = signing.sign_agent(OWNER.account, action, False)
        del action["agentName"]
        answer = await client.post({"action": action, "nonce": START, "signature": signature})
        assert answer["status"] == "ok", answer
    one = Account(stage, by(AGENT, server, stage), by(OWNER, server, stage))
    await one.bot.start()
    await one.owner.start()
    stage.desk = stage.new_desk(venue=one.bot)
    await recover(stage.desk)
    assert (await stage.open("BTC", confidence=0.66)).verdict is Verdict.OPENED
    await one.bot.step_to(START + HOUR_MS)
    stage.clock.move_to(START + HOUR_MS)
    await stage.look()
    yield one
    await one.bot.close()
    await one.owner.close()
    await server.stop()


async def test_nobody_is_closed_for_a_newcomer_whose_dex_holds_no_collateral(account: Account) -> None:
    outcome = await account.newcomer("TSLA")
    assert (outcome.verdict, outcome.rule) == (Verdict.REFUSED, "max_positions")
    assert "BTC would have made room, but dex 'xyz' needs" in outcome.detail
    assert "API wallet may not move collateral" in outcome.detail
    assert await account.held() == ["BTC"]
    assert account.displaced() == []
    assert len(account.stage.running.exchange.positions(OWNER.address)) == 1


async def test_with_collateral_on_its_dex_the_newcomer_takes_the_place(account: Account) -> None:
    await account.owner.bring_collateral("xyz:TSLA", Decimal(3_000))
    assert (await account.newcomer("TSLA")).verdict is Verdict.OPENED
    assert await account.held() == ["TSLA"]
    assert account.displaced() == ["BTC"]


async def test_what_the_victim_frees_on_the_same_dex_pays_for_the_newcomer(account: Account) -> None:
    free = (await account.bot.account()).free
    await account.owner.bring_collateral("xyz:TSLA", free)
    assert (await account.newcomer("ETH")).verdict is Verdict.OPENED
    assert await account.held() == ["ETH"]
