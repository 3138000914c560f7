"""What becomes of limit orders: taking, resting, being hit; fees, directions, profits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from core.trading.exchange.records import BookLevel
from core.trading.exchange.requests import Grouping, Tif
from tests.core.trading.exchange.stand import ANNA, BEN, D, Stand, ask, price


def test_an_immediate_order_fills_at_the_quote_and_pays_the_taker_fee() -> None:
    stand = Stand()
    outcome = stand.order(size="0.1", cloid="0x1")
    fill = stand.fill()
    assert (outcome.kind, outcome.total, outcome.average) == ("filled", D("0.1"), D(60_001))
    assert (fill.price, fill.size, fill.crossed, fill.fee) == (D(60_001), D("0.1"), True, D("2.700045"))
    assert (fill.direction, fill.start_position, fill.closed_pnl) == ("Open Long", 0, 0)
    assert (fill.client_id, fill.oid, stand.status("0x1")) == ("0x1", outcome.oid, "filled")
    assert stand.equity() == D(10_000) - D("2.700045") - D("0.1")


def test_hip3_fills_pay_twice_the_fee_out_of_their_own_dex() -> None:
    stand = Stand()
    assert stand.order("xyz:TSLA", 1).error == "Insufficient margin to place order."
    stand.exchange.transfer(ANNA, "", "xyz", D(500))
    assert stand.order("xyz:TSLA", 1).kind == "filled"
    assert stand.fill().fee == D("0.285534")
    assert stand.equity() == 9_500
    assert stand.held("xyz:TSLA").cross is False


def test_a_resting_order_is_filled_at_its_own_price_when_the_quote_reaches_it_and_pays_the_maker_fee() -> None:
    stand = Stand()
    outcome = stand.order(size="0.1", at=59_500, tif=Tif.GTC)
    assert outcome.kind == "resting"
    stand.move("BTC", 59_500)
    assert stand.size() == 0
    stand.move("BTC", 59_499)
    fill = stand.fill()
    assert (fill.price, fill.crossed, fill.fee) == (D(59_500), False, D("0.8925"))
    assert stand.status(outcome.oid) == "filled"


def test_a_resting_order_fills_at_its_own_price_even_when_the_market_gaps_far_through() -> None:
    stand = Stand()
    stand.order(size="0.1", at=59_500, tif=Tif.GTC)
    stand.move("BTC", 57_000, gapped=True)
    assert stand.fill().price == 59_500


def test_a_limit_order_takes_what_it_can_and_rests_with_the_remainder() -> None:
    stand = Stand(usd=1_000_000)
    outcome = stand.order(size="2", at=60_002, tif=Tif.GTC)
    first, second = D("0.41665"), D("0.83330")
    assert (outcome.kind, outcome.total) == ("resting", first + second)
    (order,) = stand.exchange.open_orders(ANNA)
    assert (order.size, order.original_size, order.filled) == (2 - first - second, 2, first + second)
    bids, asks = stand.exchange.book("BTC")
    assert bids[0] == BookLevel(D(60_002), order.size, 1)
    assert asks[0].price == 60_003


def test_an_immediate_order_beyond_the_book_fills_in_part_and_the_rest_is_dropped() -> None:
    stand = Stand(usd=1_000_000, book_levels=2)
    outcome = stand.order(size="2", at=63_000, cloid="0x1")
    assert (outcome.kind, outcome.total) == ("filled", D("1.24995"))
    assert outcome.average == round((D("0.41665") * 60_001 + D("0.8333") * 60_002) / D("1.24995"), 8)
    assert stand.status("0x1") == "canceled"
    assert stand.open() == []
    assert stand.order(size="0.1").error == "Order could not immediately match against any resting orders."
    stand.move("BTC", 60_000)
    assert stand.order(size="0.1").kind == "filled"


def test_the_book_shows_twenty_growing_levels_on_the_tick_grid() -> None:
    bids, asks = Stand().exchange.book("BTC")
    assert [one.price for one in bids] == [D(59_999 - k) for k in range(20)]
    assert [one.price for one in asks] == [D(60_001 + k) for k in range(20)]
    assert all(a.size < b.size for a, b in pairwise(asks))


def test_a_post_only_order_rests_inside_the_spread_and_is_the_best_bid() -> None:
    stand = Stand()
    assert stand.order(size="0.1", at=60_000, tif=Tif.ALO).kind == "resting"
    assert stand.exchange.book("BTC")[0][0] == BookLevel(D(60_000), D("0.1"), 1)


def test_impact_prices_are_the_best_ones_while_they_hold_the_notional() -> None:
    stand = Stand(usd=1_000_000)
    assert stand.exchange.impact("BTC") == (59_999, 60_001)
    assert stand.exchange.impact("xyz:TSLA") == (D("317.24"), D("317.26"))
    assert stand.exchange.impact("ARB") == (D("0.4999"), D("0.5001"))
    stand.order(size="0.31", at=60_001)
    assert stand.exchange.impact("BTC") == (59_999, 60_001), "0.10665 BTC are left, and 0.1 are needed"
    stand.order(size="0.05", at=60_001)
    assert stand.exchange.impact("BTC") == (59_999, 60_002), "half of it comes from the next level: 60,001.4"
    stand.order(size="-0.41", at=59_999)
    assert stand.exchange.impact("BTC") == (59_998, 60_002), "outward on both sides"
    stand.move("BTC", 60_010)
    assert stand.exchange.impact("BTC") == (60_009, 60_011)


def test_impact_prices_count_users_orders_and_are_unknown_on_a_side_that_holds_too_little() -> None:
    stand = Stand(usd=1_000_000, book_levels=1, level_usd=5_000)
    assert stand.exchange.impact("BTC") is None
    assert stand.order(size="-0.02", at=60_000, tif=Tif.ALO).kind == "resting"
    assert stand.exchange.impact("BTC") is None, "the bids still hold 5,000"
    assert stand.order(size="0.02", at=59_990, tif=Tif.ALO).kind == "resting"
    assert stand.exchange.impact("BTC") == (59_997, 60_001)
    assert stand.order(size="-0.08", at=60_000, tif=Tif.ALO).kind == "resting"
    assert stand.exchange.impact("BTC") == (59_997, 60_000), "6,000 at the user's price alone"


def test_users_trade_with_each_other_by_price_then_time() -> None:
    stand = Stand()
    early = stand.order(size="-0.1", at=60_000, tif=Tif.ALO).oid
    stand.exchange.deposit(BEN, D(1))
    late = stand.order(size="-0.1", at=60_000, tif=Tif.ALO).oid
    outcome = stand.order(size="0.15", at=60_000, who=BEN)
    assert (outcome.total, outcome.average) == (D("0.15"), D(60_000))
    assert stand.status(early) == "filled"
    assert stand.exchange.order(ANNA, late or 0).size == D("0.05")  # type: ignore[union-attr]
    ours, theirs = stand.exchange.fills(ANNA), stand.exchange.fills(BEN)
    assert [(a.tid, a.hash, a.crossed) for a in ours] == [(b.tid, b.hash, not b.crossed) for b in theirs]
    newest = stand.exchange.trades("BTC", 1)[0]
    assert (newest.users, newest.is_buy, newest.size) == ((BEN, ANNA), True, D("0.05"))


def test_among_users_the_better_price_goes_before_the_older_order() -> None:
    stand = Stand()
    stand.move("BTC", price(60_000, 10))
    older = stand.order(size="-0.1", at=60_005, tif=Tif.ALO).oid
    better = stand.order(size="-0.1", at=60_002, tif=Tif.ALO).oid
    assert stand.order(size="0.1", who=BEN).average == 60_002
    assert [stand.status(one) for one in (older, better)] == ["open", "filled"]


def test_the_better_price_goes_first_whoever_quotes_it() -> None:
    stand = Stand(usd=1_000_000)
    worse = stand.order(size="-0.1", at=60_002, tif=Tif.ALO, who=BEN).oid
    outcome = stand.order(size="0.5", at=60_002)
    assert outcome.average == round((D("0.41665") * 60_001 + D("0.08335") * 60_002) / D("0.5"), 8)
    assert stand.exchange.order(BEN, worse or 0).filled == D("0.08335")  # type: ignore[union-attr]


def test_meeting_ones_own_order_cancels_the_resting_one_and_goes_on() -> None:
    stand = Stand()
    resting = stand.order(size="-0.1", at=60_000, tif=Tif.ALO).oid
    outcome = stand.order(size="0.1", at=60_010)
    assert stand.status(resting) == "selfTradeCanceled"
    assert (outcome.kind, outcome.average) == ("filled", D(60_001))


def test_a_maker_that_can_no_longer_bear_its_order_is_cancelled() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=True)
    stand.order(size="5")
    resting = stand.order(size="1", at=59_800, tif=Tif.GTC).oid
    stand.move("BTC", 59_000)
    assert stand.status(resting) == "marginCanceled"
    assert stand.size() == 5


DIRECTIONS = [
    (["0.1", "0.1"], "Open Long", "0.1"),
    (["0.1", "-0.05"], "Close Long", "0.1"),
    (["0.1", "-0.3"], "Long > Short", "0.1"),
    (["-0.1"], "Open Short", "0"),
    (["-0.1", "0.1"], "Close Short", "-0.1"),
    (["-0.1", "0.3"], "Short > Long", "-0.1"),
]


@pytest.mark.parametrize(("sizes", "direction", "start"), DIRECTIONS, ids=[row[1] for row in DIRECTIONS])
def test_a_fill_says_what_it_did_to_the_position(sizes: list[str], direction: str, start: str) -> None:
    stand = Stand()
    for size in sizes:
        stand.order(size=size)
    assert (stand.fill().direction, stand.fill().start_position) == (direction, D(start))
    assert stand.size() == sum(map(D, sizes))


def test_closed_profit_is_the_price_result_of_the_reduced_part_before_fees() -> None:
    stand = Stand()
    stand.order(size="0.1")
    stand.move("BTC", 61_000)
    stand.order(size="0.1")
    stand.move("BTC", 62_000)
    stand.order(size="-0.05")
    entry = (D(60_001) + D(61_001)) / 2
    assert stand.held().entry == entry
    assert stand.fill().closed_pnl == (D(61_999) - entry) * D("0.05")
    stand.order(size="-0.25")
    assert stand.fill().closed_pnl == (D(61_999) - entry) * D("0.15")
    assert stand.held().entry == 61_999


def test_modify_gives_a_new_id_and_keeps_the_old_order_when_the_new_one_is_refused() -> None:
    stand = Stand()
    old = stand.order(size="0.1", at=59_000, tif=Tif.GTC, cloid="0x1").oid
    assert old is not None
    crossing = stand.exchange.modify(ANNA, old, ask(at=60_001, tif=Tif.GTC))
    assert crossing.error == "Post only order would have immediately matched, bbo was 59999@60001."
    assert stand.open() == [old]
    kind = stand.exchange.modify(ANNA, "0x1", ask(at=60_001, tif=Tif.IOC))
    assert kind.error == "Modified order must be a resting limit order."
    moved = stand.exchange.modify(ANNA, "0x1", ask(size="0.2", at=59_100, tif=Tif.GTC, cloid="0x2"))
    assert moved.kind == "resting"
    assert stand.open() == [moved.oid]
    assert (moved.oid, stand.status(old), stand.status("0x2")) != (old, "open", "")
    assert stand.status(old) == "canceled"
    assert stand.exchange.modify(ANNA, old, ask()).error == "Cannot modify canceled or filled order"


def test_modify_that_may_be_anything_takes() -> None:
    stand = Stand()
    old = stand.order(size="0.1", at=59_000, tif=Tif.GTC).oid
    outcome = stand.exchange.modify(ANNA, old or 0, ask(at=60_010), always=True)
    assert (outcome.kind, stand.size()) == ("filled", D("0.1"))


def test_outcomes_come_one_per_order_in_the_order_sent() -> None:
    stand = Stand()
    orders = [ask(cloid="0x1"), ask(at="60000.5"), ask(at=59_000, tif=Tif.GTC, cloid="0x3")]
    outcomes = stand.exchange.submit(ANNA, orders, Grouping.NA)
    assert [one.kind for one in outcomes] == ["filled", "error", "resting"]
    assert [one.client_id for one in outcomes] == ["0x1", None, "0x3"]


def test_a_coin_nobody_holds_is_looked_up_when_it_is_asked_for() -> None:
    stand = Stand()
    asked: list[str] = []

    def look(coin: str) -> Any:
        asked.append(coin)
        return price(50_000, 1)

    stand.exchange.look = look
    assert stand.order(size="0.1").average == 50_001
    assert asked
    asked.clear()
    assert stand.held().value == 5_000
    assert asked == []
