"""Forced closing: to the book, in parts, to the backstop; who is told what, and whose money it was."""

from __future__ import annotations

import pytest

from core.trading.exchange.records import Liquidated, LiquidationNote
from core.trading.exchange.requests import Tif
from core.trading.exchange.state import BACKSTOP
from tests.core.trading.exchange.stand import ANNA, BEN, D, Stand, price


def loaded(*, usd: object = 1_000, size: str = "0.6", cross: bool = True) -> Stand:
    """Anna with all she has in BTC at 40×."""
    stand = Stand(usd=usd)
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=cross)
    assert stand.order(size=size).kind == "filled"
    return stand


def liquidated(stand: Stand) -> list[Liquidated]:
    """Liquidation steps since the last drain."""
    return [one for one in stand.exchange.drain() if isinstance(one, Liquidated)]


@pytest.mark.parametrize("size", ["0.6", "-0.6"])
def test_equity_under_maintenance_is_closed_on_the_book_where_the_line_is_crossed(size: str) -> None:
    stand = loaded(size=size)
    level = stand.held().liquidation
    assert level is not None
    far = 50_000 if size == "0.6" else 70_000
    stand.move("BTC", far)
    fill = stand.fill()
    assert stand.size() == 0
    assert abs(fill.price - level) < 5
    assert fill.direction == ("Close Long" if size == "0.6" else "Close Short")
    assert fill.liquidation is not None
    assert (fill.liquidation.user, fill.liquidation.method) == (ANNA, "market")
    assert abs(fill.liquidation.mark - level) < 3
    assert stand.equity() > 0
    assert [one.method for one in liquidated(stand)] == ["market"]


def test_what_a_market_liquidation_leaves_stays_with_the_trader() -> None:
    stand = loaded()
    stand.move("BTC", 50_000)
    booked = sum((fill.closed_pnl - fill.fee for fill in stand.exchange.fills(ANNA)), D(1_000))
    assert stand.equity() == booked > 0


def test_both_parties_of_a_forced_trade_are_told() -> None:
    stand = loaded()
    stand.exchange.deposit(BEN, D(100_000))
    level = stand.held().liquidation
    assert level is not None
    bid = round(level) - 2
    stand.order(size="0.6", at=bid, tif=Tif.GTC, who=BEN)
    stand.move("BTC", price(bid + 1, 2))
    ours, theirs = stand.fill(), stand.exchange.fills(BEN)
    assert ours.liquidation is not None
    assert ours.liquidation == theirs[-1].liquidation == LiquidationNote(ANNA, ours.liquidation.mark, "market")
    assert (theirs[-1].direction, theirs[-1].crossed, theirs[-1].tid) == ("Open Long", False, ours.tid)


def test_a_large_position_loses_a_fifth_first_and_the_whole_during_the_cooldown() -> None:
    stand = loaded(usd=5_000, size="3")
    level = stand.held().liquidation
    assert level is not None
    at = round(level) - 1
    stand.move("BTC", at)
    assert stand.size() == D("2.4")
    stand.exchange.advance(stand.exchange.now_ms, {})
    assert stand.size() == D("2.4")
    stand.move("BTC", at - 600)
    assert stand.size() == 0


def test_on_one_long_way_the_fifth_goes_first_and_the_rest_further_down() -> None:
    stand = loaded(usd=5_000, size="3")
    level = stand.held().liquidation
    assert level is not None
    stand.move("BTC", 50_000)
    forced = [fill for fill in stand.exchange.fills(ANNA) if fill.liquidation is not None]
    first = sum((fill.size for fill in forced if abs(fill.price - level) < 10), D(0))
    assert first == D("0.6")
    assert stand.size() == 0
    assert stand.equity() > 0
    assert [one.method for one in liquidated(stand)] == ["market", "market"]


def test_a_fifth_that_does_not_heal_is_not_followed_by_the_rest_at_the_same_price() -> None:
    stand = loaded(usd=5_000, size="3")
    needed = D(3) * 58_900 / 80
    assert needed * 2 / 3 < stand.equity() - D(3) * 1_100 + 3 < needed * D("0.8")
    stand.move("BTC", 58_900, gapped=True)
    assert stand.size() == D("2.4")
    stand.exchange.advance(stand.exchange.now_ms + 70, {})
    assert stand.size() == 0


def test_after_the_cooldown_it_is_a_fifth_again() -> None:
    stand = loaded(usd=5_000, size="3")
    level = stand.held().liquidation
    assert level is not None
    stand.move("BTC", round(level) - 1)
    stand.move("BTC", round(level) + 700)
    assert stand.size() == D("2.4")
    stand.move("BTC", round(level) + 701, ms=30_001)
    again = stand.held().liquidation
    assert again is not None
    stand.move("BTC", round(again) - 1)
    assert stand.size() == D("1.92")


def test_a_gap_under_two_thirds_of_maintenance_goes_to_the_backstop_which_keeps_the_rest() -> None:
    stand = loaded()
    before = stand.cash(BACKSTOP)
    stand.move("BTC", 58_700, gapped=True)
    paid = sum((fill.size * fill.price for fill in stand.exchange.fills(ANNA)[:-1]), D(0))
    fees = sum((fill.fee for fill in stand.exchange.fills(ANNA)), D(0))
    equity = D(1_000) - fees + D("0.6") * 58_700 - paid
    assert 0 < equity < D("0.6") * 58_700 / 80 * 2 / 3
    assert (stand.size(), stand.equity()) == (0, 0)
    assert stand.cash(BACKSTOP) - before == equity
    fill = stand.fill()
    assert (fill.direction, fill.fee) == ("Liquidated Cross Long", 0)
    assert fill.liquidation == LiquidationNote(ANNA, D(58_700), "backstop")
    assert fill.closed_pnl == fees - 1_000
    taken = stand.exchange.fills(BACKSTOP)[-1]
    assert (taken.tid, taken.liquidation, taken.is_buy) == (fill.tid, fill.liquidation, True)
    (step,) = liquidated(stand)
    assert (step.method, step.liquidator, step.address) == ("backstop", BACKSTOP, ANNA)


