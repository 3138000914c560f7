"""A market that the venue ends: noticed, told once, not entered again, and what was held in it is booked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.events import MarketDelisted, TradeClosed
from core.flows import control
from core.flows.delistings import look_for_delistings
from core.flows.reconcile import audit, recover
from core.trading.positions import CloseReason
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage


@pytest.fixture
async def stage() -> Stage:
    made = Stage()
    await made.begin()
    return made


def delist(stage: Stage, coin: str) -> None:
    """As the venue does it."""
    stage.running.exchange.delist(coin)
    stage.market.terms = [replace(t, delisted=t.delisted or t.coin == coin) for t in stage.market.terms]


def told(stage: Stage) -> list[MarketDelisted]:
    return [event for _, event in stage.ledger.events if isinstance(event, MarketDelisted)]


async def test_a_settled_position_is_booked_as_delisted_and_told_with_its_market(stage: Stage) -> None:
    await stage.open()
    delist(stage, "BTC")
    await stage.look()
    (trade,) = await stage.ledger.trades(1)
    assert (trade.reason, trade.exit) == (CloseReason.DELISTED, stage.market.marks["BTC"])
    assert told(stage) == [MarketDelisted("BTC", True)]
    assert isinstance(stage.ledger.events[-1][1], TradeClosed)
    assert (await audit(stage.desk)).clean


async def test_a_market_that_ended_is_told_once_and_read_no_more(stage: Stage) -> None:
    delist(stage, "ETH")
    for _ in range(2):
        await look_for_delistings(stage.desk)
    assert told(stage) == [MarketDelisted("ETH", False)]
    assert [m.symbol for m in stage.desk.entered] == ["BTC", "TSLA"]


async def test_a_pause_does_not_wait_for_the_listings(stage: Stage) -> None:
    delist(stage, "ETH")
    venue = Intercepted(stage.venue)

    async def pause() -> None:
        async with asyncio.timeout(1):
            await control.pause(stage.desk, "Ann")

    venue.before["listings"] = pause
    stage.desk = stage.new_desk(venue=venue)
    await look_for_delistings(stage.desk)
    assert (await stage.ledger.switches()).paused
    assert told(stage) == [MarketDelisted("ETH", False)]


async def test_what_was_delisted_while_the_program_was_down_is_booked_as_such(stage: Stage) -> None:
    await stage.open()
    delist(stage, "BTC")
    desk = stage.new_desk()
    desk.universe = [m for m in desk.universe if m.symbol != "BTC"]
    await recover(desk)
    (trade,) = await stage.ledger.trades(1)
    assert (trade.symbol, trade.reason) == ("BTC", CloseReason.DELISTED)
