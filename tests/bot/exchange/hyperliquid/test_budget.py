"""The weight budget: never overdrawn, on market time, with a reserve that candles cannot touch."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.budget import WINDOW_MS, WeightBudget
from bot.exchange.hyperliquid import weights
from bot.exchange.hyperliquid.nonces import Nonces
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.errors import VenueUnavailable
from core.settings import Execution
from tests.bot.exchange.hyperliquid.loopback import NOW, QUICK, Loopback, MarketTime, adapter, ticket

RULES = Execution(weight_per_minute=100, weight_reserve=20)


async def spend(budget: WeightBudget, weight: int, *, protective: bool = False) -> None:
    """A request that is answered at once."""
    async with budget.spending(weight, protective=protective):
        pass


async def settle(*tasks: asyncio.Task[None]) -> None:
    """Let waiting calls look at the clock a few times."""
    await asyncio.wait(tasks, timeout=0.02)


async def test_ordinary_calls_stop_at_the_reserve_and_protective_ones_pass(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    await spend(budget, 80)
    waiting = asyncio.create_task(spend(budget, 1))
    await settle(waiting)
    assert not waiting.done()
    await spend(budget, 20, protective=True)
    assert budget.spent == 100
    clock.now += WINDOW_MS
    await waiting
    assert budget.spent == 1


@pytest.mark.parametrize(
    ("weight", "protective", "passes"), [(1_000, False, True), (1_001, False, False), (1_200, True, True), (1_201, True, False)]
)  # fmt: skip
async def test_1200_a_minute_are_spent_the_last_200_by_protective_calls_alone(
    weight: int, protective: bool, passes: bool, clock: MarketTime
) -> None:
    rules = Execution()
    budget = WeightBudget(rules.weight_per_minute, rules.weight_reserve, clock)
    budget.charge(weight - 1)
    last = asyncio.create_task(spend(budget, 1, protective=protective))
    await settle(last)
    assert last.done() is passes
    clock.now += WINDOW_MS
    await last


async def test_the_budget_is_never_overdrawn_in_any_minute(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    spent: list[tuple[int, int]] = []

    async def ask(weight: int) -> None:
        await spend(budget, weight)
        spent.append((clock.now, weight))

    tasks = [asyncio.create_task(ask(weight)) for weight in (30, 25, 20, 40, 5, 60, 10, 79)]
    while not all(task.done() for task in tasks):
        await settle(*tasks)
        clock.now += 7_000
    for end, _ in spent:
        assert sum(weight for time, weight in spent if end - WINDOW_MS < time <= end) <= 80
    assert [weight for _, weight in spent] == [30, 25, 20, 40, 5, 60, 10, 79]


async def test_a_call_heavier_than_the_budget_waits_for_an_empty_minute(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    await spend(budget, 500)
    waiting = asyncio.create_task(spend(budget, 500, protective=True))
    await settle(waiting)
    assert not waiting.done()
    clock.now += WINDOW_MS
    await waiting


async def test_a_venue_that_says_too_many_stops_ordinary_calls_only(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    budget.exhaust()
    waiting = asyncio.create_task(spend(budget, 1))
    await spend(budget, 20, protective=True)
    await settle(waiting)
    assert not waiting.done()
    waiting.cancel()


async def test_weight_counts_until_a_minute_after_the_answer(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    async with budget.spending(80, protective=False):
        waiting = asyncio.create_task(spend(budget, 80))
        clock.now += 2 * WINDOW_MS
        await settle(waiting)
        assert not waiting.done()
    clock.now += WINDOW_MS - 1
    await settle(waiting)
    assert not waiting.done()
    clock.now += 1
    await waiting


async def test_a_request_that_fails_has_spent_its_weight_as_well(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    with pytest.raises(ValueError, match="lost"):
        async with budget.spending(30, protective=True):
            raise ValueError("lost")
    assert budget.spent == 30


async def test_a_clock_that_is_set_back_keeps_what_was_spent_for_a_minute_and_no_longer(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    await spend(budget, 50, protective=True)
    clock.now -= 400 * 86_400_000
    assert budget.spent == 50
    waiting = asyncio.create_task(spend(budget, 80))
    await settle(waiting)
    assert not waiting.done()
    clock.now += WINDOW_MS
    await waiting
    assert budget.spent == 80


async def test_a_venue_that_keeps_no_budget_makes_nobody_wait(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    budget.waived = True
    async with asyncio.timeout(1):
        for _ in range(10):
            await spend(budget, 60)


async def test_a_stop_goes_out_while_candles_wait(server: Loopback, clock: MarketTime) -> None:
    server.info["candleSnapshot"] = []
    server.exchange = server.answers({"status": "ok", "response": {"type": "order", "data": {"statuses": [{"resting": {"oid": 1}}]}}})  # fmt: skip
    venue = adapter(server.url, clock, execution=replace(QUICK, weight_per_minute=400, weight_reserve=100))
    await venue.start()
    candles = [asyncio.create_task(venue.candles("BTC", "1h", NOW, NOW)) for _ in range(20)]
    await asyncio.wait(candles, timeout=0.05)
    assert 0 < sum(not task.done() for task in candles) < 20
    async with asyncio.timeout(1):
        await venue.submit([ticket()], attached=False)
        await venue.account()
    while not all(task.done() for task in candles):
        clock.now += WINDOW_MS
        await asyncio.wait(candles, timeout=0.05)
    await venue.close()


async def test_a_call_that_says_how_long_gives_up_with_nothing_spent_and_out_of_the_queue(clock: MarketTime) -> None:
    budget = WeightBudget(RULES.weight_per_minute, RULES.weight_reserve, clock)
    await spend(budget, 80)
    for protective, weight in ((False, 1), (True, 21)):
        with pytest.raises(TimeoutError):
            async with budget.spending(weight, protective=protective, patience_s=0.01):
                pass
    waiting = asyncio.create_task(spend(budget, 1))
    await settle(waiting)
    with pytest.raises(TimeoutError):  # behind another
        async with budget.spending(1, protective=False, patience_s=0.01):
            pass
    assert budget.spent == 80
    clock.now += WINDOW_MS
    await waiting


async def test_after_a_429_what_is_asked_while_others_wait_is_answered_from_the_reserve_or_fails_soon(
    server: Loopback, clock: MarketTime
) -> None:
    server.info["userNonFundingLedgerUpdates"] = []
    server.info["metaAndAssetCtxs"] = [{"universe": []}, []]
    server.info["metaAndAssetCtxs/xyz"] = [{"universe": []}, []]
    venue = adapter(server.url, clock, execution=replace(QUICK, read_timeout_ms=500))
    await venue.start()
    server.read = server.answers("null", 429)
    with pytest.raises(VenueUnavailable):
        await venue.account()
    server.read = None
    async with asyncio.timeout(2):
        assert list(await venue.transfers(0)) == []
        assert len(await venue.listings()) == 4
        with pytest.raises(VenueUnavailable, match="no request weight was left"):
            await venue.quotes(hurried=True)
    patient = asyncio.ensure_future(venue.quotes())
    await asyncio.wait([patient], timeout=0.02)
    assert not patient.done()
    clock.now += WINDOW_MS
    assert await patient == {}
    await venue.close()


async def test_rows_are_charged_when_they_are_known(venue: HyperliquidVenue, server: Loopback) -> None:
    row = {"t": 0, "o": "1", "h": "1", "l": "1", "c": "1", "v": "1"}
    server.info["candleSnapshot"] = [row] * 600
    before = venue.weight_spent
    await venue.candles("BTC", "1h", NOW, NOW)
    assert venue.weight_spent - before == 20 + 10


@pytest.mark.parametrize(
    ("kind", "weight", "protective"),
    [("clearinghouseState", 2, True), ("orderStatus", 2, True), ("userFillsByTime", 20, True), ("meta", 20, True), ("userNonFundingLedgerUpdates", 20, True), ("metaAndAssetCtxs", 20, False), ("candleSnapshot", 20, False), ("userRole", 60, False)],
)  # fmt: skip
def test_weights_are_the_venues(kind: str, weight: int, protective: bool) -> None:
    assert (weights.of_info(kind), weights.is_protective(kind)) == (weight, protective)


def test_nonces_grow_whatever_the_clock_does(clock: MarketTime) -> None:
    nonces = Nonces(clock.now_ms)
    given = [nonces.next(), nonces.next()]
    clock.now -= 10_000
    given.append(nonces.next())
    clock.now += 60_000
    given.append(nonces.next())
    assert given == [NOW, NOW + 1, NOW + 2, NOW + 50_000]


@pytest.mark.parametrize(
    ("words", "least"),
    [("Invalid nonce: duplicate nonce 1790000000500", NOW + 600), ("Invalid nonce: nonce too low 5 < 1790000000900", NOW + 1_000)],
)  # fmt: skip
def test_a_refused_nonce_is_left_behind(clock: MarketTime, words: str, least: int) -> None:
    nonces = Nonces(clock.now_ms)
    assert nonces.refused(words)
    assert nonces.next() > least
    assert not nonces.refused("Must deposit before performing actions.")
