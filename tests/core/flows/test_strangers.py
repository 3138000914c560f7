"""Positions that came from outside, turn round, or lie in markets that are not ours to enter."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.desk import Desk
from core.errors import OutcomeUnknown
from core.events import StrayOrder
from core.flows.close import close_position, flatten
from core.flows.follow import free_symbol
from core.flows.reconcile import audit, reconcile, recover
from core.flows.watch import watch
from core.market.symbols import Side
from core.replay.run import ACCOUNT
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from core.trading.orders import CLIENT_ID_PREFIX
from core.trading.positions import CloseReason
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def by_hand(stage: Stage, coin: str, size: str, price: str) -> None:
    """An order of the operator's own; a negative size sells."""
    order = OrderRequest(coin, Decimal(size) > 0, Decimal(price), abs(Decimal(size)), False, Tif.IOC)
    assert stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)[0].kind == "filled"
    stage.moment()


def without(stage: Stage, symbol: str) -> Desk:
    """A new start with one market fewer on the list."""
    stage.desk = stage.new_desk()
    stage.desk.universe = [m for m in stage.desk.universe if m.symbol != symbol]
    return stage.desk


async def test_a_position_that_was_turned_round_by_hand_is_booked_and_the_rest_adopted(stage: Stage) -> None:
    await stage.open()
    (ours,) = await stage.ledger.live_positions()
    by_hand(stage, "BTC", f"-{ours.size * 2}", "59000")
    await reconcile(stage.desk)
    (trade,) = await stage.ledger.trades(5)
    assert (trade.reason, trade.size, trade.side) == (CloseReason.FOREIGN, ours.size, Side.LONG)
    await reconcile(stage.desk)
    (turned,) = await stage.ledger.live_positions()
    assert (turned.side, turned.adopted, turned.size) == (Side.SHORT, True, ours.size)
    (stop,) = stage.stops("BTC")
    assert stop.is_buy
    assert (await audit(stage.desk)).clean


def resting(stage: Stage, coin: str, price: str, client_id: str | None = None, *, reduce_only: bool = False) -> int:
    """A limit order that rests; one below the market buys, one above it sells."""
    is_buy = Decimal(price) < Decimal(59_000) if coin == "BTC" else Decimal(price) < Decimal(2_900)
    order = OrderRequest(coin, is_buy, Decimal(price), Decimal("0.5"), reduce_only, Tif.GTC, client_id=client_id)
    answer = stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)[0]
    stage.moment()
    assert answer.kind == "resting"
    return answer.oid or 0


def told_strays(stage: Stage) -> list[StrayOrder]:
    return [event for _, event in stage.ledger.events if isinstance(event, StrayOrder)]


async def test_a_strangers_resting_order_is_left_alone_told_once_and_keeps_us_out(stage: Stage) -> None:
    number = resting(stage, "BTC", "50000")
    await reconcile(stage.desk)
    await reconcile(stage.desk)
    assert told_strays(stage) == [StrayOrder("BTC", True, Decimal("0.5"), Decimal(50_000), False)]
    assert [o.oid for o in stage.running.exchange.open_orders(ACCOUNT)] == [number]
    assert (await stage.open()).rule == "resting_order"
    stage.running.exchange.cancel(ACCOUNT, "BTC", number)
    await reconcile(stage.desk)
    assert (await stage.open()).rule == "filled"


async def test_an_order_of_ours_that_belongs_to_nothing_is_cancelled_and_told(stage: Stage) -> None:
    resting(stage, "BTC", "50000", CLIENT_ID_PREFIX + "0" * 26)
    await reconcile(stage.desk)
    assert stage.running.exchange.open_orders(ACCOUNT) == []
    assert [event.ours for event in told_strays(stage)] == [True]


async def test_a_flatten_cancels_a_strangers_entry_before_it_can_fill(stage: Stage) -> None:
    await stage.open("ETH")
    resting(stage, "BTC", "50000")
    report = await flatten(stage.desk, "Ann")
    assert (len(report.closed), report.still_open) == (1, ())
    assert stage.running.exchange.open_orders(ACCOUNT) == []


async def test_an_operators_own_stop_on_our_position_is_welcome(stage: Stage) -> None:
    await stage.open()
    resting(stage, "BTC", "70000", reduce_only=True)
    await reconcile(stage.desk)
    assert told_strays(stage) == []
    assert len(stage.running.exchange.open_orders(ACCOUNT)) == 3


async def test_a_stranger_is_adopted_by_the_second_look_that_finds_it(stage: Stage) -> None:
    by_hand(stage, "ETH", "1", "3100")
    stage.desk.nudged = True  # the stream tells of the fill
    await watch(stage.desk)
    assert not await stage.ledger.live_positions()
    assert stage.desk.nudged, "it must be looked at again soon"
    await watch(stage.desk)
    assert [p.adopted for p in await stage.ledger.live_positions()] == [True]
    assert len(stage.stops("ETH")) == 1


