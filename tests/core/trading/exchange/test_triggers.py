"""Stops and targets: when they fire, at what price, and what their family does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.trading.exchange.requests import Grouping, OrderRequest, Tif, Trigger
from tests.core.trading.exchange.stand import ANNA, D, Stand, ask, closing, price, stop, target


def bracket(stand: Stand, entry: OrderRequest | None = None, size: str = "-0.1") -> list[str]:
    """An entry with attached stop (58,000) and target (62,000), known as 0x1, 0x2, 0x3; the outcomes' kinds."""
    orders = [
        entry or ask(cloid="0x1"),
        closing(stop(58_000), size, cloid="0x2"),
        closing(target(62_000), size, at=60_000, cloid="0x3"),
    ]
    return [one.kind for one in stand.exchange.submit(ANNA, orders, Grouping.NORMAL)]


SIDES = [
    ("sell stop", "0.1", stop(58_000), 58_001, 58_000),
    ("sell target", "0.1", target(62_000), 61_999, 62_000),
    ("buy stop", "-0.1", stop(62_000), 61_999, 62_000),
    ("buy target", "-0.1", target(58_000), 58_001, 58_000),
]


@pytest.mark.parametrize(("held", "trigger", "before", "at"), [row[1:] for row in SIDES], ids=[r[0] for r in SIDES])
def test_a_trigger_fires_when_the_mark_touches_it_and_not_before(
    held: str, trigger: Trigger, before: int, at: int
) -> None:
    stand = Stand()
    stand.order(size=held)
    closes = "-0.1" if held == "0.1" else "0.1"
    outcome = stand.exchange.submit(ANNA, [closing(trigger, closes)], Grouping.NA)[0]
    assert outcome.kind == "resting"
    stand.move("BTC", before)
    assert stand.size() == D(held)
    stand.move("BTC", at)
    assert stand.size() == 0
    assert stand.status(outcome.oid) == "filled"


def test_a_move_that_trades_through_executes_the_stop_at_its_own_level() -> None:
    stand = Stand()
    bracket(stand)
    stand.move("BTC", 55_000)
    assert (stand.fill().price, stand.fill().client_id) == (D(57_999), "0x2")


@settings(max_examples=100, deadline=None)
@given(st.integers(3_500, 59_998), st.integers(1, 2_000))
def test_wherever_the_stop_lies_on_the_way_it_is_executed_at_its_own_level(level: int, beyond: int) -> None:
    stand = Stand()
    stand.order(size="0.1")
    stand.stop(level)
    stand.move("BTC", level - beyond)
    assert stand.fill().price == level - 1


def test_a_gap_executes_the_stop_at_the_new_mark() -> None:
    stand = Stand()
    bracket(stand)
    stand.move("BTC", 55_000, gapped=True)
    assert stand.fill().price == 54_999


def test_a_gap_beyond_the_bound_of_the_order_leaves_the_position_open() -> None:
    stand = Stand()
    bracket(stand)
    stand.move("BTC", 51_000, gapped=True)
    assert stand.size() == D("0.1")
    assert stand.status("0x2") == "iocCancelRejected"
    assert stand.status("0x3") == "open"


def test_of_several_triggers_crossed_in_one_move_the_nearest_fires_first() -> None:
    stand = Stand()
    stand.order(size="0.3")
    for level in (58_000, 59_000, 57_000):
        stand.exchange.submit(ANNA, [closing(stop(level))], Grouping.NA)
    for gapped in (False, True):
        stand.move("BTC", 56_500 if gapped else 57_500, gapped=gapped)
    fired = [fill.price for fill in stand.exchange.fills(ANNA)[1:]]
    assert fired == [D(58_999), D(57_999), D(56_499)]


def test_of_triggers_crossed_in_one_gap_the_nearest_fires_first_at_the_new_mark() -> None:
    stand = Stand()
    stand.order(size="0.2")
    far = stand.exchange.submit(ANNA, [closing(stop(57_000))], Grouping.NA)[0].oid
    near = stand.exchange.submit(ANNA, [closing(stop(59_000))], Grouping.NA)[0].oid
    stand.move("BTC", 56_000, gapped=True)
    assert [fill.oid for fill in stand.exchange.fills(ANNA)[1:]] == [near, far]


def test_a_resting_entry_and_its_stop_both_happen_in_one_move_in_the_order_of_the_way() -> None:
    stand = Stand()
    bracket(stand, ask(at=59_000, tif=Tif.GTC, cloid="0x1"))
    stand.move("BTC", 57_000)
    assert [fill.price for fill in stand.exchange.fills(ANNA)] == [D(59_000), D(57_999)]
    assert stand.open() == []


