"""Ticks, lots and margin tiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import ExchangeRules
from core.trading.exchange.contracts import contract
from core.trading.exchange.grid import is_legal_price, tick, toward
from core.trading.exchange.ports import MarketTerms
from tests.core.trading.exchange.stand import TERMS, D

MAINTENANCE = [
    ("BTC", "3050", "38.125"),
    ("BTC", "150000000", "1875000"),
    ("BTC", "200000000", "3125000"),
    ("ARB", "2999", "149.95"),
    ("ARB", "3000", "150"),
    ("ARB", "10000", "850"),
    ("xyz:TSLA", "1000", "25"),
]


@pytest.mark.parametrize(
    ("size_decimals", "price", "legal"),
    [
        (5, "61234", True),
        (5, "61234.5", False),
        (5, "9876.5", True),
        (4, "2951.4", True),
        (4, "2951.45", False),
        (3, "317.25", True),
        (3, "317.255", False),
        (0, "0.012345", True),
        (0, "0.0123456", False),
        (5, "123456", True),
        (5, "1234567", True),
        (5, "9876.55", False),
    ],
)
def test_a_price_has_five_figures_and_six_less_size_decimals_decimals(
    size_decimals: int, price: str, legal: bool
) -> None:
    assert is_legal_price(D(price), size_decimals) is legal


@given(st.integers(0, 5), st.decimals("0.00001", "500000", places=9))
def test_rounding_always_lands_on_a_legal_price_within_a_tick(size_decimals: int, price: D) -> None:
    finest = D(1).scaleb(size_decimals - 6)
    if price < finest:
        return
    for up in (True, False):
        legal = toward(price, size_decimals, up=up)
        assert is_legal_price(legal, size_decimals)
        assert abs(legal - price) < tick(price, size_decimals)


@pytest.mark.parametrize(("coin", "notional", "margin"), MAINTENANCE)
def test_maintenance_follows_the_tiers_with_their_deduction(coin: str, notional: str, margin: str) -> None:
    terms = next(one for one in TERMS if one.coin == coin)
    assert contract(terms, ExchangeRules()).maintenance(D(notional)) == D(margin)


THREE_TIERS = MarketTerms("NEW", 1, 20, isolated_only=False, margin_tiers=((D(0), 20), (D(1_000), 10), (D(5_000), 5)))


def plain_maintenance(terms: MarketTerms, notional: float) -> float:
    """The same rule said otherwise: every slice of the notional at its own tier's rate."""
    total = 0.0
    bounds = [(float(lower), leverage) for lower, leverage in terms.margin_tiers]
    for k, (lower, leverage) in enumerate(bounds):
        upper = bounds[k + 1][0] if k + 1 < len(bounds) else float("inf")
        total += max(0.0, min(notional, upper) - lower) / (2 * leverage)
    return total


@given(st.sampled_from((*TERMS, THREE_TIERS)), st.decimals("1", "400000000", places=2))
def test_maintenance_equals_the_sum_of_slices(terms: MarketTerms, notional: D) -> None:
    ours = float(contract(terms, ExchangeRules()).maintenance(notional))
    assert ours == pytest.approx(plain_maintenance(terms, float(notional)), rel=1e-9, abs=1e-5)


def test_hip3_coins_pay_twice_the_fees() -> None:
    main, other = (contract(one, ExchangeRules()) for one in TERMS if one.coin in ("BTC", "xyz:TSLA"))
    assert (other.taker, other.maker) == (main.taker * 2, main.maker * 2)
    assert (main.dex, other.dex) == ("", "xyz")
