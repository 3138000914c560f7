"""Reduce-only orders: capped to the position, never left over, never opening."""

from __future__ import annotations

from core.trading.exchange.requests import Grouping, Tif
from tests.core.trading.exchange.stand import ANNA, BEN, D, Stand, closing, stop


def test_a_reduce_only_order_larger_than_the_position_is_silently_cut_to_it() -> None:
    stand = Stand()
    stand.order(size="0.1")
    outcome = stand.order(size="-0.5", reduce_only=True)
    assert (outcome.kind, outcome.total, stand.size()) == ("filled", D("0.1"), 0)


def test_closing_a_whole_small_position_is_exempt_from_the_least_value() -> None:
    stand = Stand()
    stand.order(size="0.0002", at=60_010)
    stand.move("BTC", 40_000)
    assert stand.order(size="-0.0001", reduce_only=True, at=39_000).error == "Order must have minimum value of $10."
    assert stand.order(size="-0.0002", reduce_only=True, at=39_000).kind == "filled"


def test_of_resting_reduce_only_orders_that_exceed_the_position_the_older_go() -> None:
    stand = Stand()
    stand.order(size="0.1")
    old, mid, new = (
        stand.order(size=size, at=61_000, tif=Tif.GTC, reduce_only=True).oid for size in ("-0.05", "-0.03", "-0.02")
    )
    assert stand.status(old) == "open"
    stand.order(size="-0.01", reduce_only=True)
    assert [stand.status(one) for one in (old, mid, new)] == ["reduceOnlyCanceled", "open", "open"]


def test_a_new_reduce_only_order_pushes_out_the_older_ones_at_once() -> None:
    stand = Stand()
    stand.order(size="0.1")
    old = stand.order(size="-0.1", at=61_000, tif=Tif.GTC, reduce_only=True).oid
    new = stand.order(size="-0.1", at=61_500, tif=Tif.GTC, reduce_only=True).oid
    assert [stand.status(one) for one in (old, new)] == ["reduceOnlyCanceled", "open"]


def test_stops_and_targets_side_by_side_do_not_push_each_other_out() -> None:
    stand = Stand()
    stand.order(size="0.1")
    oids = [stand.exchange.submit(ANNA, [closing(stop(level))], Grouping.NA)[0].oid for level in (58_000, 57_000)]
    assert stand.open() == oids


def test_a_stop_larger_than_what_is_left_closes_only_what_is_left() -> None:
    stand = Stand()
    stand.order(size="0.1")
    oid = stand.exchange.submit(ANNA, [closing(stop(58_000))], Grouping.NA)[0].oid
    stand.order(size="-0.06", reduce_only=True)
    stand.move("BTC", 57_000)
    assert (stand.size(), stand.fill().size, stand.status(oid)) == (0, D("0.04"), "filled")


def test_turning_the_position_removes_the_orders_that_reduced_the_old_one() -> None:
    stand = Stand()
    stand.order(size="0.1")
    oid = stand.exchange.submit(ANNA, [closing(stop(58_000))], Grouping.NA)[0].oid
    stand.order(size="-0.3")
    assert (stand.status(oid), stand.size()) == ("reduceOnlyCanceled", D("-0.2"))


def test_a_resting_reduce_only_order_hit_by_a_user_trades_no_more_than_the_position() -> None:
    stand = Stand()
    stand.order(size="0.1")
    oid = stand.order(size="-0.1", at=60_000, tif=Tif.ALO, reduce_only=True).oid
    stand.order(size="0.3", at=60_000, who=BEN)
    assert (stand.size(), stand.size(who=BEN), stand.status(oid)) == (0, D("0.1"), "filled")