def test_triggers_of_coins_that_move_together_fire_in_the_order_of_the_way() -> None:
    stand = Stand()
    stand.order(size="0.1")
    stand.order("ETH", 1)
    late = stand.exchange.submit(ANNA, [closing(stop(57_000))], Grouping.NA)[0].oid
    trigger = stop(2_950)
    early = stand.order("ETH", -1, at=2_700, tif=None, reduce_only=True, trigger=trigger).oid
    stand.moves({"BTC": 56_000, "ETH": 2_800})
    assert [fill.oid for fill in stand.exchange.fills(ANNA)[2:]] == [early, late]
    assert [fill.price for fill in stand.exchange.fills(ANNA)[2:]] == [D("2949.9"), D(56_999)]


def test_a_limit_trigger_rests_at_its_price_once_fired() -> None:
    stand = Stand()
    stand.order(size="0.1")
    limit = closing(target(62_000, market=False), at=62_500)
    oid = stand.exchange.submit(ANNA, [limit], Grouping.NA)[0].oid
    stand.move("BTC", 62_000)
    (order,) = stand.exchange.open_orders(ANNA)
    assert (order.oid, order.triggered, order.in_book, order.order_type) == (oid, True, True, "Take Profit Limit")
    stand.move("BTC", 62_600)
    assert (stand.fill().price, stand.fill().crossed) == (D(62_500), False)


def test_attached_orders_wait_for_their_parent_and_rest_once_it_has_filled() -> None:
    stand = Stand()
    assert bracket(stand, ask(at=59_000, tif=Tif.GTC, cloid="0x1")) == ["resting", "waitingForFill", "waitingForFill"]
    assert [o.waiting for o in stand.exchange.open_orders(ANNA)] == [False, True, True]
    stand.move("BTC", 62_500)
    assert stand.size() == 0
    stand.move("BTC", 58_900)
    assert stand.size() == D("0.1")
    assert [o.waiting for o in stand.exchange.open_orders(ANNA)] == [False, False]


def test_attached_orders_of_a_filled_parent_wait_for_their_trigger() -> None:
    stand = Stand()
    assert bracket(stand) == ["filled", "waitingForTrigger", "waitingForTrigger"]


@pytest.mark.parametrize(("to", "filled", "cancelled"), [(57_000, "0x2", "0x3"), (63_000, "0x3", "0x2")])
def test_one_attached_order_cancels_the_other(to: int, filled: str, cancelled: str) -> None:
    stand = Stand()
    bracket(stand)
    stand.move("BTC", to)
    assert (stand.status(filled), stand.status(cancelled)) == ("filled", "siblingFilledCanceled")
    assert (stand.open(), stand.size()) == ([], 0)


def test_a_parent_that_fills_only_in_part_takes_its_children_with_it() -> None:
    stand = Stand(usd=1_000_000, book_levels=1)
    kinds = bracket(stand, ask(size="1", at=61_000, cloid="0x1"), size="-1")
    assert kinds == ["filled", "waitingForFill", "waitingForFill"]
    assert stand.size() == D("0.41665")
    assert [stand.status(one) for one in ("0x1", "0x2", "0x3")] == ["canceled"] * 3
    assert stand.open() == []


def test_a_parent_without_a_match_leaves_no_children() -> None:
    stand = Stand()
    assert bracket(stand, ask(at=60_000, cloid="0x1")) == ["error"]
    assert (stand.open(), stand.size()) == ([], 0)


def test_cancelling_the_parent_cancels_the_children() -> None:
    stand = Stand()
    bracket(stand, ask(at=59_000, tif=Tif.GTC, cloid="0x1"))
    assert stand.exchange.cancel(ANNA, "BTC", "0x1") is None
    assert (stand.open(), stand.status("0x2")) == ([], "canceled")


def test_cancelling_one_child_leaves_the_other() -> None:
    stand = Stand()
    bracket(stand)
    assert stand.exchange.cancel(ANNA, "BTC", "0x3") is None
    assert [stand.status("0x2"), stand.status("0x3")] == ["open", "canceled"]


def test_a_replaced_parent_keeps_its_children() -> None:
    stand = Stand()
    bracket(stand, ask(at=59_000, tif=Tif.GTC, cloid="0x1"))
    outcome = stand.exchange.modify(ANNA, "0x1", ask(at=59_500, tif=Tif.GTC, cloid="0x4"))
    assert outcome.kind == "resting"
    stand.move("BTC", 59_400)
    stand.move("BTC", 57_000)
    assert (stand.size(), stand.status("0x2"), stand.status("0x3")) == (0, "filled", "siblingFilledCanceled")


