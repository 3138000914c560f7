"""Answers that are lost, come late, or contradict a read that was made a moment before."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision.record import Verdict
from core.errors import NoPosition, OutcomeUnknown, StorageUnavailable, VenueRefused, VenueUnavailable
from core.flows.close import close_position, flatten
from core.flows.enter import enter, exposure
from core.flows.quotes import Quotes
from core.flows.reconcile import audit, reconcile
from core.flows.truth import read_truth
from core.flows.watch import watch
from core.market.symbols import Side
from core.replay.run import ACCOUNT
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from core.trading.positions import CloseReason, PositionState
from tests.core.flows.ports import Delayed, Intercepted
from tests.core.flows.stage import CALM, Stage, judged


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def over(stage: Stage) -> Intercepted:
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)
    return venue


async def enter_btc(stage: Stage) -> Any:
    return await enter(stage.desk, judged(), CALM, Quotes())


def kinds(stage: Stage) -> list[str]:
    return [type(e).__name__ for _, e in stage.ledger.events]


async def test_an_entry_that_arrives_between_the_reads_is_not_given_up(stage: Stage) -> None:
    venue, late = over(stage), Delayed(stage)
    venue.instead["submit"] = late.submit
    venue.before["order"] = late.arrive
    outcome = await enter_btc(stage)
    assert (outcome.verdict, outcome.rule) == (Verdict.OPENED, "unconfirmed")
    venue.instead.clear()
    await stage.look()
    (position,) = await stage.ledger.live_positions()
    assert (position.state, position.adopted) == (PositionState.OPEN, False)
    assert kinds(stage) == ["TradeOpened"]


async def test_an_account_that_is_read_too_early_does_not_make_a_filled_entry_unfilled(stage: Stage) -> None:
    venue = over(stage)
    old = await stage.venue.account()

    async def stale() -> Any:
        return old

    venue.instead["account"] = stale
    assert (await enter_btc(stage)).rule == "unconfirmed"
    venue.instead.clear()
    await reconcile(stage.desk)
    (position,) = await stage.ledger.live_positions()
    assert not position.adopted
    assert kinds(stage) == ["TradeOpened"]


async def test_a_ledger_that_fails_after_the_entry_was_sent_does_not_disown_it(stage: Stage) -> None:
    ledger = Intercepted(stage.ledger)
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue, ledger=ledger)

    async def full_disk(**_: Any) -> None:
        ledger.instead.clear()
        raise StorageUnavailable("database or disk is full")

    async def break_storage() -> None:
        ledger.instead["store"] = full_disk

    venue.before["submit"] = break_storage
    with pytest.raises(StorageUnavailable):
        await enter_btc(stage)
    venue.before.clear()
    await stage.look()
    (position,) = await stage.ledger.live_positions()
    assert (position.state, position.adopted) == (PositionState.OPEN, False)


async def test_a_flatten_also_closes_an_entry_that_turns_up_afterwards(stage: Stage) -> None:
    venue, late = over(stage), Delayed(stage)
    venue.instead["submit"] = late.submit
    await enter_btc(stage)
    venue.instead.clear()
    report = await flatten(stage.desk, "ann")
    assert report.still_open == ("BTC",)
    await late.arrive()
    await stage.look()
    await stage.look()
    assert stage.running.exchange.positions(ACCOUNT) == []
    (trade,) = await stage.ledger.trades(1)
    assert trade.reason is CloseReason.FLATTEN
    assert (await audit(stage.desk)).clean


async def test_a_flatten_whose_booking_is_answered_by_an_outage_tells_of_the_trade_once(stage: Stage) -> None:
    await stage.open()
    ledger = Intercepted(stage.ledger)
    stage.desk = stage.new_desk(ledger=ledger)

    async def commit_and_hang_up(**given: Any) -> None:
        await stage.ledger.store(**given)
        if given.get("trade") is not None:
            ledger.instead.clear()
            raise StorageUnavailable("the connection is gone")

    ledger.instead["store"] = commit_and_hang_up
    report = await flatten(stage.desk, "ann")
    assert [t.symbol for t in report.closed] == ["BTC"]
    assert kinds(stage).count("TradeClosed") == 1


async def test_a_close_of_an_entry_that_never_arrives_ends_without_a_trade(stage: Stage) -> None:
    venue, late = over(stage), Delayed(stage)
    venue.instead["submit"] = late.submit
    await enter_btc(stage)
    with pytest.raises(OutcomeUnknown):
        await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "ann")
    await stage.pass_time(stage.settings.execution.expires_ms + 1_000)
    with pytest.raises(NoPosition, match="never filled"):
        await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "ann")
    assert not await stage.ledger.live_positions()
    assert (await audit(stage.desk)).clean


async def test_an_entry_without_an_answer_counts_as_open_risk(stage: Stage) -> None:
    venue, late = over(stage), Delayed(stage)
    before = await exposure(stage.desk, [], await read_truth(stage.desk))
    venue.instead["submit"] = late.submit
    await enter_btc(stage)
    (position,) = await stage.ledger.live_positions()
    held = await exposure(stage.desk, [position], await read_truth(stage.desk))
    assert held.open_risk == pytest.approx(float(position.size * position.risk_per_unit))
    assert held.gross == pytest.approx(float(position.size * position.entry))
    assert held.free < before.free


async def test_a_stop_that_could_not_be_sent_is_sent_at_the_very_next_look(stage: Stage) -> None:
    await stage.open()
    venue = over(stage)
    (stop,) = stage.stops("BTC")
    stage.running.exchange.cancel(ACCOUNT, "BTC", stop.oid)

    async def down(*_: Any, **__: Any) -> Any:
        raise VenueUnavailable("HTTP 429")

    venue.instead["submit"] = down
    with pytest.raises(VenueUnavailable):
        await stage.look()
    venue.instead.clear()
    await watch(stage.desk)
    assert len(stage.stops("BTC")) == 1


async def test_a_nudge_is_not_lost_when_the_venue_cannot_be_read(stage: Stage) -> None:
    await stage.open()
    venue = over(stage)
    (stop,) = stage.stops("BTC")
    stage.running.exchange.cancel(ACCOUNT, "BTC", stop.oid)

    async def down() -> Any:
        raise VenueUnavailable("no answer")

    venue.instead["open_orders"] = down
    with pytest.raises(VenueUnavailable):
        await stage.look()
    venue.instead.clear()
    await watch(stage.desk)
    assert len(stage.stops("BTC")) == 1


async def test_a_position_over_which_the_venue_refuses_keeps_no_other_from_being_protected(stage: Stage) -> None:
    await stage.open("BTC")
    await stage.open("ETH", Side.SHORT)
    await stage.look()
    venue = over(stage)
    (stop,) = stage.stops("ETH")
    stage.running.exchange.cancel(ACCOUNT, "ETH", stop.oid)

    async def refuse(*_: Any) -> Any:
        raise VenueRefused("User or API Wallet does not exist.", words="")

    venue.instead = {"fills": refuse}
    (first, _) = await stage.ledger.live_positions()
    sell = OrderRequest("BTC", False, first.stop, first.size, True, Tif.IOC)
    stage.running.exchange.submit(ACCOUNT, [sell], Grouping.NA)
    with pytest.raises(VenueRefused):
        await stage.look()
    assert len(stage.stops("ETH")) == 1


async def test_a_stop_that_fires_between_the_audits_reads_is_no_mismatch(stage: Stage) -> None:
    await stage.open()
    venue = over(stage)

    async def fire() -> None:
        venue.before.clear()
        await stage.move("BTC", "59000")

    venue.before["open_orders"] = fire
    assert (await audit(stage.desk)).clean
    assert "BookMismatch" not in kinds(stage)
