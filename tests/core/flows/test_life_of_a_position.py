"""A position from entry to booked trade, on the real exchange, with every way it can end."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.decision.record import Verdict
from core.errors import NoPosition
from core.events import OrderFailed, PositionAdopted, StopMoved, TradeClosed, TradeOpened
from core.flows.close import close_position, flatten
from core.flows.control import block, pause, resume, unblock
from core.flows.enter import enter
from core.flows.quotes import Quotes
from core.flows.reconcile import audit, reconcile, recover
from core.flows.status import status
from core.flows.watch import watch
from core.market.symbols import Side
from core.replay.run import ACCOUNT
from core.settings import Settings
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from core.trading.positions import CloseReason, PositionState
from tests.core.flows.stage import CALM, Stage, judged


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def kinds(stage: Stage) -> list[str]:
    return [type(e).__name__ for _, e in stage.ledger.events]


async def test_an_entry_rests_with_stop_and_target_and_is_told_once(stage: Stage) -> None:
    outcome = await stage.open()
    assert (outcome.verdict, outcome.rule) == (Verdict.OPENED, "filled")
    (line,) = (await status(stage.desk)).positions
    assert line.stop_rests
    assert line.target_rests
    assert line.position.state is PositionState.OPEN
    await stage.look()
    await reconcile(stage.desk)
    assert kinds(stage) == ["TradeOpened"]


async def test_a_stop_that_fires_ends_as_a_booked_loss_of_about_one_r(stage: Stage) -> None:
    await stage.open()
    await stage.move("BTC", "59000")
    await stage.look()
    (trade,) = await stage.ledger.trades(10)
    assert trade.reason is CloseReason.STOP
    assert -1.3 < trade.r < -0.9
    assert kinds(stage) == ["TradeOpened", "TradeClosed"]
    assert (await audit(stage.desk)).clean
    assert not stage.stops("BTC")


async def test_a_target_that_fires_takes_the_stop_with_it(stage: Stage) -> None:
    await stage.open(side=Side.SHORT)
    await stage.move("BTC", "59000")
    await stage.look()
    (trade,) = await stage.ledger.trades(10)
    assert trade.reason is CloseReason.TARGET
    assert trade.pnl > 0
    assert stage.running.exchange.open_orders(ACCOUNT) == []


async def test_pnl_is_price_result_less_fees_plus_funding_to_the_last_digit(stage: Stage) -> None:
    await stage.open()
    await stage.pass_time(3 * 3_600_000)
    await stage.look()
    trade = await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "ann")
    exchange = stage.running.exchange
    fills, paid = exchange.fills(ACCOUNT), exchange.funding_payments(ACCOUNT)
    assert len(paid) == 3
    assert trade.pnl == sum(f.closed_pnl - f.fee for f in fills) + sum(p.usd for p in paid)
    assert trade.funding == sum(p.usd for p in paid) < 0
    assert (await audit(stage.desk)).difference == 0
    last = stage.ledger.events[-1][1]
    assert isinstance(last, TradeClosed)
    assert last.by == "ann"


async def test_at_one_r_the_stop_moves_to_the_entry_and_is_never_absent(stage: Stage) -> None:
    await stage.open()
    (before,) = await stage.ledger.live_positions()
    await stage.move("BTC", "60650")
    await stage.look()
    (after,) = await stage.ledger.live_positions()
    assert after.stop >= after.entry > before.stop
    assert [o.trigger.price for o in stage.stops("BTC")] == [after.stop]
    assert isinstance(stage.ledger.events[-1][1], StopMoved)
    (line,) = (await status(stage.desk)).positions
    assert line.target_rests


async def test_a_trailed_stop_follows_the_best_mark_and_never_comes_back(stage: Stage) -> None:
    await stage.open()
    for mark in ("60700", "60800", "60300"):
        await stage.move("BTC", mark)
        await stage.look()
    (position,) = await stage.ledger.live_positions()
    assert position.stop == 60200
    assert position.best_mark == 60800
    await stage.move("BTC", "60190")
    await stage.look()
    (trade,) = await stage.ledger.trades(1)
    assert trade.reason is CloseReason.STOP
    assert trade.pnl > 0


async def test_after_72_hours_a_position_is_closed(stage: Stage) -> None:
    await stage.open()
    await stage.pass_time(72 * 3_600_000 - 1)
    await stage.look()
    await stage.look()
    assert [p.state for p in await stage.ledger.live_positions()] == [PositionState.OPEN]
    await stage.pass_time(1)
    await stage.look()
    await stage.look()
    (trade,) = await stage.ledger.trades(1)
    assert trade.reason is CloseReason.TIME


async def test_an_entry_that_finds_no_fill_leaves_nothing_behind(stage: Stage) -> None:
    then = Quotes()
    await then.of("BTC", stage.desk)
    stage.market.marks["BTC"] = Decimal(61000)
    stage.running.exchange.advance(stage.clock.now_ms() + 1, {"BTC": stage.market.price("BTC")})  # type: ignore[dict-item]
    outcome = await enter(stage.desk, judged(), CALM, then)
    assert (outcome.verdict, outcome.rule) == (Verdict.FAILED, "not_filled")
    assert "could not immediately match" in outcome.detail
    assert not await stage.ledger.live_positions()
    assert stage.running.exchange.open_orders(ACCOUNT) == []
    assert isinstance(stage.ledger.events[-1][1], OrderFailed)


@pytest.mark.parametrize(("ask", "verdict"), [(60_180, Verdict.OPENED), (60_181, Verdict.FAILED)])
async def test_an_entry_pays_three_tenths_of_a_percent_more_than_it_was_decided_at_and_no_more(
    stage: Stage, ask: int, verdict: Verdict
) -> None:
    then = Quotes()
    await then.of("BTC", stage.desk)
    stage.market.marks["BTC"] = Decimal(ask - 1)
    stage.running.exchange.advance(stage.clock.now_ms() + 1, {"BTC": stage.market.price("BTC")})  # type: ignore[dict-item]
    assert (await enter(stage.desk, judged(), CALM, then)).verdict is verdict


async def test_a_stop_cancelled_by_hand_is_replaced_at_the_next_look(stage: Stage) -> None:
    await stage.open()
    (stop,) = stage.stops("BTC")
    assert stage.running.exchange.cancel(ACCOUNT, "BTC", stop.oid) is None
    await reconcile(stage.desk)
    (again,) = stage.stops("BTC")
    assert again.trigger.price == stop.trigger.price
    assert again.oid != stop.oid
    assert kinds(stage) == ["TradeOpened"]


async def test_a_position_that_we_did_not_open_is_adopted_with_a_stop(stage: Stage) -> None:
    order = OrderRequest("ETH", False, Decimal(2900), Decimal(1), False, Tif.IOC)
    assert stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)[0].kind == "filled"
    stage.moment()
    found = await reconcile(stage.desk)
    assert found.adopted == 1
    (position,) = await stage.ledger.live_positions()
    assert (position.symbol, position.side, position.adopted) == ("ETH", Side.SHORT, True)
    assert stage.stops("ETH")
    assert isinstance(stage.ledger.events[0][1], PositionAdopted)
    await stage.move("ETH", "3100")
    await stage.look()
    (trade,) = await stage.ledger.trades(1)
    assert trade.symbol == "ETH"
    assert trade.reason is CloseReason.STOP


async def test_a_position_closed_by_a_foreign_order_is_booked_as_such(stage: Stage) -> None:
    await stage.open()
    (position,) = await stage.ledger.live_positions()
    order = OrderRequest("BTC", False, Decimal(59000), position.size, True, Tif.IOC)
    stage.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
    stage.moment()
    await watch(stage.desk)
    (trade,) = await stage.ledger.trades(1)
    assert trade.reason is CloseReason.FOREIGN
    assert stage.running.exchange.open_orders(ACCOUNT) == []


async def test_a_hip3_market_gets_its_collateral_first(stage: Stage) -> None:
    outcome = await stage.open("TSLA")
    assert outcome.verdict is Verdict.OPENED
    await close_position(stage.desk, "TSLA", CloseReason.OPERATOR)
    assert (await audit(stage.desk)).clean


async def test_closing_what_is_not_open_says_so(stage: Stage) -> None:
    with pytest.raises(NoPosition, match="no open position in BTC"):
        await close_position(stage.desk, "BTC", CloseReason.OPERATOR)


async def test_flatten_closes_everything_and_latches(stage: Stage) -> None:
    await stage.open()
    await stage.open("ETH", Side.SHORT)
    report = await flatten(stage.desk, "ann")
    assert sorted(t.symbol for t in report.closed) == ["BTC", "ETH"]
    assert report.still_open == ()
    assert stage.running.exchange.positions(ACCOUNT) == []
    assert stage.running.exchange.open_orders(ACCOUNT) == []
    assert (await stage.ledger.switches()).halted
    await resume(stage.desk, "ann")
    assert not (await stage.ledger.switches()).halted


async def test_operators_decisions_outlive_the_desk(stage: Stage) -> None:
    await pause(stage.desk, "ann")
    await block(stage.desk, "BTC", "bob")
    again = stage.new_desk()
    await recover(again)
    switches = await again.ledger.switches()
    assert switches.paused
    assert switches.blocks["BTC"].by == "bob"
    await unblock(again, "BTC", "ann")
    assert (await again.ledger.switches()).blocks == {}


async def test_the_daily_loss_limit_counts_what_is_still_unrealised() -> None:
    stage = Stage(Settings.overridden({"limits": {"cooldown_ms": 0}}))
    await stage.begin()
    stage.running.exchange.open_account(ACCOUNT, Decimal(0))
    await stage.open("ETH", atr=3000 * 0.02)
    (position,) = await stage.ledger.live_positions()
    from core.flows.enter import exposure
    from core.flows.truth import read_truth

    await stage.move("ETH", "2940")
    held = await exposure(stage.desk, await stage.ledger.live_positions(), await read_truth(stage.desk))
    fee = float(position.size * position.entry) * stage.settings.exchange.taker_fee
    assert held.day_loss == pytest.approx(float(position.size) * 60.01 + fee, rel=1e-3)
    assert held.open_risk == pytest.approx(float(position.size * (2940 - position.stop)), rel=1e-6)


async def test_two_recoveries_do_nothing_twice(stage: Stage) -> None:
    await stage.open()
    orders = [o.oid for o in stage.running.exchange.open_orders(ACCOUNT)]
    for _ in range(2):
        await recover(stage.new_desk())
    assert [o.oid for o in stage.running.exchange.open_orders(ACCOUNT)] == orders
    assert len([e for e in kinds(stage) if e == TradeOpened.__name__]) == 1
