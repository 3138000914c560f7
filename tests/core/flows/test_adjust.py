"""What an operator changes on an open position: never without a stop, never more than asked, told once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.decision.record import Verdict
from core.errors import NoPosition, OutcomeUnknown, StorageUnavailable, UserMistake, VenueRefused
from core.events import PositionReduced, StopMoved, TargetMoved
from core.flows.adjust import reduce, set_stop, set_target
from core.flows.close import close_position
from core.flows.reconcile import audit
from core.market.symbols import Side
from core.replay.run import ACCOUNT
from core.settings import Settings
from core.trading.positions import CloseReason, Position
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage

D = Decimal


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    """A long BTC from about 60,000, stop about 0.75 % under it."""
    stage = Stage()
    await stage.begin()
    assert (await stage.open("BTC")).verdict is Verdict.OPENED
    return stage


async def held(stage: Stage) -> Position:
    (position,) = await stage.ledger.live_positions()
    return position


def resting(stage: Stage, *, stop: bool) -> list[Decimal]:
    orders = stage.running.exchange.open_orders(ACCOUNT)
    return [o.trigger.price for o in orders if o.trigger and o.trigger.is_stop is stop]


def told(stage: Stage, kind: type) -> list[Any]:
    return [event for _, event in stage.ledger.events if isinstance(event, kind)]


async def test_a_stop_is_moved_and_the_new_one_rests_before_the_old_one_goes(stage: Stage) -> None:
    before = await held(stage)
    venue = Intercepted(stage.venue)
    seen: list[int] = []

    async def count() -> None:
        seen.append(len(resting(stage, stop=True)))

    venue.before["cancel"] = count
    moved = await set_stop(stage.new_desk(venue=venue), "BTC", D(59800), "Ann")
    assert seen == [2]
    assert resting(stage, stop=True) == [D(59800)]
    assert (moved.before, moved.position.stop, moved.by) == (before.stop, D(59800), "Ann")
    assert told(stage, StopMoved) == [moved]
    await stage.look()
    assert (await held(stage)).stop == D(59800)
    assert len(resting(stage, stop=False)) == 1, "the target stays"


async def test_a_stop_may_be_moved_away_within_the_open_risk(stage: Stage) -> None:
    await set_stop(stage.desk, "BTC", D(59000), "Ann")
    await stage.look()
    assert resting(stage, stop=True) == [D(59000)]
    assert (await held(stage)).stop == D(59000)


async def test_a_stop_is_rounded_toward_less_risk(stage: Stage) -> None:
    await set_stop(stage.desk, "BTC", D("59800.2"), "Ann")
    assert resting(stage, stop=True) == [D(59801)]


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ("60000", "would act at once: it is not below the mark, 60000"),
        ("61000", "would act at once"),
        ("100", "would never act: it is liquidated at"),
        ("0", "is no price"),
        ("-5", "is no price"),
        ("46000", "the open risk would be"),
    ],
)
async def test_a_stop_that_makes_no_sense_moves_nothing(stage: Stage, price: str, words: str) -> None:
    before = resting(stage, stop=True)
    with pytest.raises(UserMistake, match=words):
        await set_stop(stage.desk, "BTC", D(price), "Ann")
    assert resting(stage, stop=True) == before
    assert told(stage, StopMoved) == []


async def test_a_shorts_stop_lies_above(stage: Stage) -> None:
    await stage.open("ETH", Side.SHORT)
    with pytest.raises(UserMistake, match="not above the mark, 3000"):
        await set_stop(stage.desk, "ETH", D(2900), "Ann")
    with pytest.raises(UserMistake, match="not below the mark, 3000"):
        await set_target(stage.desk, "ETH", D(3100), "Ann")
    moved = await set_stop(stage.desk, "ETH", D("3014.99"), "Ann")
    assert moved.position.stop == D("3014.9")


async def test_a_target_is_moved_and_only_the_new_one_rests(stage: Stage) -> None:
    before = await held(stage)
    moved = await set_target(stage.desk, "BTC", D("63000.7"), "Ann")
    assert (moved.before, moved.position.target, moved.by) == (before.target, D(63000), "Ann")
    assert resting(stage, stop=False) == [D(63000)]
    assert len(resting(stage, stop=True)) == 1
    assert told(stage, TargetMoved) == [moved]
    await stage.move("BTC", "63010")
    await stage.look()
    (trade,) = await stage.ledger.trades(5)
    assert trade.reason is CloseReason.TARGET


async def test_a_target_below_the_mark_is_refused(stage: Stage) -> None:
    with pytest.raises(UserMistake, match="would act at once: it is not above the mark, 60000"):
        await set_target(stage.desk, "BTC", D(59000), "Ann")


async def test_a_part_is_closed_and_the_rest_stays_protected(stage: Stage) -> None:
    before = await held(stage)
    done = await reduce(stage.desk, "BTC", D("0.5"), "Ann")
    await stage.look()
    after = await held(stage)
    lot = D("0.00001")
    assert done.size == (before.size / 2).quantize(lot, "ROUND_DOWN")
    assert (after.size, done.left) == (before.size - done.size, before.size - done.size)
    assert told(stage, PositionReduced) == [done]
    assert len(resting(stage, stop=True)) == 1
    trade = await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "Ann")
    assert (trade.size, trade.reason) == (before.size, CloseReason.OPERATOR)
    assert (await audit(stage.desk)).clean


@pytest.mark.parametrize("share", ["0.0001", "0.9999"])
async def test_a_part_or_a_rest_under_the_venues_minimum_is_refused(stage: Stage, share: str) -> None:
    before = await held(stage)
    with pytest.raises(UserMistake, match=r"10\.0 are the least"):
        await reduce(stage.desk, "BTC", D(share), "Ann")
    await stage.look()
    assert (await held(stage)).size == before.size


@pytest.mark.parametrize(("minimum", "fits"), [(250, True), (300, False)])
async def test_the_venues_minimum_is_one_number_for_the_plan_a_part_and_the_venue(minimum: int, fits: bool) -> None:
    stage = Stage(Settings.overridden({"exchange": {"minimum_usd": minimum}, "sizing": {"risk_most": 0.0005}}))
    await stage.begin()
    outcome = await stage.open("BTC")
    assert (outcome.verdict, outcome.rule) == (
        (Verdict.OPENED, "filled") if fits else (Verdict.REFUSED, "under_minimum")
    ), "known before an order is sent"
    if fits:
        with pytest.raises(UserMistake, match=r"250\.0 are the least"):
            await reduce(stage.desk, "BTC", D("0.5"), "Ann")


async def test_a_part_is_never_closed_twice_when_the_answer_is_lost(stage: Stage) -> None:
    before, venue = await held(stage), Intercepted(stage.venue)

    async def lost(tickets: Any, *, attached: bool) -> None:
        await stage.venue.submit(tickets, attached=attached)
        raise OutcomeUnknown("no answer")

    venue.instead["submit"] = lost
    desk = stage.new_desk(venue=venue)
    with pytest.raises(OutcomeUnknown):
        await reduce(desk, "BTC", D("0.5"), "Ann")
    with pytest.raises(UserMistake, match="still being closed"):
        await reduce(desk, "BTC", D("0.5"), "Ann")
    await stage.look()
    after = await held(stage)
    part = (before.size / 2).quantize(D("0.00001"), "ROUND_DOWN")
    assert after.size == before.size - part
    (done,) = told(stage, PositionReduced)
    assert (done.size, done.left, done.by) == (part, before.size - part, ""), "it is told once it is known"


async def test_what_the_venue_refuses_is_said_in_its_words(stage: Stage) -> None:
    venue = Intercepted(stage.venue)

    async def refuse(tickets: Any, *, attached: bool) -> None:
        raise VenueRefused("Too many orders", words="Too many orders")

    venue.instead["submit"] = refuse
    desk, before = stage.new_desk(venue=venue), resting(stage, stop=True) + resting(stage, stop=False)
    for deed in (set_stop(desk, "BTC", D(59800), "Ann"), set_target(desk, "BTC", D(63000), "Ann")):
        with pytest.raises(VenueRefused, match="Too many orders"):
            await deed
    with pytest.raises(VenueRefused, match="Too many orders"):
        await reduce(desk, "BTC", D("0.5"), "Ann")
    assert resting(stage, stop=True) + resting(stage, stop=False) == before
    assert told(stage, StopMoved) + told(stage, TargetMoved) + told(stage, PositionReduced) == []


async def test_without_a_position_there_is_nothing_to_change(stage: Stage) -> None:
    for deed in (set_stop(stage.desk, "ETH", D(1), "Ann"), set_target(stage.desk, "ETH", D(1), "Ann")):
        with pytest.raises(NoPosition):
            await deed
    with pytest.raises(NoPosition):
        await reduce(stage.desk, "ETH", D("0.5"), "Ann")


async def test_a_stop_behind_the_one_that_was_earned_is_refused_at_once(stage: Stage) -> None:
    await stage.move("BTC", "60800")
    await stage.look()
    earned = (await held(stage)).stop
    assert earned > D(60000)
    with pytest.raises(UserMistake, match="has earned a stop at"):
        await set_stop(stage.desk, "BTC", D(59900), "Ann")
    assert resting(stage, stop=True) == [earned]


async def test_a_target_whose_answer_was_lost_is_the_one_that_stays(stage: Stage) -> None:
    venue = Intercepted(stage.venue)

    async def lost(tickets: Any, *, attached: bool) -> None:
        await stage.venue.submit(tickets, attached=attached)
        raise OutcomeUnknown("no answer")

    venue.instead["submit"] = lost
    with pytest.raises(OutcomeUnknown):
        await set_target(stage.new_desk(venue=venue), "BTC", D(63000), "Ann")
    assert len(resting(stage, stop=False)) == 2
    await stage.look()
    assert resting(stage, stop=False) == [D(63000)]
    assert (await held(stage)).target == D(63000)


async def test_an_old_target_whose_cancellation_was_lost_is_taken_away_later(stage: Stage) -> None:
    venue = Intercepted(stage.venue)

    async def unreached(orders: Any) -> None:
        raise OutcomeUnknown("no answer")

    venue.instead["cancel"] = unreached
    with pytest.raises(OutcomeUnknown):
        await set_target(stage.new_desk(venue=venue), "BTC", D(63000), "Ann")
    assert len(resting(stage, stop=False)) == 2
    await stage.look()
    assert resting(stage, stop=False) == [D(63000)]


async def test_a_part_whose_notice_could_not_be_stored_is_told_by_the_next_look(stage: Stage) -> None:
    ledger = Intercepted(stage.ledger)
    calls = 0

    async def fail_with_the_answers(**given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StorageUnavailable("database or disk is full")
        await stage.ledger.store(**given)

    ledger.instead["store"] = fail_with_the_answers
    with pytest.raises(StorageUnavailable):
        await reduce(stage.new_desk(ledger=ledger), "BTC", D("0.5"), "Ann")
    assert told(stage, PositionReduced) == []
    await stage.look()
    await stage.look()
    assert len(told(stage, PositionReduced)) == 1
