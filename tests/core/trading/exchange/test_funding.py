"""Hourly funding and its three cumulated figures."""

from __future__ import annotations

import pytest

from tests.core.trading.exchange.stand import ANNA, START, D, Stand, price

HOUR = 3_600_000


def settle(stand: Stand, rate: str, coin: str = "BTC") -> None:
    """Settle the next full hour at a rate."""
    hour = (stand.exchange.now_ms // HOUR + 1) * HOUR
    stand.exchange.advance(hour, {}, {coin: D(rate)})


@pytest.mark.parametrize(("size", "rate", "cash"), [
    ("0.1", "0.0000125", "-0.075075"), ("-0.1", "0.0000125", "0.075075"), ("0.1", "-0.0002", "1.2012"),
])  # fmt: skip
def test_longs_pay_shorts_by_size_oracle_and_rate(size: str, rate: str, cash: str) -> None:
    stand = Stand()
    stand.order(size=size)
    stand.move("BTC", price(60_000, 1, oracle=60_060))
    before = stand.equity()
    settle(stand, rate)
    assert stand.equity() - before == D(cash)
    (payment,) = stand.exchange.funding_payments(ANNA)
    assert (payment.usd, payment.size, payment.rate, payment.coin) == (D(cash), D(size), D(rate), "BTC")
    assert payment.time_ms == START + HOUR
    assert stand.money() == 20_000


def test_one_hours_rate_is_capped() -> None:
    stand = Stand()
    stand.order(size="0.1")
    settle(stand, "0.5")
    assert stand.exchange.funding_payments(ANNA)[0].usd == -240


def test_isolated_positions_pay_out_of_their_own_margin() -> None:
    stand = Stand()
    stand.exchange.set_leverage(ANNA, "BTC", 5, cross=False)
    stand.order(size="0.1")
    cash, margin = stand.cash(ANNA), stand.held().margin_used
    settle(stand, "0.001")
    assert stand.cash(ANNA) == cash
    assert stand.held().margin_used == margin - 6


def test_funding_is_cumulated_ever_since_open_and_since_the_size_changed() -> None:
    stand = Stand()
    stand.order(size="0.1")
    settle(stand, "0.001")
    stand.order(size="0.1")
    settle(stand, "0.001")
    funding = stand.held().funding
    assert (funding.all_time, funding.since_open, funding.since_change) == (18, 18, 12)
    stand.order(size="-0.2")
    stand.order(size="-0.1")
    settle(stand, "0.001")
    funding = stand.held().funding
    assert (funding.all_time, funding.since_open, funding.since_change) == (12, -6, -6)


def test_coins_without_a_rate_pay_nothing() -> None:
    stand = Stand()
    stand.order(size="0.1")
    settle(stand, "0.001", coin="ETH")
    assert stand.exchange.funding_payments(ANNA) == []


def test_payments_are_found_from_a_time_on() -> None:
    stand = Stand()
    stand.order(size="0.1")
    for _ in range(3):
        settle(stand, "0.0001")
    assert [p.time_ms for p in stand.exchange.funding_payments(ANNA, START + 2 * HOUR)] == [
        START + 2 * HOUR, START + 3 * HOUR,
    ]  # fmt: skip


def test_funding_can_liquidate() -> None:
    stand = Stand(usd=1_000)
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=True)
    stand.order(size="0.6")
    settle(stand, "0.02")
    stand.exchange.advance(stand.exchange.now_ms + 1, {})
    assert stand.size() == 0
