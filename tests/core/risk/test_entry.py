"""Before the order (SPEC G3): every number just inside and just outside, and what is put on record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.symbols import Side
from core.risk.entry import (
    Decided,
    Offer,
    refuse_by_costs,
    refuse_by_move,
    refuse_by_spread,
    refuse_entry,
    taker_fee,
)
from core.settings import EntryRules, ExchangeRules
from core.sifting import Refusal

RULES = EntryRules()
DECIDED = Decided("BTC", Side.LONG, close=100.0, atr=2.0, stop=0.04)
OFFER = Offer(mark=100.0, bid=99.99, ask=100.01, funding=0.0, fee=0.00045)


@pytest.mark.parametrize(
    ("mark", "refused"),
    [(100.0, False), (101.0, False), (101.001, True), (99.0, False), (98.999, True), (110.0, True), (90.0, True)],
)
@pytest.mark.parametrize("side", list(Side))
def test_a_mark_may_have_moved_half_an_atr_either_way(mark: float, side: Side, refused: bool) -> None:
    found = refuse_by_move(replace(DECIDED, side=side), mark, RULES)
    assert (found is not None) is refused


def test_a_move_is_told_in_atr() -> None:
    assert refuse_by_move(DECIDED, 98.0, RULES) == Refusal("BTC", "execution", "moved", 1.0, 0.5, "100 → 98")


@pytest.mark.parametrize(("spread", "refused"), [(0.0, False), (0.0015, False), (0.00150001, True), (0.01, True)])
def test_a_spread_may_be_15_basis_points(spread: float, refused: bool) -> None:
    assert (refuse_by_spread(DECIDED, spread, RULES) is not None) is refused


def test_a_spread_is_told_in_percent() -> None:
    rules = EntryRules(spread_most=0.0025)
    assert refuse_by_spread(DECIDED, 0.005, rules) == Refusal("BTC", "execution", "spread", 0.5, 0.25)


@pytest.mark.parametrize(
    ("bid", "ask", "spread"),
    [(99.0, 101.0, 0.02), (100.0, 100.0, 0.0), (299.0, 301.0, 2 / 300), (99.925, 100.075, 0.0015)],
)
def test_a_spread_is_a_share_of_the_middle(bid: float, ask: float, spread: float) -> None:
    assert replace(OFFER, bid=bid, ask=ask).spread == pytest.approx(spread, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("bid", "ask"), [(None, 100.0), (100.0, None), (None, None), (0.0, 100.0), (-1.0, 100.0), (100.1, 100.0)]
)
def test_a_spread_that_cannot_be_known_is_a_missing_fact_and_refuses(bid: float | None, ask: float | None) -> None:
    offer = replace(OFFER, bid=bid, ask=ask)
    assert offer.spread is None
    expected = Refusal("BTC", "execution", "no_spread", None, None, "the book shows no impact prices")
    assert refuse_entry(DECIDED, offer, RULES) == expected


@pytest.mark.parametrize(
    ("side", "fee", "funding", "spread", "stop", "refused"),
    [
        (Side.LONG, 0.00045, 0.0, 0.0, 0.006, False),  # the way in and out alone: 0.09 % of 0.6 % is 15 %
        (Side.LONG, 0.00045, 0.0, 0.0, 0.00599, True),
        (Side.LONG, 0.0, 0.0, 0.0015, 0.01, False),  # the spread alone
        (Side.LONG, 0.0, 0.0, 0.00151, 0.01, True),
        (Side.LONG, 0.0, 0.0000625, 0.0, 0.01, False),  # 24 hours of funding alone: 0.15 %
        (Side.LONG, 0.0, 0.0000626, 0.0, 0.01, True),
        (Side.SHORT, 0.0, -0.0000625, 0.0, 0.01, False),
        (Side.SHORT, 0.0, -0.0000626, 0.0, 0.01, True),
        (Side.LONG, 0.00025, 0.00002, 0.0005, 0.01, False),  # 0.05 % + 0.048 % + 0.05 % = 0.148 %
        (Side.LONG, 0.00025, 0.000021, 0.0005, 0.01, True),  # 0.1504 %
        (Side.SHORT, 0.00045, 0.01, 0.0005, 0.01, False),  # what a short would receive is not credited …
        (Side.SHORT, 0.00045, 0.01, 0.0007, 0.01, True),
        (Side.LONG, 0.00045, -0.01, 0.0005, 0.01, False),  # … nor what a long would
        (Side.LONG, 0.00045, -0.01, 0.0007, 0.01, True),
    ],
)
def test_costs_may_come_to_15_percent_of_what_is_risked(
    side: Side, fee: float, funding: float, spread: float, stop: float, refused: bool
) -> None:
    decided = replace(DECIDED, side=side, stop=stop)
    found = refuse_by_costs(decided, replace(OFFER, fee=fee, funding=funding), spread, RULES)
    assert (found is not None) is refused


def test_costs_are_told_in_percent_of_1_r_with_their_parts() -> None:
    offer = replace(OFFER, fee=0.001, funding=0.0001)
    found = refuse_by_costs(replace(DECIDED, stop=0.01), offer, 0.0006, RULES)
    assert found is not None
    assert (found.symbol, found.stage, found.rule) == ("BTC", "execution", "costs")
    assert (found.measured, found.limit) == (pytest.approx(50.0), pytest.approx(15.0))
    assert found.detail == "fees 0.200%, funding 0.240%, spread 0.060%; 1 R is 1.000%"


@pytest.mark.parametrize(
    ("offer", "rule"),
    [
        (OFFER, None),
        (replace(OFFER, mark=101.5, bid=95.0, ask=105.0, fee=0.1), "moved"),
        (replace(OFFER, bid=95.0, ask=105.0, fee=0.1), "spread"),
        (replace(OFFER, fee=0.1), "costs"),
    ],
)
def test_the_first_reason_that_holds_is_told(offer: Offer, rule: str | None) -> None:
    found = refuse_entry(DECIDED, offer, RULES)
    assert (found.rule if found is not None else None) == rule


@pytest.mark.parametrize(
    ("coin", "growth", "fee"),
    [("BTC", False, 0.00045), ("xyz:TSLA", False, 0.0009), ("xyz:TSLA", True, 0.00009), ("BTC", True, 0.000045)],
)
def test_a_taker_pays_twice_on_another_dex_and_a_tenth_in_growth_mode(coin: str, growth: bool, fee: float) -> None:
    assert taker_fee(coin, ExchangeRules(), growth=growth) == pytest.approx(fee, rel=1e-12)


SHARE = st.floats(0.0, 0.01)


@given(fee=SHARE, funding=st.floats(-0.01, 0.01), wider=SHARE, stop=st.floats(0.001, 0.2), side=st.sampled_from(Side))
def test_what_costs_more_is_never_let_through_where_less_was_refused(
    fee: float, funding: float, wider: float, stop: float, side: Side
) -> None:
    decided, offer = replace(DECIDED, side=side, stop=stop), replace(OFFER, fee=fee, funding=funding)
    if refuse_by_costs(decided, offer, 0.0001, RULES) is not None:
        assert refuse_by_costs(decided, offer, 0.0001 + wider, RULES) is not None
        assert refuse_by_costs(decided, replace(offer, fee=fee + wider), 0.0001, RULES) is not None
        assert refuse_by_costs(replace(decided, stop=stop / 2), offer, 0.0001, RULES) is not None
