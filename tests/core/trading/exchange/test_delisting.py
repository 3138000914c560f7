"""A market that ends, and books that are nearly empty."""

from __future__ import annotations

import json

import pytest

from core.trading.exchange.exchange import Exchange
from core.trading.exchange.requests import Grouping, Tif
from tests.core.trading.exchange.stand import ANNA, BEN, TERMS, D, Stand, closing, stop


@pytest.mark.parametrize("cross", [True, False])
@pytest.mark.parametrize("size", ["0.1", "-0.1"])
def test_positions_are_settled_at_the_mark_without_a_fee_and_no_money_is_lost(size: str, cross: bool) -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 10, cross=cross)
    stand.order(size=size)
    stand.order(size="-0.05", who=BEN)
    stand.move("BTC", 61_234)
    before, equities = stand.money(), [stand.equity(ANNA), stand.equity(BEN)]
    stand.exchange.delist("BTC")
    assert stand.money() == before
    assert [stand.equity(ANNA), stand.equity(BEN)] == equities
    assert (stand.size(), stand.size(who=BEN), stand.sizes().get("BTC", D(0))) == (0, 0, 0)
    fill = stand.fill()
    assert (fill.direction, fill.price, fill.fee, fill.size) == ("Settlement", D(61_234), 0, D("0.1"))
    assert (fill.start_position, fill.liquidation) == (D(size), None)


def test_its_orders_are_cancelled_and_none_is_taken_any_more() -> None:
    stand = Stand()
    stand.order()
    resting = [stand.order(at=50_000, tif=Tif.GTC), stand.stop(55_000)]
    other = stand.order("ETH", size="1", at=2_000, tif=Tif.GTC)
    stand.exchange.delist("BTC")
    assert [stand.status(one.oid) for one in resting] == ["delistedCanceled"] * 2
    assert stand.status(other.oid) == "open"
    assert stand.order().error == "Trading is halted."
    stand.exchange.delist("BTC")
    stand.move("ETH", 3_010)


def test_a_thin_book_has_a_lot_a_level_and_survives_a_snapshot() -> None:
    stand = Stand()
    stand.exchange.thin_out("BTC", 3)
    bids, asks = stand.exchange.book("BTC")
    assert [level.size for level in (*bids, *asks)] == [D("0.00001")] * 6
    taken = stand.order(size="0.1")
    assert (taken.kind, taken.total) == ("filled", D("0.00003"))
    assert [fill.size for fill in stand.exchange.fills(ANNA)] == [D("0.00001")] * 3
    saved = json.loads(json.dumps(stand.exchange.snapshot()))
    assert Exchange.restore(saved, TERMS, stand.rules).thinned() == ["BTC"]
    stand.exchange.thin_out("BTC", None)
    assert stand.exchange.thinned() == []
    assert stand.order(size="0.1").total == D("0.1")


def test_dust_under_the_least_value_can_be_protected_and_closed_whole() -> None:
    stand = Stand()
    stand.exchange.thin_out("BTC", 1)
    stand.order(size="0.1")
    assert stand.size() == D("0.00001")
    assert stand.exchange.submit(ANNA, [closing(stop(55_000), "-0.00001")], Grouping.NA)[0].kind == "resting"
    stand.move("BTC", 60_100)
    assert stand.order(size="-0.00001", reduce_only=True).kind == "filled"
    assert stand.size() == 0