def test_a_replaced_stop_still_cancels_the_target() -> None:
    stand = Stand()
    bracket(stand)
    moved = stand.exchange.modify(ANNA, "0x2", closing(stop(59_000), cloid="0x4"), always=True)
    assert moved.kind == "resting"
    stand.move("BTC", 58_000)
    assert (stand.status("0x4"), stand.status("0x3")) == ("filled", "siblingFilledCanceled")
    assert stand.fill().price == 58_999


def test_a_replaced_stop_goes_when_the_target_fills() -> None:
    stand = Stand()
    bracket(stand)
    stand.exchange.modify(ANNA, "0x2", closing(stop(59_000), cloid="0x4"), always=True)
    stand.move("BTC", 62_500)
    assert (stand.status("0x3"), stand.status("0x4")) == ("filled", "siblingFilledCanceled")


def test_a_waiting_child_cannot_be_replaced_by_something_that_could_open() -> None:
    stand = Stand()
    bracket(stand, ask(at=59_000, tif=Tif.GTC, cloid="0x1"))
    for wrong in (ask(size="-0.1", at=61_000, tif=Tif.GTC), ask(size="-0.1", tif=None, trigger=stop(58_000))):
        outcome = stand.exchange.modify(ANNA, "0x2", wrong, always=True)
        assert outcome.error == "TP/SL order must be reduce only."
    assert stand.status("0x2") == "open"


def test_replacing_an_order_by_one_of_another_coin_leaves_the_family_behind() -> None:
    stand = Stand()
    bracket(stand)
    outcome = stand.exchange.modify(ANNA, "0x3", ask("ETH", 1), always=True)
    assert (outcome.kind, stand.status("0x3"), stand.status("0x2")) == ("filled", "canceled", "open")


def test_closing_by_hand_removes_what_was_left_to_protect() -> None:
    stand = Stand()
    bracket(stand)
    stand.order(size="-0.1", reduce_only=True)
    assert stand.open() == []
    assert stand.status("0x2") == stand.status("0x3") == "reduceOnlyCanceled"


def test_orders_tied_to_the_position_follow_its_size_and_leave_with_it() -> None:
    stand = Stand()
    stand.order(size="0.1")
    orders = [closing(stop(58_000), "-0.1", cloid="0x2"), closing(target(62_000), "-0.1", at=60_000, cloid="0x3")]
    tied = [OrderRequest(o.coin, o.is_buy, o.price, D(0), True, None, o.trigger, o.client_id) for o in orders]
    outcomes = stand.exchange.submit(ANNA, tied, Grouping.POSITION)
    assert [one.kind for one in outcomes] == ["waitingForTrigger"] * 2
    stand.order(size="0.2")
    assert [o.size for o in stand.exchange.open_orders(ANNA)] == [D("0.3")] * 2
    stand.order(size="-0.1")
    assert [o.size for o in stand.exchange.open_orders(ANNA)] == [D("0.2")] * 2
    stand.move("BTC", 57_000)
    assert (stand.size(), stand.open(), stand.status("0x3")) == (0, [], "siblingFilledCanceled")


def test_a_stop_entry_is_asked_for_margin_when_it_fires() -> None:
    stand = Stand()
    oid = stand.order(size="10", at=70_000, tif=None, trigger=stop(61_000)).oid
    assert stand.status(oid) == "open"
    stand.move("BTC", 61_500)
    assert stand.status(oid) == "perpMarginRejected"
    small = stand.order(size="0.1", at=70_000, tif=None, trigger=stop(62_000)).oid
    stand.move("BTC", 63_000)
    assert (stand.status(small), stand.fill().price) == ("filled", D(62_001))


def test_a_triggered_market_order_on_an_empty_book_is_refused() -> None:
    stand = Stand(book_levels=1, level_usd=100)
    stand.order(size="0.00166", at=60_010)
    oid = stand.stop(59_000, "-0.00166").oid
    stand.order(size="-0.00166", at=59_000, who="0x" + "b" * 40)
    stand.move("BTC", price(59_000, 59_000))
    assert stand.status(oid) == "marketOrderNoLiquidityRejected"


def test_every_change_is_told_in_order() -> None:
    stand = Stand()
    bracket(stand)
    assert stand.statuses() == ["open", "open", "filled", "open", "open"]
    stand.move("BTC", 57_000)
    assert stand.statuses() == ["triggered", "filled", "siblingFilledCanceled"]
