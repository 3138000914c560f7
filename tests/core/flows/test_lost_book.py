"""Stops that rest already: ours after the book was lost, an operator's, and such as protect nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import VenueRefused
from core.flows.adjust import set_stop, set_target
from core.flows.close import flatten
from core.flows.protect import standing_stop
from core.flows.reconcile import reconcile, recover
from core.flows.status import status
from core.flows.watch import watch
from core.market.symbols import Side
from core.replay.ledger import MemoryLedger
from core.replay.run import ACCOUNT
from core.trading.exchange.requests import Grouping, OrderRequest, Tif, Trigger
from core.trading.orders import OpenOrder
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage

SIZE = Decimal("0.1")


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def send(stage: Stage, order: OrderRequest) -> None:
    (outcome,) = stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
    stage.moment()
    assert outcome.kind != "error", outcome


def long_by_hand(stage: Stage) -> None:
    send(stage, OrderRequest("BTC", True, Decimal(60100), SIZE, False, Tif.IOC))


def stop_by_hand(stage: Stage, at: int) -> None:
    trigger = Trigger(Decimal(at), is_market=True, is_stop=True)
    send(stage, OrderRequest("BTC", False, Decimal(at - 1_000), SIZE, True, None, trigger))


def triggers(stage: Stage) -> list[Decimal]:
    return sorted(order.trigger.price for order in stage.stops("BTC"))


async def adopted_stop(stage: Stage) -> Decimal:
    for _ in range(3):
        await reconcile(stage.desk)
    (position,) = await stage.ledger.live_positions()
    return position.stop


async def test_with_the_book_lost_our_own_stop_stays_and_is_the_adopted_positions(stage: Stage) -> None:
    await stage.open("BTC")
    await stage.look()
    resting = triggers(stage)
    stage.ledger = MemoryLedger()
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    stage.moment()
    await reconcile(stage.desk)
    assert triggers(stage) == resting
    assert await adopted_stop(stage) in triggers(stage)
    for _ in range(12):
        await stage.pass_time(5_000)
        await watch(stage.desk)
        assert triggers(stage), "a position without a stop"


async def test_with_the_book_lost_stop_and_target_move_as_ever(stage: Stage) -> None:
    await stage.open("BTC")
    await stage.look()
    (before,) = await stage.ledger.live_positions()
    stage.ledger = MemoryLedger()
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    stage.moment()
    await reconcile(stage.desk)
    (adopted,) = await stage.ledger.live_positions()
    assert (adopted.stop, adopted.target) == (before.stop, before.target)
    await set_stop(stage.desk, "BTC", before.stop - 100, "Ann")
    await set_target(stage.desk, "BTC", before.target + 100, "Ann")
    for _ in range(3):
        await reconcile(stage.desk)
    orders = stage.running.exchange.open_orders(ACCOUNT)
    assert sorted(o.trigger.price for o in orders if o.trigger) == [before.stop - 100, before.target + 100]


async def test_an_operators_nearer_stop_is_the_adopted_positions(stage: Stage) -> None:
    long_by_hand(stage)
    stop_by_hand(stage, 59_900)
    assert await adopted_stop(stage) == Decimal(59900)
    assert triggers(stage) == [Decimal(59900)]
    (position,) = await stage.ledger.live_positions()
    assert position.initial_stop < position.stop, "R is measured by our own stop"


async def test_a_stop_further_away_than_ours_would_be_protects_nothing(stage: Stage) -> None:
    long_by_hand(stage)
    stop_by_hand(stage, 30_000)
    ours = await adopted_stop(stage)
    assert Decimal(57_000) < ours < Decimal(60_000)
    assert triggers(stage) == [Decimal(30000), ours]


def resting(trigger: int, size: str, *, is_buy: bool = False, reduce_only: bool = True) -> OpenOrder:
    at = Decimal(trigger)
    return OpenOrder("BTC", 1, None, is_buy, Decimal(size), at, at, True, False, reduce_only, 0)


@pytest.mark.parametrize(
    ("side", "orders", "found"),
    [
        (Side.LONG, [resting(58_000, "0.1")], 58_000),
        (Side.LONG, [resting(57_999, "0.1")], None),
        (Side.LONG, [resting(59_000, "0.06"), resting(58_500, "0.04")], 58_500),
        (Side.LONG, [resting(59_000, "0.06"), resting(58_500, "0.03")], None),
        (Side.LONG, [resting(59_000, "0.1", is_buy=True)], None),
        (Side.LONG, [resting(59_000, "0.1", reduce_only=False)], None),
        (Side.SHORT, [resting(58_000, "0.1", is_buy=True)], 58_000),
        (Side.SHORT, [resting(58_001, "0.1", is_buy=True)], None),
        (Side.SHORT, [resting(57_500, "0.1", is_buy=True), resting(57_000, "0.1", is_buy=True)], 57_000),
    ],
)
def test_what_counts_as_a_stop_over_a_tenth_no_further_than_58000(
    side: Side, orders: list[OpenOrder], found: int | None
) -> None:
    assert standing_stop(side, SIZE, orders, Decimal(58_000)) == found


async def test_a_position_whose_stop_lies_too_far_is_not_called_protected(stage: Stage) -> None:
    await stage.open("BTC")
    await stage.look()
    for order in stage.stops("BTC"):
        stage.running.exchange.cancel(ACCOUNT, "BTC", order.oid)
    stop_by_hand(stage, 30_000)
    (line,) = (await status(stage.desk)).positions
    assert (line.stop_rests, line.target_rests) == (False, True)


async def test_an_order_that_cannot_be_cancelled_keeps_nothing_open_and_is_named(stage: Stage) -> None:
    await stage.open("BTC")
    await stage.open("ETH")
    await stage.look()
    send(stage, OrderRequest("BTC", True, Decimal(30000), SIZE, False, Tif.GTC))
    venue, cancel = Intercepted(stage.venue), stage.venue.cancel
    entry = next(o.oid for o in stage.running.exchange.open_orders(ACCOUNT) if not o.reduce_only)

    async def refuse(orders: Any) -> Any:
        if any(number == entry for _, number in orders):
            raise VenueRefused("no", words="no")
        return await cancel(orders)

    venue.instead["cancel"] = refuse
    stage.desk = stage.new_desk(venue=venue)
    await recover(stage.desk)
    report = await flatten(stage.desk, "Ann")
    assert {trade.symbol for trade in report.closed} == {"BTC", "ETH"}
    assert report.still_open == ("BTC",)
    assert (await stage.venue.account()).positions == ()