@pytest.mark.parametrize(("size", "to"), [("0.6", 50_000), ("-0.6", 75_000)])
def test_a_gap_beyond_bankruptcy_costs_the_account_all_it_has_and_the_backstop_the_rest(size: str, to: int) -> None:
    stand = loaded(size=size)
    stand.move("BTC", to, gapped=True)
    assert stand.equity() == 0
    assert stand.cash(BACKSTOP) < 0
    assert stand.money() == 2_000


def test_an_isolated_position_is_liquidated_alone() -> None:
    stand = loaded(usd=10_000, size="0.6", cross=False)
    stand.order("ETH", "0.1")
    cash = stand.cash(ANNA)
    stand.moves({"BTC": 58_600}, gapped=True)
    assert stand.size() == 0
    assert stand.fill().direction == "Liquidated Isolated Long"
    assert stand.size("ETH") == D("0.1")
    assert stand.cash(ANNA) == cash


def test_margin_added_to_an_isolated_position_moves_its_liquidation_away() -> None:
    stand = loaded(usd=10_000, size="0.6", cross=False)
    before = stand.held().liquidation
    stand.exchange.adjust_margin(ANNA, "BTC", D(1_000))
    after = stand.held().liquidation
    assert before is not None
    assert after is not None
    assert before - after == pytest.approx(D(1_000) / D("0.6") / (1 - D(1) / 80), abs=D("0.001"))
    stand.move("BTC", round(before) - 10)
    assert stand.size() == D("0.6")


def test_each_dex_stands_for_itself() -> None:
    stand = Stand(usd=2_000)
    stand.exchange.transfer(ANNA, "", "xyz", D(1_000))
    stand.exchange.set_leverage(ANNA, "xyz:GOLD", 25, cross=True)
    stand.order("xyz:GOLD", 9)
    stand.order(size="0.05")
    stand.move("xyz:GOLD", 2_400, gapped=True)
    assert stand.size("xyz:GOLD") == 0
    assert stand.equity(dex="xyz") == 0
    assert stand.size() == D("0.05")


def test_profit_elsewhere_on_the_dex_protects_a_cross_position() -> None:
    stand = loaded(usd=10_000, size="0.6")
    stand.exchange.set_leverage(ANNA, "ETH", 25, cross=True)
    stand.order("ETH", "-12")
    stand.moves({"BTC": 55_000, "ETH": 2_750})
    assert stand.size() == D("0.6")


def test_orders_of_a_liquidated_account_are_cancelled() -> None:
    stand = loaded(usd=1_200)
    resting = stand.order(size="0.01", at=50_000, tif=Tif.GTC).oid
    protects = stand.stop(58_000, "-0.6").oid
    stand.move("BTC", 58_400, gapped=True)
    assert stand.size() == 0
    assert stand.status(resting) == stand.status(protects) == "liquidatedCanceled"


def test_a_stop_nearer_than_liquidation_comes_first_on_the_way() -> None:
    stand = loaded()
    level = stand.held().liquidation
    assert level is not None
    stand.stop(round(level) + 50, "-0.6")
    stand.move("BTC", 50_000)
    assert (stand.size(), stand.fill().liquidation, liquidated(stand)) == (0, None, [])


def test_liquidation_nearer_than_the_stop_comes_first_on_the_way() -> None:
    stand = loaded()
    level = stand.held().liquidation
    assert level is not None
    protects = stand.stop(round(level) - 50, "-0.6").oid
    stand.move("BTC", 50_000)
    assert stand.fill().liquidation is not None
    assert stand.status(protects) == "reduceOnlyCanceled"


def test_a_position_that_the_book_cannot_take_is_tried_again_until_the_backstop_has_it() -> None:
    stand = loaded()
    level = stand.held().liquidation
    assert level is not None
    stand.move("BTC", price(round(level) - 1, 30_000))
    assert stand.size() == D("0.6")
    stand.move("BTC", price(round(level) - 600, 30_000))
    assert (stand.size(), stand.equity()) == (0, 0)


def two_positions() -> Stand:
    """Anna long 0.5 BTC and 1 ETH, cross, with little else."""
    stand = Stand(usd=1_000)
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=True)
    stand.exchange.set_leverage(ANNA, "ETH", 25, cross=True)
    stand.order(size="0.5")
    stand.order("ETH", 1)
    return stand


def test_the_largest_position_goes_first_and_the_others_stay_once_equity_suffices() -> None:
    stand = two_positions()
    stand.move("BTC", 50_000)
    assert (stand.size(), stand.size("ETH")) == (0, 1)
    assert stand.equity() > 0


@pytest.mark.parametrize("to", [58_500, 50_000])
def test_the_backstop_takes_all_cross_positions_and_leaves_nothing_behind(to: int) -> None:
    stand = two_positions()
    stand.move("BTC", to, gapped=True)
    assert (stand.size(), stand.size("ETH"), stand.equity()) == (0, 0, 0)
    forced = [fill for fill in stand.exchange.fills(ANNA) if fill.liquidation is not None]
    assert [fill.direction for fill in forced] == ["Liquidated Cross Long"] * 2
    assert sum((f.closed_pnl - f.fee for f in stand.exchange.fills(ANNA)), D(0)) == -1_000
