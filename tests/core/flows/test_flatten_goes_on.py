"""A flatten that cannot do everything at once: it says so, and every look goes on until nothing is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import OutcomeUnknown, VenueUnavailable
from core.flows.close import FlattenReport, flatten
from core.flows.control import resume
from core.flows.reconcile import reconcile, recover
from core.replay.run import ACCOUNT
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def buy(stage: Stage, coin: str, price: int, size: str, tif: Tif) -> None:
    """By somebody else's hand."""
    order = OrderRequest(coin, True, Decimal(price), Decimal(size), False, tif)
    (outcome,) = stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
    stage.moment()
    assert outcome.kind in ("filled", "resting"), outcome


async def troubled(stage: Stage, method: str, trouble: Exception, times: int) -> Intercepted:
    """A new start at a venue that fails so often."""
    venue, left = Intercepted(stage.venue), [trouble] * times

    async def fail(*args: Any, **kwargs: Any) -> Any:
        if left:
            raise left.pop()
        return await getattr(stage.venue, method)(*args, **kwargs)

    stage.desk = stage.new_desk(venue=venue)
    await recover(stage.desk)
    venue.instead[method] = fail
    return venue


async def flattened(stage: Stage) -> FlattenReport:
    return await flatten(stage.desk, "Ann")


async def held(stage: Stage) -> list[str]:
    return [p.coin for p in (await stage.venue.account()).positions]


async def test_an_outage_while_a_stranger_is_adopted_leaves_nothing_open(stage: Stage) -> None:
    await troubled(stage, "listings", VenueUnavailable("HTTP 502"), 1)
    stage.desk.universe = [m for m in stage.desk.universe if m.coin != "BTC"]
    buy(stage, "BTC", 60_100, "0.01", Tif.IOC)
    buy(stage, "ETH", 3_010, "0.1", Tif.IOC)
    report = await flattened(stage)
    assert report.still_open == ()
    assert await held(stage) == []
    assert not (await stage.ledger.switches()).flattening


async def test_a_cancel_without_an_answer_is_sent_again_until_the_order_is_gone(stage: Stage) -> None:
    buy(stage, "BTC", 50_000, "0.1", Tif.GTC)
    await troubled(stage, "cancel", OutcomeUnknown("no answer"), 9)
    assert (await flattened(stage)).still_open == ("BTC",)
    for _ in range(5):
        await reconcile(stage.desk)
    assert stage.running.exchange.open_orders(ACCOUNT) == []
    switches = await stage.ledger.switches()
    assert (switches.halted, switches.flattening) == (True, False)


async def test_a_flatten_under_way_outlives_a_restart(stage: Stage) -> None:
    buy(stage, "BTC", 50_000, "0.1", Tif.GTC)
    await troubled(stage, "cancel", OutcomeUnknown("no answer"), 99)
    await flattened(stage)
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    assert stage.running.exchange.open_orders(ACCOUNT) == []


async def test_what_fills_after_the_flatten_is_closed_too(stage: Stage) -> None:
    buy(stage, "BTC", 50_000, "0.1", Tif.GTC)
    await troubled(stage, "cancel", OutcomeUnknown("no answer"), 6)
    await flattened(stage)
    await stage.move("BTC", "49000")
    assert await held(stage) == ["BTC"]
    for _ in range(3):
        stage.moment()
        await reconcile(stage.desk)
    assert await held(stage) == []


async def test_a_resume_ends_it(stage: Stage) -> None:
    buy(stage, "BTC", 50_000, "0.1", Tif.GTC)
    await troubled(stage, "cancel", OutcomeUnknown("no answer"), 6)
    await flattened(stage)
    await resume(stage.desk, "Ann")
    await reconcile(stage.desk)
    assert len(stage.running.exchange.open_orders(ACCOUNT)) == 1


async def test_an_entry_that_fills_while_it_is_cancelled_is_seen_by_the_next_round(stage: Stage) -> None:
    buy(stage, "BTC", 50_000, "0.1", Tif.GTC)
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)
    await recover(stage.desk)

    async def fills() -> None:
        venue.before.clear()
        await stage.move("BTC", "49000")

    venue.before["cancel"] = fills
    report = await flattened(stage)
    assert await held(stage) == []
    assert ([t.symbol for t in report.closed], report.still_open) == (["BTC"], ())
