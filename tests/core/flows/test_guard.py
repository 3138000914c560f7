"""Nearness to liquidation is told once per level; margin is added once, whatever the venue answers (SPEC R7)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.decision.record import Verdict
from core.desk import Desk
from core.errors import NoPosition, OutcomeUnknown, UserMistake, VenueRefused, VenueUnavailable
from core.events import LiquidationNear, MarginAdded, OrderFailed
from core.flows.guard import danger_of
from core.flows.inject import inject
from core.flows.reconcile import audit, reconcile
from core.flows.watch import watch
from core.replay.run import ACCOUNT
from core.trading.exchange.requests import Grouping, OrderRequest, Tif
from core.trading.injections import own_margin
from core.trading.ports import Account, VenuePosition
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage

D = Decimal


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    """A long BTC at 4×, its liquidation about 24 % away, whose stop has vanished from the venue unseen."""
    stage = Stage()
    await stage.begin()
    assert (await stage.open("BTC")).verdict is Verdict.OPENED
    await watch(stage.desk)
    for order in stage.running.exchange.open_orders(ACCOUNT):
        stage.running.exchange.cancel(ACCOUNT, order.coin, order.oid)
    assert not stage.desk.nudged
    return stage


async def at_distance(stage: Stage, share: str) -> VenuePosition:
    """Move the mark to where the liquidation is so far away, and look."""
    held = await bitcoin(stage)
    assert held.liquidation is not None
    await stage.move("BTC", str((held.liquidation / (1 - D(share))).quantize(D(1))))
    await watch(stage.desk)
    return await bitcoin(stage)


async def bitcoin(stage: Stage) -> VenuePosition:
    held = (await stage.venue.account()).position("BTC")
    assert held is not None
    return held


async def add(desk: Desk, symbol: str, amount: Decimal) -> MarginAdded:
    """As Ann confirms it right after she has seen how the position stands."""
    account = await desk.venue.account()
    held = account.position(desk.market(symbol).coin)
    return await inject(desk, symbol, amount, own_margin(held) if held is not None else D(0), "Ann")


def told(stage: Stage, kind: type) -> list[Any]:
    return [event for _, event in stage.ledger.events if isinstance(event, kind)]


async def test_each_level_is_told_once_with_the_exact_margin_that_leads_back(stage: Stage) -> None:
    await at_distance(stage, "0.101")
    assert told(stage, LiquidationNear) == []
    await at_distance(stage, "0.099")
    await at_distance(stage, "0.095")
    (warning,) = told(stage, LiquidationNear)
    assert (warning.level, warning.isolated, warning.goal) == (1, True, 0.15)
    assert warning.distance == pytest.approx(0.099, abs=1e-4)
    assert warning.needed > 0
    await at_distance(stage, "0.049")
    await at_distance(stage, "0.030")
    levels = [one.level for one in told(stage, LiquidationNear)]
    assert levels == [1, 2]


async def test_a_level_is_told_again_only_after_it_was_left_well_behind(stage: Stage) -> None:
    await at_distance(stage, "0.099")
    await at_distance(stage, "0.105")
    await at_distance(stage, "0.099")
    assert len(told(stage, LiquidationNear)) == 1
    await at_distance(stage, "0.112")
    await at_distance(stage, "0.099")
    assert [one.level for one in told(stage, LiquidationNear)] == [1, 1]


async def test_what_was_told_is_remembered_over_a_restart(stage: Stage) -> None:
    await at_distance(stage, "0.049")
    (critical,) = told(stage, LiquidationNear)
    assert critical.level == 2
    stage.desk = stage.new_desk()
    await watch(stage.desk)
    assert len(told(stage, LiquidationNear)) == 1


async def test_the_margin_that_was_named_leads_exactly_back_to_the_goal(stage: Stage) -> None:
    await at_distance(stage, "0.06")
    danger, free = await danger_of(stage.desk, "BTC")
    added = await add(stage.desk, "BTC", danger.needed)
    held = await bitcoin(stage)
    assert held.liquidation is not None
    away = (held.mark - held.liquidation) / held.mark
    assert 0.15 <= float(away) < 0.1501
    assert (added.amount, added.by, added.liquidation) == (danger.needed, "Ann", held.liquidation)
    assert (await stage.venue.account()).free == free - danger.needed
    assert told(stage, MarginAdded) == [added]
    assert (await audit(stage.desk)).clean


@pytest.mark.parametrize("amount", ["0", "-5", "100000"])
async def test_an_amount_that_cannot_be_is_refused_before_anything_leaves(stage: Stage, amount: str) -> None:
    with pytest.raises(UserMistake, match="USDC"):
        await add(stage.desk, "BTC", D(amount))
    assert await stage.ledger.injections() == []
    assert told(stage, MarginAdded) == []


async def test_a_market_without_a_position_has_nothing_to_add_to(stage: Stage) -> None:
    with pytest.raises(NoPosition):
        await add(stage.desk, "ETH", D(10))


async def test_a_position_on_cross_margin_is_told_what_it_is(stage: Stage) -> None:
    exchange = stage.running.exchange
    exchange.set_leverage(ACCOUNT, "ETH", 10, cross=True)
    exchange.submit(
        ACCOUNT,
        [OrderRequest("ETH", is_buy=True, price=D(3100), size=D(20), reduce_only=False, tif=Tif.IOC)],
        Grouping.NA,
    )
    stage.moment()
    await reconcile(stage.desk)
    danger, _ = await danger_of(stage.desk, "ETH")
    assert not danger.isolated
    assert (danger.limits.warn, danger.limits.critical, danger.limits.goal) == (0.10, 0.05, 0.15)
    with pytest.raises(UserMistake, match="cross margin"):
        await add(stage.desk, "ETH", D(10))


async def lost_after(stage: Stage, coin: str, usd: Decimal, expires_ms: int) -> None:
    """The venue acts, and its answer is lost."""
    await stage.venue.add_margin(coin, usd, expires_ms)
    raise OutcomeUnknown("no answer")


async def lost_before(coin: str, usd: Decimal, expires_ms: int) -> None:
    """The request is lost."""
    raise OutcomeUnknown("no answer")


async def test_a_lost_answer_is_found_out_and_told_once(stage: Stage) -> None:
    before, venue = await bitcoin(stage), Intercepted(stage.venue)
    venue.instead["add_margin"] = lambda coin, usd, until: lost_after(stage, coin, usd, until)
    desk = stage.new_desk(venue=venue)
    with pytest.raises(OutcomeUnknown):
        await add(desk, "BTC", D(50))
    with pytest.raises(UserMistake, match="under way"):
        await add(desk, "BTC", D(50))
    for _ in range(2):
        await reconcile(stage.new_desk())
    (added,) = told(stage, MarginAdded)
    assert (added.amount, added.by) == (D(50), "Ann")
    assert (await bitcoin(stage)).margin == before.margin + 50
    assert await stage.ledger.injections() == []


async def test_a_request_that_never_arrived_is_told_once_it_cannot_arrive_any_more(stage: Stage) -> None:
    before, venue = await bitcoin(stage), Intercepted(stage.venue)
    venue.instead["add_margin"] = lost_before
    desk = stage.new_desk(venue=venue)
    with pytest.raises(OutcomeUnknown):
        await add(desk, "BTC", D(50))
    await reconcile(stage.desk)
    assert told(stage, OrderFailed) == [], "it may still arrive"
    await stage.pass_time(stage.settings.execution.expires_ms + 1)
    for _ in range(2):
        await reconcile(stage.desk)
    (failed,) = told(stage, OrderFailed)
    assert (failed.symbol, failed.intent) == ("BTC", "margin")
    assert (await bitcoin(stage)).margin == before.margin
    assert told(stage, MarginAdded) == []


@pytest.mark.parametrize("error", [VenueUnavailable("down"), VenueRefused("no", words="no")])
async def test_a_plain_no_leaves_nothing_open(stage: Stage, error: Exception) -> None:
    async def refuse(coin: str, usd: Decimal, expires_ms: int) -> None:
        raise error

    venue = Intercepted(stage.venue)
    venue.instead["add_margin"] = refuse
    with pytest.raises(type(error)):
        await add(stage.new_desk(venue=venue), "BTC", D(50))
    assert await stage.ledger.injections() == []
    await reconcile(stage.desk)
    assert told(stage, MarginAdded) + told(stage, OrderFailed) == []


async def test_an_outage_right_after_the_deed_is_no_failure(stage: Stage) -> None:
    venue = Intercepted(stage.venue)

    async def add_and_go_down(coin: str, usd: Decimal, expires_ms: int) -> None:
        await stage.venue.add_margin(coin, usd, expires_ms)
        venue.instead["account"] = down

    async def down() -> None:
        raise VenueUnavailable("down")

    venue.instead["add_margin"] = add_and_go_down
    added = await add(stage.new_desk(venue=venue), "BTC", D(50))
    assert (added.liquidation, added.distance) == (None, None)
    assert told(stage, MarginAdded) == [added]


async def test_a_position_that_closed_meanwhile_is_said_to_be_closed(stage: Stage) -> None:
    (position,) = await stage.ledger.live_positions()
    venue = Intercepted(stage.venue)
    venue.instead["add_margin"] = lost_before
    with pytest.raises(OutcomeUnknown):
        await add(stage.new_desk(venue=venue), "BTC", D(50))
    stage.running.exchange.submit(
        ACCOUNT,
        [OrderRequest("BTC", is_buy=False, price=D(50000), size=position.size, reduce_only=True, tif=Tif.IOC)],
        Grouping.NA,
    )
    await stage.pass_time(stage.settings.execution.expires_ms + 1)
    await reconcile(stage.desk)
    (failed,) = told(stage, OrderFailed)
    assert "closed" in failed.words


async def test_margin_for_a_market_of_another_dex_is_brought_there_first(stage: Stage) -> None:
    assert (await stage.open("TSLA")).verdict is Verdict.OPENED
    before = (await stage.venue.account()).position("xyz:TSLA")
    assert before is not None
    added = await add(stage.desk, "TSLA", D(1_000))
    after = (await stage.venue.account()).position("xyz:TSLA")
    assert after is not None
    assert (added.amount, after.margin - before.margin) == (D(1_000), D(1_000))
    assert (await audit(stage.desk)).clean


async def test_a_need_that_two_operators_confirm_is_met_once(stage: Stage) -> None:
    await at_distance(stage, "0.06")
    danger, _ = await danger_of(stage.desk, "BTC")
    await inject(stage.desk, "BTC", danger.needed, danger.own, "Ann")
    with pytest.raises(UserMistake, match="margin was added to BTC meanwhile"):
        await inject(stage.desk, "BTC", danger.needed, danger.own, "Bob")
    assert [one.by for one in told(stage, MarginAdded)] == ["Ann"]


async def test_out_of_a_critical_level_a_warning_is_told_again_only_well_behind_it(stage: Stage) -> None:
    await at_distance(stage, "0.049")
    await at_distance(stage, "0.101")
    await at_distance(stage, "0.099")
    assert [one.level for one in told(stage, LiquidationNear)] == [2]


async def test_a_position_without_a_liquidation_price_needs_no_margin(stage: Stage) -> None:
    venue = Intercepted(stage.venue)

    async def unlevered() -> Account:
        account = await stage.venue.account()
        return replace(account, positions=tuple(replace(p, liquidation=None) for p in account.positions))

    venue.instead["account"] = unlevered
    with pytest.raises(UserMistake, match="cannot be liquidated as it stands"):
        await danger_of(stage.new_desk(venue=venue), "BTC")
