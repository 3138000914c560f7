"""Margin and what an account is shown: the documented example, and an independent plain model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.trading.exchange.requests import Refused, Tif
from tests.core.trading.exchange.stand import ANNA, D, Stand, price


def test_the_documented_example_comes_out_as_documented() -> None:
    stand = Stand(usd="1523.768")
    stand.move("BTC", price(60_799, 1))
    stand.exchange.set_leverage(ANNA, "BTC", 10, cross=True)
    stand.order(size="0.05")
    stand.move("BTC", 61_000)
    account = stand.exchange.account(ANNA)
    assert account.margin == account.cross_margin
    assert account.margin.account_value == D("1532.40")
    assert account.margin.total_notional == D("3050")
    assert account.margin.total_raw_usd == D("-1517.6")
    assert account.margin.total_margin_used == D("305")
    assert account.cross_maintenance == D("38.125")
    assert account.withdrawable == D("1227.40")
    (position,) = account.positions
    assert (position.entry, position.value, position.unrealised) == (D(60_800), D(3_050), D(10))
    assert round(position.return_on_equity, 7) == D("0.0328947")
    assert position.liquidation is not None
    assert round(position.liquidation, 1) == D("30736.2")
    assert (position.margin_used, position.max_leverage, position.leverage, position.cross) == (305, 40, 10, True)


def test_the_liquidation_price_is_where_liquidation_begins() -> None:
    for size in ("0.5", "-0.5"):
        stand = Stand(usd=2_000)
        stand.order(size=size)
        level = stand.held().liquidation
        assert level is not None
        toward = 1 if size == "0.5" else -1
        stand.move("BTC", round(level + 3 * toward))
        assert stand.size() == D(size)
        stand.move("BTC", round(level - 3 * toward))
        assert stand.size() == 0


def test_an_isolated_position_keeps_its_own_margin_and_shows_its_raw_usd() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 5, cross=False)
    stand.order(size="0.1")
    position = stand.held()
    assert position.cross is False
    assert position.margin_used == D("1200.02") - D("0.1")
    assert position.raw_usd == D("1200.02") - D("6000.1")
    account = stand.exchange.account(ANNA)
    assert account.margin.account_value == D(10_000) - D("2.700045") - D("0.1")
    assert account.cross_margin.account_value == account.withdrawable == D(10_000) - D("2.700045") - D("1200.02")


def test_reducing_an_isolated_position_frees_its_share_of_margin() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 5, cross=False)
    stand.order(size="0.1")
    cash = stand.cash(ANNA)
    stand.order(size="-0.04")
    position = stand.held()
    assert position.raw_usd == D("1200.02") * D("0.6") - D("6000.1") * D("0.6")
    assert stand.cash(ANNA) - cash == D("1200.02") * D("0.4") + stand.fill().closed_pnl - stand.fill().fee


def test_an_isolated_order_needs_its_fee_beside_its_margin() -> None:
    stand = Stand(usd=6_000)
    for coin in ("BTC", "ETH"):
        stand.exchange.set_leverage(ANNA, coin, 1, cross=coin == "ETH")
    assert stand.order(size="0.1", at=60_001).error == "Insufficient margin to place order."
    assert stand.order("ETH", 2, at="3000.1").kind == "filled"
    stand = Stand(usd="6002.8")
    stand.exchange.set_leverage(ANNA, "BTC", 1, cross=False)
    assert stand.order(size="0.1", at=60_001).kind == "filled"


def test_resting_orders_bind_margin_and_waiting_triggers_do_not() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 10, cross=True)
    free = stand.exchange.account(ANNA).available
    stand.order(size="0.1", at=50_000, tif=Tif.GTC)
    assert free - stand.exchange.account(ANNA).available == 500
    stand.order(size="-0.1", at=70_000, tif=Tif.GTC)
    assert free - stand.exchange.account(ANNA).available == 700
    stand.order(size="0.1")
    stand.stop(58_000)
    assert free - stand.exchange.account(ANNA).available == 500 + 600 + D("2.700045") + D("0.1")


def test_leverage_can_always_be_raised_and_lowered_only_with_the_margin_for_it() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 20, cross=True)
    stand.order(size="1")
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=True)
    assert stand.held().margin_used == 1_500
    stand.exchange.set_leverage(ANNA, "BTC", 7, cross=True)
    with pytest.raises(Refused, match="Cross position does not have sufficient margin"):
        stand.exchange.set_leverage(ANNA, "BTC", 6, cross=True)
    assert stand.exchange.leverage(ANNA, "BTC") == (7, True)
    assert stand.held().leverage == 7


def test_isolated_leverage_is_lowered_only_after_margin_was_added() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 20, cross=False)
    stand.order(size="0.1")
    with pytest.raises(Refused, match="To decrease leverage, add margin to the position"):
        stand.exchange.set_leverage(ANNA, "BTC", 10, cross=False)
    stand.exchange.adjust_margin(ANNA, "BTC", D(301))
    stand.exchange.set_leverage(ANNA, "BTC", 10, cross=False)
    with pytest.raises(Refused, match="Position does not have sufficient margin for reduction"):
        stand.exchange.adjust_margin(ANNA, "BTC", D(-10))
    stand.exchange.set_leverage(ANNA, "BTC", 20, cross=False)
    with pytest.raises(Refused, match="Position does not have sufficient margin for reduction"):
        stand.exchange.adjust_margin(ANNA, "BTC", D(-10))
    with pytest.raises(Refused, match="Account does not have sufficient margin available for increase"):
        stand.exchange.adjust_margin(ANNA, "BTC", D(9_999))


def test_margin_that_is_not_needed_can_be_taken_out_of_an_isolated_position() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 5, cross=False)
    stand.order(size="0.1")
    stand.exchange.adjust_margin(ANNA, "BTC", D(500))
    before = stand.equity()
    stand.exchange.adjust_margin(ANNA, "BTC", D(-499))
    assert stand.equity() == before
    assert stand.held().margin_used == D("1200.02") - D("0.1") + 1


def test_a_tenth_of_the_notional_stays_when_collateral_leaves() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=True)
    stand.order(size="1")
    account = stand.exchange.account(ANNA)
    assert account.available - account.withdrawable == 6_000 - 1_500
    stand.exchange.transfer(ANNA, "", "xyz", account.withdrawable)
    with pytest.raises(Refused, match="Insufficient balance for withdrawal"):
        stand.exchange.transfer(ANNA, "", "xyz", D("0.01"))


def test_a_leverage_that_was_never_set_is_twenty_or_the_markets_maximum() -> None:
    stand = Stand()
    chosen = {coin: stand.exchange.leverage(ANNA, coin) for coin in ("BTC", "ARB", "xyz:TSLA", "xyz:GOLD")}
    assert chosen == {"BTC": (20, True), "ARB": (10, True), "xyz:TSLA": (20, False), "xyz:GOLD": (20, True)}


RATES = {"BTC": 1 / 80, "ETH": 1 / 50}


class PlainModel:
    """Cross margin of BTC and ETH under 100,000 USD, written from the rules in floats: cash, average entries."""

    def __init__(self, cash: float) -> None:
        self.cash = cash
        self.size = {"BTC": 0.0, "ETH": 0.0}
        self.entry = {"BTC": 0.0, "ETH": 0.0}

    def fill(self, coin: str, quantity: float, at: float) -> None:
        """Book one execution the textbook way."""
        held = self.size[coin]
        self.cash -= abs(quantity) * at * 0.00045
        if held * quantity >= 0:
            self.entry[coin] = (held * self.entry[coin] + quantity * at) / (held + quantity)
        else:
            closed = min(abs(held), abs(quantity)) * (1 if held > 0 else -1)
            self.cash += closed * (at - self.entry[coin])
            if abs(quantity) > abs(held):
                self.entry[coin] = at
        self.size[coin] = round(held + quantity, 9)

    def equity(self, marks: dict[str, float]) -> float:
        """Cash and unrealised profit."""
        return self.cash + sum(size * (marks[coin] - self.entry[coin]) for coin, size in self.size.items())

    def initial(self, marks: dict[str, float]) -> float:
        """Margin bound at 10×."""
        return sum(abs(size) * marks[coin] / 10 for coin, size in self.size.items())

    def liquidation(self, coin: str, marks: dict[str, float]) -> float:
        """The mark of ``coin`` at which equity equals maintenance, found by bisection instead of by formula."""

        def spare(at: float) -> float:
            moved = {**marks, coin: at}
            return self.equity(moved) - sum(abs(s) * moved[c] * RATES[c] for c, s in self.size.items())

        long = self.size[coin] > 0
        low, high = (0.0, marks[coin]) if long else (marks[coin], marks[coin] * 50)
        for _ in range(200):
            middle = (low + high) / 2
            drowned = spare(middle) < 0
            low, high = (middle, high) if drowned == long else (low, middle)
        return (low + high) / 2


steps = st.lists(
    st.tuples(
        st.sampled_from(["BTC", "ETH"]),
        st.integers(-20, 20).filter(bool),
        st.integers(-5, 5),
        st.integers(-5, 5),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_margin_agrees_with_an_independent_plain_model(plan: list[tuple[str, int, int, int]]) -> None:
    stand, model = Stand(usd=1_000_000), PlainModel(1_000_000.0)
    for coin in RATES:
        stand.exchange.set_leverage(ANNA, coin, 10, cross=True)
    units = {"BTC": D("0.01"), "ETH": D("0.1")}
    marks = {"BTC": 60_000.0, "ETH": 3_000.0}
    for coin, lots, btc, eth in plan:
        stand.order(coin, lots * units[coin])
        for fill in stand.exchange.fills(ANNA):
            if fill.time_ms == stand.exchange.now_ms:
                model.fill(coin, float(fill.size) * (1 if fill.is_buy else -1), float(fill.price))
        marks["BTC"], marks["ETH"] = marks["BTC"] + 100 * btc, marks["ETH"] + 10 * eth
        stand.moves({one: Decimal(str(mark)) for one, mark in marks.items()})
        agree(stand, model, marks)


def agree(stand: Stand, model: PlainModel, marks: dict[str, Any]) -> None:
    """Equity, bound margin, withdrawable and every liquidation price, as shown and as modelled."""
    account = stand.exchange.account(ANNA)
    equity, bound = model.equity(marks), model.initial(marks)
    assert float(account.margin.account_value) == pytest.approx(equity, abs=1e-3)
    assert float(account.margin.total_margin_used) == pytest.approx(bound, abs=1e-3)
    assert float(account.withdrawable) == pytest.approx(equity - bound, abs=1e-3)
    for position in account.positions:
        assert float(position.size) == pytest.approx(model.size[position.coin])
        expected = model.liquidation(position.coin, marks)
        if position.liquidation is not None and expected < 49 * marks[position.coin]:
            assert float(position.liquidation) == pytest.approx(expected, rel=1e-6)
