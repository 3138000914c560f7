"""Slippage of orders: by the mean price of their fills, above zero where it cost us."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.reports.slippage import Execution, Slippage, slippage
from core.trading.orders import Intent


def fill(name: str, intent: Intent, is_buy: bool, price: str, size: str = "1", mark: str = "100") -> Execution:
    return Execution("paper", name, intent, is_buy, Decimal(mark), Decimal(price), Decimal(size))


def test_nothing_is_no_figure() -> None:
    assert slippage([]) == Slippage(0, None, 0, None)


@pytest.mark.parametrize(
    ("is_buy", "price", "cost"),
    [(True, "100.1", 0.001), (True, "99.9", -0.001), (False, "99.9", 0.001), (False, "100.1", -0.001)],
)
def test_a_dearer_buy_and_a_cheaper_sale_cost(is_buy: bool, price: str, cost: float) -> None:
    found = slippage([fill("a", Intent.ENTRY, is_buy, price)])
    assert found.entry == pytest.approx(cost)
    assert (found.entries, found.exits, found.exit) == (1, 0, None)


def test_an_order_counts_once_by_the_mean_price_of_its_fills() -> None:
    found = slippage(
        [
            fill("a", Intent.ENTRY, True, "100.2", "3"),
            fill("a", Intent.ENTRY, True, "100.6", "1"),
            fill("b", Intent.ENTRY, True, "100"),
            fill("c", Intent.STOP, False, "99"),
            fill("d", Intent.CLOSE, False, "98"),
            fill("e", Intent.TARGET, False, "100"),
            fill("f", Intent.REDUCE, False, "100"),
        ]
    )
    assert (found.entries, found.exits) == (2, 4)
    assert found.entry == pytest.approx(0.003 / 2)
    assert found.exit == pytest.approx(0.03 / 4)
