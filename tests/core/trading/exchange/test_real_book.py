"""On a market with a real book: fills walk its levels, and what is not known is not traded on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.settings import ExchangeRules
from core.trading.exchange.contracts import contract
from core.trading.exchange.ports import Book, Level
from core.trading.exchange.requests import Tif
from core.trading.exchange.words import HALTED
from tests.core.trading.exchange.stand import ANNA, TERMS, D, Stand

ASKS = [(60_001, "0.02"), (60_004, "0.03"), (60_010, "0.5")]
BIDS = [(59_999, "0.04"), (59_990, "0.06"), (59_000, "3")]
TAKER = Decimal("0.00045")


def side(levels: list[tuple[int, str]]) -> tuple[Level, ...]:
    return tuple((D(price), D(size)) for price, size in levels)


class Books(Stand):
    """The stand with a book of BTC that a test sets; of other coins nothing is known."""

    def __init__(self) -> None:
        super().__init__()
        self.book: Book | None = Book(side(BIDS), side(ASKS))
        self.exchange.books = lambda coin: self.book if coin == "BTC" else None


def test_an_order_pays_the_levels_by_size() -> None:
    stand = Books()
    outcome = stand.order(size="0.1", at=60_200)
    paid = 60_001 * D("0.02") + 60_004 * D("0.03") + 60_010 * D("0.05")
    assert (outcome.kind, outcome.total) == ("filled", D("0.1"))
    assert outcome.average == paid / D("0.1")
    fills = stand.exchange.fills(ANNA)
    assert [(fill.price, fill.size) for fill in fills] == [
        (60_001, D("0.02")),
        (60_004, D("0.03")),
        (60_010, D("0.05")),
    ]
    assert sum(fill.fee for fill in fills) == (paid * TAKER).quantize(D("0.000001"))


def test_a_thin_book_fills_a_part_within_the_limit() -> None:
    stand = Books()
    outcome = stand.order(size="0.1", at=60_005)
    assert (outcome.kind, outcome.total, stand.size()) == ("filled", D("0.05"), D("0.05"))
    assert stand.status(outcome.oid) == "canceled"


def test_a_limit_that_the_book_does_not_reach_fills_nothing() -> None:
    stand = Books()
    outcome = stand.order(size="0.1", at=60_000)
    assert outcome.error.startswith("Order could not immediately match")
    assert stand.size() == 0


def test_what_was_taken_is_gone_until_the_market_is_heard_again() -> None:
    stand = Books()
    stand.order(size="0.05", at=60_004)
    assert stand.order(size="0.05", at=60_004).kind == "error"
    assert [level.price for level in stand.exchange.book("BTC")[1]] == [60_010]
    stand.move("BTC", 60_001)
    assert stand.order(size="0.05", at=60_004).total == D("0.05")


def test_a_stop_fires_on_the_mark_and_sells_into_the_bids() -> None:
    stand = Books()
    stand.order(size="0.1")
    stand.stop(59_500)
    stand.book = Book(side([(59_480, "0.04"), (59_470, "1")]), side([(59_490, "1")]))
    stand.move("BTC", 59_501, gapped=True)
    assert stand.size() == D("0.1")
    stand.move("BTC", 59_485, gapped=True)
    assert stand.size() == 0
    assert [(fill.price, fill.size) for fill in stand.exchange.fills(ANNA)[-2:]] == [
        (59_480, D("0.04")),
        (59_470, D("0.06")),
    ]


def test_on_an_unknown_book_orders_are_refused_and_nothing_is_shown() -> None:
    stand = Books()
    stand.order(size="0.1")
    stand.book = None
    assert stand.order(size="-0.1").error == HALTED.words
    assert stand.order(size="0.1", at=59_000, tif=Tif.GTC).error == HALTED.words
    assert stand.stop(59_000).error == HALTED.words
    assert stand.exchange.book("BTC") == ([], [])
    assert stand.size() == D("0.1")


def test_resting_orders_can_be_cancelled_while_the_book_is_unknown() -> None:
    stand = Books()
    resting = stand.order(size="0.1", at=59_000, tif=Tif.GTC)
    stand.book = None
    assert resting.oid is not None
    assert stand.exchange.cancel(ANNA, "BTC", resting.oid) is None


@pytest.mark.parametrize(("multiple", "taker"), [(None, "0.0009"), ("0.2", "0.00009")])
def test_a_market_may_name_its_own_fees(multiple: str | None, taker: str) -> None:
    terms = replace(TERMS[4], fee_multiple=None if multiple is None else D(multiple))
    assert contract(terms, ExchangeRules()).taker == D(taker)
