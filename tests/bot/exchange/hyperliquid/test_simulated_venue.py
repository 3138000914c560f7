"""The adapter against the simulated exchange over its wire: the whole contract, and what only a wire can do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from core.errors import OutcomeUnknown, VektorError, VenueRefused, VenueUnavailable
from core.market.ports import Clock
from core.settings import ExchangeRules, Execution
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange
from core.trading.orders import Intent, TicketState
from tests.bot.exchange.hand_market import START, HandMarket
from tests.bot.exchange.hyperliquid.loopback import ADDRESS, KEY, QUICK, MarketTime
from tests.bot.exchange.venue_contract import VenueContract
from tests.bot.exchange.venue_stage import FUNDED, Stage

PATIENT = replace(QUICK, timeout_ms=2_000)
LIMITED = replace(QUICK, timeout_ms=10_000, weight_per_minute=1_200)


class Wire:
    """Steps the simulated venue's clock over the wire, and our own with it."""

    def __init__(self, venue: HyperliquidVenue, clock: MarketTime) -> None:
        self._venue = venue
        self._clock = clock

    async def to(self, ms: int) -> None:
        await self._venue.step_to(ms)
        self._clock.now = ms


class Unhurried(MarketTime):
    """A market second is a second, so that an order that is good for 15 of them is waited for as long."""

    def span_ms(self, wall_ms: int) -> int:
        return wall_ms


@pytest.fixture
async def simulated() -> AsyncIterator[tuple[SimulatedVenue, HandMarket]]:
    market = HandMarket()
    rules = ExchangeRules()
    running = RunningExchange(Exchange(market.terms, rules, START), market)
    clock = VenueClock(START, speed=None, monotonic=time.monotonic, wall_ms=lambda: START)
    server = SimulatedVenue(running, clock=clock, rules=rules)
    await server.start()
    server.fund(ADDRESS, FUNDED)
    yield server, market
    await server.stop()


def adapted(
    server: SimulatedVenue, clock: Clock, *, account: str = ADDRESS, key: str = KEY, execution: Execution = PATIENT
) -> HyperliquidVenue:
    return HyperliquidVenue(
        base_url=server.base_url,
        account=account.upper().replace("0X", "0x"),
        key=SecretKey(key),
        execution=execution,
        clock=clock,
        wall_ms=clock.now_ms,
    )


@pytest.fixture
async def stage(simulated: tuple[SimulatedVenue, HandMarket]) -> AsyncIterator[Stage]:
    server, market = simulated
    clock = Unhurried(START)
    venue = adapted(server, clock, execution=replace(PATIENT, weight_per_minute=1_200))
    await venue.start()
    await venue.market_clock()
    yield Stage(venue, market, Wire(venue, clock))
    await venue.close()


class TestOverTheWire(VenueContract):
    """The suite with the module's own stage."""


async def test_the_clock_tells_where_the_market_stands(stage: Stage) -> None:
    venue = stage.venue
    assert isinstance(venue, HyperliquidVenue)
    assert await venue.market_clock() == (START, None)
    await stage.world.to(START + 5_000)
    assert await venue.market_clock() == (START + 5_000, None)
    assert await venue.market_end() is None


async def test_money_that_came_in_is_told_and_what_moves_between_dexes_is_not(stage: Stage) -> None:
    (funded,) = await stage.venue.transfers(0)
    assert (funded.kind, funded.amount, funded.time_ms) == ("deposit", FUNDED, START)
    await stage.venue.bring_collateral("xyz:TSLA", Decimal(500))
    assert list(await stage.venue.transfers(0)) == [funded]
    assert list(await stage.venue.transfers(START + 1)) == []


async def test_an_order_that_comes_too_late_is_surely_not_carried_out(stage: Stage) -> None:
    late = stage.ticket(expires_ms=stage.now - 1)
    with pytest.raises(VenueUnavailable, match="expired"):
        await stage.venue.submit([late], attached=False)
    assert await stage.venue.order(late.client_id) is None


