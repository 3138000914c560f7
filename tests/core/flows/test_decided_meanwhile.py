"""What an operator decides while a scan is under way binds the entries that have not been sent yet."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from core.decision.record import Verdict
from core.desk import Desk
from core.errors import VenueUnavailable
from core.flows.close import flatten
from core.flows.control import block, pause
from core.flows.scan import enter_all
from core.replay.run import ACCOUNT
from core.settings import Settings
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from core.trading.positions import CloseReason, PositionState
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import CALM, Stage, judged

FINALISTS = [judged("BTC", confidence=0.8), judged("ETH", confidence=0.7)]


@pytest.fixture
async def stage() -> Stage:
    one = Stage(Settings.overridden({"limits": {"cooldown_ms": 60_000}}))
    await one.begin()
    return one


def interrupted(stage: Stage) -> tuple[Desk, Intercepted]:
    """The desk over a venue whose calls can be interrupted."""
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)
    return stage.desk, venue


async def test_a_flatten_between_two_entries_of_one_scan_lets_no_second_one_through(stage: Stage) -> None:
    desk, venue = interrupted(stage)
    started: list[asyncio.Task[object]] = []

    async def flatten_once() -> None:
        if not started:
            started.append(asyncio.create_task(flatten(desk, "ann")))
            await asyncio.sleep(0)

    venue.before["submit"] = flatten_once
    outcomes, _ = await enter_all(desk, FINALISTS, CALM)
    await started[0]
    assert [(o.verdict, o.rule) for o in outcomes] == [(Verdict.OPENED, "filled"), (Verdict.REFUSED, "halted")]
    assert stage.running.exchange.positions(ACCOUNT) == []


async def test_a_pause_while_terms_are_being_set_stops_the_entry(stage: Stage) -> None:
    desk, venue = interrupted(stage)

    async def pause_once() -> None:
        venue.before.clear()
        await pause(desk, "ann")

    venue.before["set_leverage"] = pause_once
    outcomes, _ = await enter_all(desk, FINALISTS, CALM)
    assert [o.rule for o in outcomes] == ["paused", "paused"]
    assert stage.running.exchange.fills(ACCOUNT) == []


async def test_a_block_during_the_scan_stops_the_entry_of_that_symbol(stage: Stage) -> None:
    desk, venue = interrupted(stage)

    async def block_once() -> None:
        venue.before.clear()
        await block(desk, "BTC", "ann")

    venue.before["quotes"] = block_once
    outcomes, _ = await enter_all(desk, FINALISTS, CALM)
    assert [o.rule for o in outcomes] == ["blocked", "filled"]


async def test_nothing_is_entered_on_top_of_a_position_that_the_book_does_not_know(stage: Stage) -> None:
    order = OrderRequest("BTC", False, Decimal(59000), Decimal(1), False, Tif.IOC)
    stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
    stage.moment()
    outcome = await stage.open("BTC")
    assert (outcome.verdict, outcome.rule) == (Verdict.REFUSED, "position_open")


async def test_of_decisions_taken_at_once_none_is_lost(stage: Stage) -> None:
    ledger = Intercepted(stage.ledger)

    async def others_turn() -> None:
        await asyncio.sleep(0)

    ledger.before = {"switches": others_turn, "store": others_turn}
    desk = stage.new_desk(ledger=ledger)
    await asyncio.gather(flatten(desk, "ann"), pause(desk, "bob"), block(desk, "BTC", "bob"), block(desk, "ETH", "ann"))
    switches = await stage.ledger.switches()
    assert switches.halted
    assert switches.paused
    assert set(switches.blocks) == {"BTC", "ETH"}


async def test_a_flatten_that_finds_the_venue_down_is_pressed_once_it_is_back(stage: Stage) -> None:
    await stage.open()
    desk, venue = interrupted(stage)

    async def down(*_: object) -> None:
        raise VenueUnavailable("no route to the venue")

    venue.instead = {"account": down, "open_orders": down}
    with pytest.raises(VenueUnavailable):
        await flatten(desk, "ann")
    (position,) = await stage.ledger.live_positions()
    assert (position.state, position.reason) == (PositionState.CLOSING, CloseReason.FLATTEN)
    venue.instead.clear()
    await stage.look()
    await stage.look()
    (trade,) = await stage.ledger.trades(1)
    assert trade.reason is CloseReason.FLATTEN
    assert stage.running.exchange.positions(ACCOUNT) == []


async def test_flatten_closes_what_was_opened_by_hand_since_the_last_reconciliation(stage: Stage) -> None:
    order = OrderRequest("ETH", True, Decimal(3100), Decimal(1), False, Tif.IOC)
    stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
    stage.moment()
    report = await flatten(stage.desk, "ann")
    assert [t.symbol for t in report.closed] == ["ETH"]
    assert report.still_open == ()
    assert stage.running.exchange.positions(ACCOUNT) == []


async def test_a_flatten_sends_every_close_before_it_looks_again(stage: Stage) -> None:
    for symbol in ("BTC", "ETH", "TSLA"):
        await stage.open(symbol)
    await stage.look()
    desk, venue = interrupted(stage)
    calls: list[str] = []

    async def count(name: str) -> None:
        calls.append(name)

    venue.before = {"submit": lambda: count("close"), "open_orders": lambda: count("look")}
    report = await flatten(desk, "ann")
    assert calls[:4] == ["look", "close", "close", "close"]
    assert len(report.closed) == 3
