"""Trouble over one position, which lasts: the others are looked after, and the governor goes on watching the equity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import OutcomeUnknown, VektorError, VenueRefused
from core.events import BookMismatch, EntriesHalted, PositionAdopted
from core.flows.reconcile import audit, reconcile
from core.flows.watch import watch
from core.replay.run import ACCOUNT
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage

TROUBLES = [VenueRefused("Too many cumulative requests sent", words=""), OutcomeUnknown("no answer")]


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    """BTC and ETH are held, protected, and looked at."""
    stage = Stage()
    await stage.begin()
    await stage.open("BTC")
    await stage.open("ETH")
    await stage.look()
    await stage.look()
    assert not stage.desk.nudged
    return stage


def no_cancel_of_btc(stage: Stage, trouble: VektorError) -> None:
    """From now on the venue cancels nothing in BTC."""
    venue = Intercepted(stage.venue)

    async def cancel(orders: Any) -> Any:
        if any(coin == "BTC" for coin, _ in orders):
            raise trouble
        return await stage.venue.cancel(orders)

    venue.instead["cancel"] = cancel
    stage.desk = stage.new_desk(venue=venue)
    stage.desk.nudged = False


async def both_run(stage: Stage, btc: str, eth: str) -> None:
    await stage.move("BTC", btc)
    await stage.move("ETH", eth)


def nearest(stage: Stage, coin: str) -> Decimal:
    return max(o.trigger.price for o in stage.stops(coin))


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_refused_cancel_keeps_no_other_stop_from_being_moved_nor_the_next_one_of_its_own(
    stage: Stage, trouble: VektorError
) -> None:
    no_cancel_of_btc(stage, trouble)
    await both_run(stage, "60700", "3035")
    with pytest.raises(type(trouble)):
        await watch(stage.desk)
    assert stage.desk.nudged, "looked at again soon"
    assert (nearest(stage, "BTC"), nearest(stage, "ETH")) == (Decimal(60100), Decimal(3005))
    await both_run(stage, "60850", "3042")
    with pytest.raises(type(trouble)):
        await watch(stage.desk)
    assert (nearest(stage, "BTC"), nearest(stage, "ETH")) == (Decimal(60250), Decimal(3012))
    assert len(stage.stops("ETH")) == 1


async def robbed(stage: Stage) -> None:
    """BTC is in trouble, and a quarter of the equity is gone without a trade."""
    no_cancel_of_btc(stage, TROUBLES[0])
    await both_run(stage, "60700", "3035")
    with pytest.raises(VenueRefused):
        await watch(stage.desk)
    stage.running.exchange.deposit(ACCOUNT, Decimal(-2_500), "")


async def test_a_drawdown_halts_although_there_is_trouble_over_a_position(stage: Stage) -> None:
    await robbed(stage)
    with pytest.raises(VenueRefused):
        await reconcile(stage.desk)
    assert (await stage.ledger.switches()).halted
    assert "drawdown" in [e.kind for _, e in stage.ledger.events if isinstance(e, EntriesHalted)]
    assert (await stage.open("TSLA")).rule == "halted"


async def test_a_mismatch_is_told_although_there_is_trouble_over_a_position(stage: Stage) -> None:
    await robbed(stage)
    with pytest.raises(VenueRefused):
        await audit(stage.desk)
    assert [e.difference for _, e in stage.ledger.events if isinstance(e, BookMismatch)] == [Decimal(2_500)]


async def test_a_stranger_that_cannot_be_taken_in_keeps_no_other_from_being_protected() -> None:
    stage = Stage()
    await stage.begin()
    for coin, limit, size in (("BTC", 60_100, "0.01"), ("ETH", 3_010, "0.1")):
        stage.running.exchange.set_leverage(ACCOUNT, coin, 5, cross=False)
        order = OrderRequest(coin, True, Decimal(limit), Decimal(size), False, Tif.IOC)
        assert stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)[0].kind == "filled"
        stage.moment()
    stage.desk.universe = [m for m in stage.desk.universe if m.coin != "BTC"]
    venue = Intercepted(stage.venue)

    async def refuse() -> Any:
        raise VenueRefused("no", words="no")

    venue.instead["listings"] = refuse
    stage.desk.venue = venue
    with pytest.raises(VenueRefused):
        await reconcile(stage.desk)
    assert [e.position.symbol for _, e in stage.ledger.events if isinstance(e, PositionAdopted)] == ["ETH"]
    assert len(stage.stops("ETH")) == 1
    venue.instead.clear()
    await stage.look()
    await stage.look()
    assert len(stage.stops("BTC")) == 1
