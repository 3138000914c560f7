"""Every refusal in the venue's words, in the venue's order of questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.trading.exchange.requests import Grouping, Refused, Tif
from tests.core.trading.exchange.stand import ANNA, BEN, START, D, Stand, ask, closing, stop, target

REDUCE = {"reduce_only": True}
TRIGGER = {"tif": None, "reduce_only": True}

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("off tick", {"at": "60000.5"}, "Price must be divisible by tick size.", "tickRejected"),
    ("trigger off tick", {**TRIGGER, "size": "-0.1", "at": 54000, "trigger": stop("58000.5")},
     "Price must be divisible by tick size.", "tickRejected"),
    ("no price", {"at": "0"}, "Order has invalid price.", "tickRejected"),
    ("not a number", {"at": "NaN"}, "Order has invalid price.", "tickRejected"),
    ("too many size decimals", {"size": "0.123456"}, "Order has invalid size.", "rejected"),
    ("infinite size", {"size": "Infinity"}, "Order has invalid size.", "rejected"),
    ("too small", {"size": "0.0001", "at": 60010}, "Order must have minimum value of $10.", "minTradeNtlRejected"),
    ("too small to reduce", {**REDUCE, "size": "-0.0001", "at": 59000},
     "Order must have minimum value of $10.", "minTradeNtlRejected"),
    ("reduces the wrong side", {**REDUCE, "size": "0.1"},
     "Reduce only order would increase position.", "reduceOnlyRejected"),
    ("nothing to reduce", {**REDUCE, "coin": "ETH", "size": "-1"},
     "Reduce only order would increase position.", "reduceOnlyRejected"),
    ("stop above", {**TRIGGER, "size": "-0.1", "at": 61000, "trigger": stop(61000)},
     "Invalid TP/SL price.", "badTriggerPxRejected"),
    ("target below", {**TRIGGER, "size": "-0.1", "at": 59000, "trigger": target(59000)},
     "Invalid TP/SL price.", "badTriggerPxRejected"),
    ("too dear", {"size": "10"}, "Insufficient margin to place order.", "perpMarginRejected"),
    ("over the tier", {"coin": "ARB", "size": "7000", "at": "0.5001"},
     "Order would cause position to exceed margin tier limit at current leverage", "perpMaxPositionRejected"),
    ("would take", {"tif": Tif.ALO, "at": 60001},
     "Post only order would have immediately matched, bbo was 59999@60001.", "badAloPxRejected"),
    ("nobody there", {"at": 60000}, "Order could not immediately match against any resting orders.",
     "iocCancelRejected"),
    ("delisted", {"coin": "OLD", "size": "1", "at": 20}, "Trading is halted.", "rejected"),
]  # fmt: skip


@pytest.mark.parametrize(("order", "words", "status"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_bad_order_is_refused_in_the_venues_words_and_kept_under_its_status(
    order: dict[str, Any], words: str, status: str
) -> None:
    stand = Stand()
    assert stand.order(size="0.05").kind == "filled"
    before = stand.exchange.account(ANNA)
    outcome = stand.order(**order, cloid="0x7")
    assert (outcome.kind, outcome.error) == ("error", words)
    assert stand.status("0x7") == status
    assert stand.open() == []
    assert stand.exchange.account(ANNA) == before


def test_zero_size_is_refused() -> None:
    stand = Stand()
    request = ask(size="0.1")
    zero = type(request)(request.coin, True, request.price, D(0), False, Tif.GTC)
    assert stand.exchange.submit(ANNA, [zero], Grouping.NA)[0].error == "Order has zero size."


BATCHES: list[tuple[str, list[Any], Grouping, str]] = [
    ("empty", [], Grouping.NA, "Batch of orders is empty."),
    ("far above", [ask(), ask(at=118_000)], Grouping.NA,
     "Order price cannot be more than 95% away from the reference price"),
    ("far below", [ask(size="-0.1", at=2_000), ask()], Grouping.NA,
     "Order price cannot be more than 95% away from the reference price"),
    ("trigger as parent", [closing(stop(58_000))], Grouping.NORMAL, "Main order cannot be trigger order."),
    ("child that could open", [ask(), ask(size="-0.1", tif=None, trigger=stop(58_000))], Grouping.NORMAL,
     "TP/SL order must be reduce only."),
    ("child beyond the entry", [ask(), closing(stop(61_000))], Grouping.NORMAL, "Invalid TP/SL price."),
    ("child of the same side", [ask(), closing(target(59_000), size="0.1", at=60_000)], Grouping.NORMAL,
     "Reduce only order would increase position."),
]  # fmt: skip


@pytest.mark.parametrize(("orders", "grouping", "words"), [row[1:] for row in BATCHES], ids=[row[0] for row in BATCHES])
def test_a_bad_batch_is_refused_whole_with_one_status(orders: list[Any], grouping: Grouping, words: str) -> None:
    stand = Stand()
    outcomes = stand.exchange.submit(ANNA, orders, grouping)
    assert [(one.kind, one.error) for one in outcomes] == [("error", words)]
    assert stand.size() == 0
    assert stand.open() == []


def test_too_many_open_orders_are_refused() -> None:
    stand = Stand(open_orders=10)
    for k in range(10):
        assert stand.order(size="0.001", at=50_000 + k, tif=Tif.GTC).kind == "resting"
    assert stand.order(size="0.001", at=49_000, tif=Tif.GTC).error == "Too many open orders"


ACTIONS: list[tuple[str, Callable[[Stand], Any], str]] = [
    ("leverage over the maximum", lambda s: s.exchange.set_leverage(ANNA, "BTC", 41, cross=True),
     "Invalid leverage value"),
    ("leverage of zero", lambda s: s.exchange.set_leverage(ANNA, "BTC", 0, cross=True), "Invalid leverage value"),
    ("cross where isolated only", lambda s: s.exchange.set_leverage(ANNA, "xyz:TSLA", 5, cross=True),
     "Cross margin is not allowed for this asset."),
    ("switching while holding", lambda s: s.exchange.set_leverage(ANNA, "BTC", 20, cross=False),
     "Cannot switch leverage type with open position."),
    ("margin of a cross position", lambda s: s.exchange.adjust_margin(ANNA, "BTC", D(5)),
     "Position does not use isolated margin."),
    ("margin of nothing", lambda s: s.exchange.adjust_margin(ANNA, "ETH", D(5)),
     "Cannot update margin for empty position."),
    ("margin by nothing", lambda s: s.exchange.adjust_margin(ANNA, "BTC", D(0)),
     "Update to isolated margin cannot be zero."),
    ("moving more than is free", lambda s: s.exchange.transfer(ANNA, "", "xyz", D(9_900)),
     "Insufficient balance for withdrawal"),
    ("moving to nowhere", lambda s: s.exchange.transfer(ANNA, "", "abc", D(1)), "Unknown dex abc."),
    ("scheduling without volume", lambda s: s.exchange.schedule_cancel(ANNA, START + 60_000),
     "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $6000.1."),
    ("a stranger", lambda s: s.exchange.submit("0xcc", [ask()], Grouping.NA),
     "Must deposit before performing actions. User: 0xcc"),
    ("an unlisted coin", lambda s: s.exchange.set_leverage(ANNA, "NOPE", 2, cross=True), "Unknown coin NOPE."),
]  # fmt: skip


@pytest.mark.parametrize(("action", "words"), [row[1:] for row in ACTIONS], ids=[row[0] for row in ACTIONS])
def test_a_bad_action_is_refused_whole_and_changes_nothing(action: Callable[[Stand], Any], words: str) -> None:
    stand = Stand()
    stand.order(size="0.1")
    before = stand.exchange.snapshot()
    with pytest.raises(Refused) as refused:
        action(stand)
    assert str(refused.value) == words
    assert stand.exchange.snapshot() == before


@pytest.mark.parametrize("wanted", [999, "0x99"])
def test_cancelling_what_is_not_there_is_refused(wanted: int | str) -> None:
    words = "Order was never placed, already canceled, or filled."
    assert Stand().exchange.cancel(ANNA, "BTC", wanted) == words


def test_an_order_is_cancelled_only_by_its_owner_and_under_its_coin() -> None:
    stand = Stand()
    oid = stand.order(size="0.01", at=50_000, tif=Tif.GTC, cloid="0x5").oid
    assert oid is not None
    words = "Order was never placed, already canceled, or filled."
    assert stand.exchange.cancel(BEN, "BTC", oid) == words
    assert stand.exchange.cancel(ANNA, "ETH", oid) == words
    assert stand.exchange.cancel(ANNA, "BTC", "0x5") is None
    assert stand.exchange.cancel(ANNA, "BTC", oid) == words