async def test_candles_come_as_columns_with_the_forming_bar(stage: Stage) -> None:
    venue = stage.venue
    assert isinstance(venue, HyperliquidVenue)
    bars = await venue.candles("xyz:TSLA", "15m", START - 10 * 900_000, START)
    assert bars.time.tolist() == [(START // 900_000 - 10 + n) * 900_000 for n in range(11)]
    assert set(bars.close.tolist()) == {320.0}


async def test_a_fill_and_its_order_nudge(stage: Stage) -> None:
    words = stage.venue.changes()
    heard: set[str] = set()

    async def listen() -> None:
        async for word in words:
            heard.add(word)
            if {"fill", "order"} <= heard:
                return

    listening = asyncio.create_task(listen())
    while not listening.done():
        await stage.enter()
        await stage.mark("BTC", 60_000)
        await stage.venue.submit([stage.ticket(Intent.CLOSE)], attached=False)
        await asyncio.wait({listening}, timeout=0.1)
    assert {"fill", "order"} <= heard


@pytest.mark.parametrize("kind", ["drop_after", "lose_answer", "delay_after"])
async def test_an_entry_whose_answer_was_lost_is_found_by_its_id_and_was_made_once(
    stage: Stage, simulated: tuple[SimulatedVenue, HandMarket], kind: str
) -> None:
    simulated[0].faults.order({"kind": kind, "action": "order", "seconds": 3})
    tickets = (stage.ticket(), stage.ticket(Intent.STOP), stage.ticket(Intent.TARGET))
    with pytest.raises(OutcomeUnknown):
        await stage.venue.submit(tickets, attached=True)
    assert [await stage.state(one) for one in tickets] == [TicketState.FILLED, TicketState.RESTING, TicketState.RESTING]
    assert [fill.size for fill in await stage.fills()] == [tickets[0].size]
    assert len(await stage.venue.open_orders()) == 2


async def test_an_entry_that_never_arrived_stays_unknown_after_its_expiry(
    stage: Stage, simulated: tuple[SimulatedVenue, HandMarket]
) -> None:
    simulated[0].faults.order({"kind": "drop_before", "action": "order"})
    entry = stage.ticket()
    with pytest.raises(OutcomeUnknown):
        await stage.venue.submit([entry], attached=False)
    await stage.world.to(entry.expires_ms + 1)
    assert (await stage.venue.account()).time_ms > entry.expires_ms
    assert await stage.venue.order(entry.client_id) is None
    assert await stage.fills() == []


@pytest.mark.parametrize(("status", "error"), [(500, OutcomeUnknown), (502, OutcomeUnknown), (429, VenueUnavailable)])
async def test_a_venue_in_trouble_does_not_get_the_order_again(
    stage: Stage, simulated: tuple[SimulatedVenue, HandMarket], status: int, error: type[VektorError]
) -> None:
    simulated[0].faults.order({"kind": "status", "action": "order", "status": status})
    entry = stage.ticket()
    with pytest.raises(error):
        await stage.venue.submit([entry], attached=False)
    assert simulated[0].faults.told() == []
    assert await stage.venue.order(entry.client_id) is None
    assert await stage.fills() == []


async def test_a_read_in_trouble_fails_and_the_next_one_is_true(
    stage: Stage, simulated: tuple[SimulatedVenue, HandMarket]
) -> None:
    simulated[0].faults.order({"kind": "status", "path": "/info", "action": "clearinghouseState", "status": 500})
    with pytest.raises(VenueUnavailable):
        await stage.venue.account()
    assert (await stage.venue.account()).equity == FUNDED


async def test_a_mode_that_cannot_change_under_a_position_is_refused_in_the_venues_words(stage: Stage) -> None:
    await stage.enter()
    with pytest.raises(VenueRefused, match="Cannot switch leverage type with open position"):
        await stage.venue.set_leverage("BTC", 5, isolated=False)


async def test_a_process_that_starts_anew_in_the_same_instant_gets_past_used_nonces(
    stage: Stage, simulated: tuple[SimulatedVenue, HandMarket]
) -> None:
    for leverage in range(1, 6):
        await stage.venue.set_leverage("BTC", leverage, isolated=True)
    reborn = adapted(simulated[0], Unhurried(START))
    await reborn.start()
    with pytest.raises(VenueUnavailable, match="nonce"):
        await reborn.set_leverage("BTC", 7, isolated=True)
    await reborn.set_leverage("BTC", 7, isolated=True)
    await reborn.close()


class Running(MarketTime):
    """The venue's own time, which passes 120 times as fast as the wall."""

    SPEED = 120

    def __init__(self, market: HandMarket) -> None:
        self._market = market

    def now_ms(self) -> int:
        return self._market.now_ms

    def span_ms(self, wall_ms: int) -> int:
        return wall_ms * self.SPEED


async def test_a_venue_that_keeps_a_budget_never_has_to_say_too_many() -> None:
    market, rules = HandMarket(), ExchangeRules()
    clock = Running(market)
    running = RunningExchange(Exchange(market.terms, rules, START), market)
    pace = VenueClock(START, speed=clock.SPEED, monotonic=time.monotonic, wall_ms=clock.now_ms)
    server = SimulatedVenue(running, clock=pace, rules=rules, limited=True)
    await server.start()
    server.fund(ADDRESS, FUNDED)
    venue = adapted(server, clock, execution=LIMITED)
    await venue.start()
    spans = [START - bars * 900_000 for bars in (30, 300, 3_000)] * 30
    candles = [asyncio.create_task(venue.candles("BTC", "15m", since, START)) for since in spans]
    while not all(task.done() for task in candles):
        assert (await venue.account()).equity == FUNDED
        assert venue.weight_spent <= 1_200
        await asyncio.wait(candles, timeout=0.05)
    assert {len(task.result()) for task in candles} == {31, 301, 3_001}
    await venue.close()
    await server.stop()


async def test_a_venue_that_keeps_no_budget_is_not_waited_for(stage: Stage) -> None:
    venue = stage.venue
    assert isinstance(venue, HyperliquidVenue)
    async with asyncio.timeout(5):
        while venue.weight_spent < 3 * Execution().weight_per_minute:
            await venue.candles("BTC", "1h", START - 3_000 * 3_600_000, START)


async def test_a_stranger_is_refused_in_the_venues_words(simulated: tuple[SimulatedVenue, HandMarket]) -> None:
    stranger = adapted(simulated[0], Unhurried(START), account="0x" + "12" * 20, key="ab" * 32)
    await stranger.start()
    assert (await stranger.account()).equity == 0
    with pytest.raises(VenueRefused, match="does not exist"):
        await stranger.set_leverage("BTC", 5, isolated=True)
    await stranger.close()
