"""Liquidations on the desk: heard, stored, judged, followed for an hour, remembered over a restart, feeds named."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.errors import FeedUnavailable
from core.events import CascadeExhausted, Degraded, Recovered
from core.flows.cascades import Hearing, judge, liquidations
from core.flows.reconcile import recover
from core.market.liquidations import Certainty, Liquidation
from core.market.symbols import Side
from core.signals.cascade import MARKET, HitRate, Tier
from tests.core.flows.stage import START, Stage

SECOND, MINUTE = 1_000, 60_000


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    stage = Stage()
    stage.desk.feeds = {"binance": Certainty.SAMPLED}
    await stage.begin()
    Hearing(stage.desk).stands("binance", START - 10 * MINUTE, up=True)
    return stage


def forced(number: int, usd: float, at_ms: int, side: Side = Side.LONG) -> Liquidation:
    return Liquidation("BTC", side, usd / 100, 100.0, at_ms, "binance", "binance", Certainty.SAMPLED, ("n", number))


async def pass_seconds(stage: Stage, seconds: int) -> None:
    for _ in range(seconds):
        await stage.pass_time(SECOND)
        await judge(stage.desk)


async def cascade(stage: Stage, usd: float = 400_000.0, number: int = 1) -> None:
    Hearing(stage.desk).heard([forced(number, usd, stage.clock.now_ms())])
    await pass_seconds(stage, 31)


def told(stage: Stage, kind: type) -> list:  # type: ignore[type-arg]
    return [event for _, event in stage.ledger.events if isinstance(event, kind)]


async def test_a_cascade_that_is_over_is_told_once_for_its_market_and_for_all(stage: Stage) -> None:
    await cascade(stage)
    await pass_seconds(stage, 30)
    events = told(stage, CascadeExhausted)
    assert [(one.symbol, one.tier, one.direction) for one in events] == [
        ("BTC", Tier.HIGH, Side.LONG),
        (MARKET, Tier.LOW, Side.LONG),
    ]
    assert [(one.hits, one.followed) for one in events] == [(0, 0), (0, 0)]


async def test_when_a_class_is_swept_one_message_says_so_and_positions_held_are_named(stage: Stage) -> None:
    await stage.open("BTC")
    for number, (symbol, usd) in enumerate((("ETH", 300_000.0), ("SOL", 500_000.0)), start=2):
        Hearing(stage.desk).heard([replace(forced(number, usd, stage.clock.now_ms()), symbol=symbol)])
    await cascade(stage, usd=300_000.0)
    tiers = {one.symbol: one.tier for one in (await liquidations(stage.desk, 9)).past}
    assert tiers == {"BTC": Tier.MEDIUM, "ETH": Tier.MEDIUM, "SOL": Tier.HIGH, MARKET: Tier.MEDIUM}
    assert {one.symbol for one in told(stage, CascadeExhausted)} == {"BTC", "SOL", MARKET}


async def test_what_was_heard_is_stored_once_and_counted_once(stage: Stage) -> None:
    hearing, event = Hearing(stage.desk), forced(1, 5_000.0, START)
    hearing.heard([event, event])
    await judge(stage.desk)
    hearing.heard([event])
    await judge(stage.desk)
    assert list(await stage.ledger.liquidations(0)) == [event]
    seen = await liquidations(stage.desk, 5)
    assert [(one.symbol, one.total_usd) for one in seen.windows] == [(MARKET, 5_000.0), ("BTC", 5_000.0)]
    assert stage.desk.unsaved == []


async def test_what_followed_is_measured_after_15_and_60_minutes(stage: Stage) -> None:
    await cascade(stage)
    await stage.move("BTC", "60600", MINUTE)
    await pass_seconds(stage, 1)
    await stage.pass_time(15 * MINUTE)
    await judge(stage.desk)
    assert (await liquidations(stage.desk, 5)).after_15m == HitRate(2, 2)
    await stage.move("BTC", "59400", MINUTE)
    await stage.pass_time(45 * MINUTE)
    await judge(stage.desk)
    seen = await liquidations(stage.desk, 5)
    assert (seen.after_15m, seen.after_60m) == (HitRate(2, 2), HitRate(0, 2))
    assert seen.past[0].after_15m == pytest.approx(0.01)
    assert seen.past[0].after_60m == pytest.approx(-0.01)
    assert stage.desk.followed == []


async def test_a_restart_keeps_the_window_what_is_followed_and_what_was_counted(stage: Stage) -> None:
    await cascade(stage)
    reborn = stage.new_desk()
    reborn.feeds = {"binance": Certainty.SAMPLED}
    await recover(reborn)
    assert [one.symbol for one in reborn.followed] == [MARKET, "BTC"]
    Hearing(reborn).heard([forced(1, 400_000.0, START)])
    assert reborn.unsaved == [], "counted in its earlier life"
    seen = await liquidations(reborn, 5)
    assert seen.windows[0].total_usd == 400_000.0
    assert seen.feeds == [("binance", Certainty.SAMPLED, None)]


async def test_a_feed_that_stays_away_is_named_once_and_its_return_as_well(stage: Stage) -> None:
    hearing = Hearing(stage.desk)
    hearing.stands("binance", stage.clock.now_ms(), up=False)
    await pass_seconds(stage, 59)
    assert told(stage, Degraded) == []
    await pass_seconds(stage, 5)
    assert [one.what for one in told(stage, Degraded)] == ["liquidations binance"]
    hearing.stands("binance", stage.clock.now_ms(), up=True)
    await pass_seconds(stage, 2)
    assert [one.what for one in told(stage, Recovered)] == ["liquidations binance"]


async def test_after_a_gap_nothing_is_over_for_five_minutes(stage: Stage) -> None:
    Hearing(stage.desk).stands("binance", START, up=True)
    await cascade(stage)
    assert told(stage, CascadeExhausted) == []


async def test_without_feeds_there_is_nothing_to_show() -> None:
    stage = Stage()
    await stage.begin()
    with pytest.raises(FeedUnavailable):
        await liquidations(stage.desk, 5)
    await judge(stage.desk)
    assert stage.ledger.events == []
