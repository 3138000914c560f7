"""Displacement carried out: the weakest closed first and told, the newcomer in its place, and nothing on any error."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.decision.record import Outcome, Verdict
from core.desk import Desk
from core.errors import OutcomeUnknown, VenueUnavailable
from core.events import Displaced, TradeClosed, TradeOpened
from core.flows.displace import Room
from core.flows.enter import enter
from core.flows.quotes import Quotes
from core.flows.reconcile import reconcile
from core.flows.scan import enter_all
from core.flows.watch import watch
from core.market.symbols import Side
from core.settings import Settings
from core.trading.positions import CloseReason
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import CALM, Stage, judged
from tests.core.flows.test_strangers import by_hand

MINUTE = 60_000


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    """Two places, both taken: BTC (weaker) and ETH, an hour old."""
    stage = Stage(Settings.overridden({"limits": {"positions": 2}}))
    await stage.begin()
    assert (await stage.open("BTC", confidence=0.66)).verdict is Verdict.OPENED
    assert (await stage.open("ETH", confidence=0.70)).verdict is Verdict.OPENED
    await stage.pass_time(60 * MINUTE)
    return stage


async def newcomer(
    stage: Stage, confidence: float = 0.85, desk: Desk | None = None, room: Room | None = None
) -> Outcome:
    desk = desk or stage.desk
    return await enter(desk, judged("TSLA", Side.LONG, confidence=confidence), CALM, Quotes(), room=room or Room())


async def held(stage: Stage) -> list[str]:
    return sorted(p.symbol for p in await stage.ledger.live_positions())


def told(stage: Stage, *kinds: type) -> list[Any]:
    return [event for _, event in stage.ledger.events if isinstance(event, kinds)]


async def test_the_weakest_is_closed_before_the_newcomer_is_opened_and_it_is_told(stage: Stage) -> None:
    outcome = await newcomer(stage)
    assert outcome.verdict is Verdict.OPENED, outcome
    assert await held(stage) == ["ETH", "TSLA"]
    (notice,) = told(stage, Displaced)
    assert (notice.symbol, notice.newcomer, notice.ways) == ("BTC", "TSLA", "A")
    assert (notice.confidence, notice.newcomer_confidence, notice.age_ms) == (0.66, 0.85, 60 * MINUTE)
    (trade,) = await stage.ledger.trades(5)
    assert (trade.symbol, trade.reason) == ("BTC", CloseReason.DISPLACED)
    order = [type(one) for one in told(stage, TradeClosed, Displaced, TradeOpened)][-3:]
    assert order == [Displaced, TradeClosed, TradeOpened]
    assert len(stage.stops("xyz:TSLA")) == 1
    assert stage.stops("BTC") == []


@pytest.mark.parametrize("confidence", [0.80, 0.66])
async def test_a_newcomer_that_is_not_much_better_stays_outside(stage: Stage, confidence: float) -> None:
    outcome = await newcomer(stage, confidence)
    assert (outcome.verdict, outcome.rule) == (Verdict.REFUSED, "max_positions")
    assert await held(stage) == ["BTC", "ETH"]
    assert told(stage, Displaced) == []


@pytest.mark.parametrize(("confidence", "goes"), [(0.80, True), (0.799999, False)])
async def test_an_adopted_position_counts_as_065(confidence: float, goes: bool) -> None:
    stage = Stage(Settings.overridden({"limits": {"positions": 1}}))
    await stage.begin()
    by_hand(stage, "ETH", "1", "3100")
    await reconcile(stage.desk)
    await stage.pass_time(60 * MINUTE)
    await newcomer(stage, confidence)
    assert await held(stage) == (["TSLA"] if goes else ["ETH"])


async def test_in_one_scan_only_one_goes(stage: Stage) -> None:
    desk = stage.desk
    outcomes, outage = await enter_all(desk, [judged("TSLA", confidence=0.95)], CALM)
    assert outage is None
    assert [one.verdict for one in outcomes] == [Verdict.OPENED]
    assert (await newcomer(stage, room=Room(made=True))).rule == "position_open"
    stage2_room = Room(made=True)
    await stage.pass_time(60 * MINUTE)
    again = await enter(desk, judged("BTC", confidence=0.99), CALM, Quotes(), room=stage2_room)
    assert again.rule == "max_positions"
    assert len(told(stage, Displaced)) == 1


async def test_a_newcomer_that_could_not_be_opened_displaces_nobody(stage: Stage) -> None:
    hopeless = judged("TSLA", confidence=0.95, atr=0.0)
    outcome = await enter(stage.desk, hopeless, CALM, Quotes(), room=Room())
    assert outcome.rule == "max_positions"
    assert await held(stage) == ["BTC", "ETH"]


async def test_under_the_governor_too_many_positions_are_not_closed(stage: Stage) -> None:
    rules = replace(stage.settings.governor, positions_1=1)
    stage.settings = replace(stage.settings, governor=rules)
    desk = stage.new_desk()
    stage.running.exchange.deposit("0x" + "7e" * 20, Decimal(-600), "")
    await reconcile(desk)
    outcome = await newcomer(stage, 0.99, desk)
    assert (outcome.rule, outcome.limit) == ("max_positions", 1)
    assert await held(stage) == ["BTC", "ETH"]


@pytest.mark.parametrize("trouble", [OutcomeUnknown("no answer"), VenueUnavailable("away")])
async def test_an_error_keeps_the_newcomer_out_and_the_victim_goes_all_the_same(
    stage: Stage, trouble: Exception
) -> None:
    venue = Intercepted(stage.venue)

    async def fail(*_: object, **__: object) -> None:
        raise trouble

    venue.instead["submit"] = fail
    desk = stage.new_desk(venue=venue)
    outcome = await newcomer(stage, desk=desk)
    assert (outcome.verdict, outcome.rule) == (Verdict.REFUSED, "max_positions")
    assert await held(stage) == ["BTC", "ETH"]
    venue.instead.clear()
    await stage.pass_time(stage.settings.execution.protective_expires_ms + 1)
    for _ in range(2):
        await watch(desk)
    assert await held(stage) == ["ETH"]
    (trade,) = await stage.ledger.trades(5)
    assert trade.reason is CloseReason.DISPLACED
    assert [one.newcomer for one in told(stage, Displaced)] == ["TSLA"]
