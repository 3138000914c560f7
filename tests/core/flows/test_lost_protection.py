"""What protects a position when the venue does not answer: replaced in time, told when it is found, never doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import OutcomeUnknown
from core.events import StopMoved, TargetMoved
from core.flows.close import close_position
from core.flows.protect import place
from core.flows.reconcile import recover
from core.flows.watch import watch
from core.replay.run import ACCOUNT
from core.trading.orders import Intent, OpenOrder, Ticket
from core.trading.positions import CloseReason
from tests.core.flows.ports import Delayed, Intercepted
from tests.core.flows.stage import Stage


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def over(stage: Stage) -> Intercepted:
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)
    return venue


async def without_stop(stage: Stage) -> Intercepted:
    """A position whose stop was taken away, and a venue that does not answer the next order."""
    await stage.open()
    await stage.look()
    venue, late = over(stage), Delayed(stage)
    (stop,) = stage.stops("BTC")
    stage.running.exchange.cancel(ACCOUNT, "BTC", stop.oid)
    venue.instead["submit"] = late.submit
    return venue


async def test_a_stop_without_an_answer_is_replaced_as_soon_as_it_can_no_longer_arrive(stage: Stage) -> None:
    venue = await without_stop(stage)
    await stage.look()
    assert stage.desk.nudged, "whether it rests must be looked at again soon"
    venue.instead.clear()
    await watch(stage.desk)
    assert stage.stops("BTC") == [], "it may still arrive: a second one would be a double"
    assert stage.desk.nudged
    await stage.pass_time(stage.settings.execution.protective_expires_ms + 1)
    await watch(stage.desk)
    assert len(stage.stops("BTC")) == 1
    await watch(stage.desk)
    assert not stage.desk.nudged, "it was seen to rest"


async def entered_bare(stage: Stage) -> Intercepted:
    """An entry that filled while the venue took neither of the orders that came with it, and said so of none."""
    venue = over(stage)

    async def entry_alone(tickets: Sequence[Ticket], *, attached: bool) -> None:
        await stage.venue.submit(tickets[:1], attached=False)
        raise OutcomeUnknown("the answer was lost")

    venue.instead["submit"] = entry_alone
    await stage.open(desk=stage.desk)
    venue.instead.clear()
    assert len(stage.running.exchange.positions(ACCOUNT)) == 1
    return venue


async def watched(stage: Stage, ms: int) -> None:
    """As long as a look leaves something open, the next one follows soon."""
    step_ms = stage.settings.execution.lookup_ms
    for _ in range(ms // step_ms):
        await stage.pass_time(step_ms)
        await watch(stage.desk)


async def test_a_stop_that_came_with_its_entry_and_is_unknown_is_replaced_within_five_seconds(stage: Stage) -> None:
    await entered_bare(stage)
    await watch(stage.desk)
    assert stage.stops("BTC") == [], "a moment it is waited for"
    await watched(stage, 4_999)
    (stop,) = stage.stops("BTC")
    (position,) = await stage.ledger.live_positions()
    assert (stop.trigger.price, stop.size) == (position.stop, position.size)
    await watched(stage, stage.settings.execution.expires_ms)
    assert len(stage.stops("BTC")) == 1, "one is enough"


async def test_a_stop_that_shows_after_it_was_replaced_leaves_one(stage: Stage) -> None:
    venue, begun_ms = over(stage), stage.clock.now_ms()

    async def unknown(_: str) -> None:
        """The venue's answers lag behind what it did."""

    async def younger() -> list[OpenOrder]:
        return [o for o in await stage.venue.open_orders() if o.placed_ms > begun_ms]

    venue.instead.update(order=unknown, open_orders=younger)
    await stage.open(desk=stage.desk)
    await watched(stage, stage.settings.stops.unprotected_ms - 1)
    assert len(stage.stops("BTC")) == 2
    venue.instead.clear()
    await stage.look()
    await stage.look()
    assert len(stage.stops("BTC")) == 1
    assert len(await stage.venue.open_orders()) == 2


async def test_a_close_without_an_answer_is_pressed_again_as_soon_as_it_can_no_longer_arrive(stage: Stage) -> None:
    await stage.open()
    venue, late = over(stage), Delayed(stage)
    venue.instead["submit"] = late.submit
    with pytest.raises(OutcomeUnknown):
        await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "ann")
    assert stage.desk.nudged
    venue.instead.clear()
    await stage.pass_time(stage.settings.execution.protective_expires_ms + 1)
    await watch(stage.desk)
    assert stage.running.exchange.positions(ACCOUNT) == []


async def test_levels_that_moved_without_an_answer_are_told_when_they_are_found(stage: Stage) -> None:
    await stage.open()
    await stage.look()
    (position,) = await stage.ledger.live_positions()
    tickets = await stage.ledger.tickets(position.position_id)
    stop, target = Decimal(59600), Decimal(61500)
    await place(stage.desk, replace(position, stop=stop), tickets, Intent.STOP, stop)
    await place(stage.desk, replace(position, target=target), tickets, Intent.TARGET, target)
    await stage.look()
    moved = [event for _, event in stage.ledger.events if isinstance(event, StopMoved | TargetMoved)]
    assert [(type(one).__name__, one.before, one.by) for one in moved] == [
        ("StopMoved", position.stop, None),
        ("TargetMoved", position.target, None),
    ]
    await stage.look()
    again = [event for _, event in stage.ledger.events if isinstance(event, StopMoved | TargetMoved)]
    assert again == moved


async def test_a_crash_right_after_a_surplus_stop_was_cancelled_leaves_the_book_with_the_one_that_rests(
    stage: Stage,
) -> None:
    await stage.open()
    await stage.look()
    (position,) = await stage.ledger.live_positions()
    tickets = await stage.ledger.tickets(position.position_id)
    await place(stage.desk, replace(position, stop=Decimal(59600)), tickets, Intent.STOP, Decimal(59600))
    (far,) = [o for o in stage.stops("BTC") if o.trigger.price == position.stop]
    stage.running.exchange.cancel(ACCOUNT, "BTC", far.oid)
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    (after,) = await stage.ledger.live_positions()
    assert after.stop == Decimal(59600)