async def test_a_stranger_has_a_stop_within_five_seconds_of_being_seen(stage: Stage) -> None:
    by_hand(stage, "ETH", "1", "3100")
    await stage.look()
    assert stage.stops("ETH") == []
    for _ in range(4):
        await stage.pass_time(stage.settings.execution.lookup_ms)
        if stage.desk.nudged:
            await watch(stage.desk)
    assert len(stage.stops("ETH")) == 1


async def test_an_account_read_just_before_a_close_adopts_nothing(stage: Stage) -> None:
    await stage.open()
    await stage.look()
    old = await stage.venue.account()
    await close_position(stage.desk, "BTC", CloseReason.OPERATOR)
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)

    async def stale() -> object:
        venue.instead.clear()
        return old

    venue.instead["account"] = stale
    for _ in range(3):
        await stage.look()
    assert not await stage.ledger.live_positions()


async def test_an_account_older_than_the_newest_fill_adopts_nothing_in_a_reconciliation_either(stage: Stage) -> None:
    await stage.open()
    await stage.look()
    old = await stage.venue.account()
    await stage.pass_time(1_000)
    await close_position(stage.desk, "BTC", CloseReason.OPERATOR)
    venue = Intercepted(stage.venue)
    stage.desk.venue = venue

    async def stale() -> object:
        venue.instead.clear()
        return old

    venue.instead["account"] = stale
    for _ in range(3):
        await reconcile(stage.desk)
    assert not await stage.ledger.live_positions()
    assert len(await stage.ledger.trades(5)) == 1


async def test_an_adopted_position_that_is_turned_round_is_booked_too(stage: Stage) -> None:
    by_hand(stage, "ETH", "1", "3100")
    await reconcile(stage.desk)
    by_hand(stage, "ETH", "-3", "2900")
    await watch(stage.desk)
    (trade,) = await stage.ledger.trades(5)
    assert (trade.side, trade.size) == (Side.LONG, Decimal(1))
    await reconcile(stage.desk)
    (turned,) = await stage.ledger.live_positions()
    assert (turned.side, turned.size) == (Side.SHORT, Decimal(2))
    assert (await audit(stage.desk)).clean


async def test_a_market_taken_off_the_list_is_still_watched_while_a_position_is_held(stage: Stage) -> None:
    await stage.open("ETH")
    desk = without(stage, "ETH")
    await recover(desk)
    await stage.move("ETH", "3033")
    await stage.look()
    (position,) = await stage.ledger.live_positions()
    assert position.stop >= position.entry
    trade = await close_position(desk, "ETH", CloseReason.OPERATOR)
    assert trade.symbol == "ETH"


async def test_a_market_outside_the_list_is_managed_by_the_venues_terms_and_never_entered(stage: Stage) -> None:
    desk = without(stage, "ETH")
    await recover(desk)
    by_hand(stage, "ETH", "1", "3100")
    await reconcile(desk)
    assert desk.market("ETH").size_decimals == 4
    assert stage.stops("ETH")
    assert "ETH" not in {m.symbol for m in desk.entered}


async def test_a_stranger_with_a_name_that_is_taken_bears_its_whole_name(stage: Stage) -> None:
    assert free_symbol(stage.desk, "other:TSLA") == "other-TSLA"
    assert free_symbol(stage.desk, "other:GOLD") == "GOLD"


async def test_an_adopted_positions_stop_lies_well_before_its_liquidation(stage: Stage) -> None:
    stage.running.exchange.set_leverage(ACCOUNT, "BTC", 40, cross=False)
    by_hand(stage, "BTC", "0.5", "60100")
    await reconcile(stage.desk)
    (position,) = await stage.ledger.live_positions()
    (held,) = (await stage.venue.account()).positions
    assert held.liquidation is not None
    assert held.mark - held.liquidation >= Decimal("1.49") * (held.mark - position.stop)


async def test_a_hand_opened_position_taken_for_our_lost_entry_is_booked_when_it_ends(stage: Stage) -> None:
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)

    async def lost(*_: object, **__: object) -> None:
        raise OutcomeUnknown("the request never arrived")

    venue.instead["submit"] = lost
    await stage.open()
    venue.instead.clear()
    by_hand(stage, "BTC", "0.01", "60100")
    await stage.pass_time(stage.settings.execution.expires_ms + 1_000)
    await stage.look()
    by_hand(stage, "BTC", "-0.01", "59900")
    await stage.look()
    assert not await stage.ledger.live_positions()
    (trade,) = await stage.ledger.trades(1)
    assert trade.size == Decimal("0.01")


async def test_a_position_enlarged_by_hand_ends_with_one_stop_over_all_of_it(stage: Stage) -> None:
    await stage.open()
    by_hand(stage, "BTC", "0.01", "60100")
    for _ in range(2):
        await stage.look()
    (position,) = await stage.ledger.live_positions()
    (stop,) = stage.stops("BTC")
    assert stop.size == position.size
    assert stop.trigger.price == position.stop
