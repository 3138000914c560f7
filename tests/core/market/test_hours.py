"""When the market under a perpetual is open: New York with its holidays and half days, Tokyo with its lunch, Seoul."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.market.hours import refuse_by_hours
from core.market.symbols import AssetClass, Market
from core.settings import AsianHours, StockHours


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def is_open(symbol: str, asset_class: AssetClass, at: str) -> bool:
    market = Market(symbol, asset_class, f"xyz:{symbol}", 20, 3)
    return refuse_by_hours(market, ms(at), StockHours(), AsianHours()) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-06T14:29:59.999Z", False),  # a Tuesday in winter: 09:30 is 14:30 UTC
        ("2026-01-06T14:30Z", True),
        ("2026-01-06T20:59:59.999Z", True),
        ("2026-01-06T21:00Z", False),
        ("2026-07-14T13:29:59.999Z", False),  # in summer 13:30 UTC
        ("2026-07-14T13:30Z", True),
        ("2026-01-10T16:00Z", False),  # Saturday
        ("2026-11-26T16:00Z", False),  # Thanksgiving
        ("2026-11-27T17:59Z", True),  # the half day after it ends at 13:00
        ("2026-11-27T18:00Z", False),
    ],
)
@pytest.mark.parametrize(
    ("symbol", "asset_class"),
    [("TSLA", AssetClass.EQUITY), ("SP500", AssetClass.INDEX), ("EWY", AssetClass.INDEX)],
)
def test_shares_and_funds_listed_in_new_york_follow_its_session(
    symbol: str, asset_class: AssetClass, at: str, expected: bool
) -> None:
    assert is_open(symbol, asset_class, at) is expected


@pytest.mark.parametrize(
    ("symbol", "at", "expected"),
    [
        ("JP225", "2026-01-06T09:00+09:00", True),
        ("JP225", "2026-01-06T08:59:59.999+09:00", False),
        ("JP225", "2026-01-06T11:29+09:00", True),
        ("JP225", "2026-01-06T11:30+09:00", False),
        ("JP225", "2026-01-06T12:29+09:00", False),
        ("JP225", "2026-01-06T12:30+09:00", True),
        ("JP225", "2026-01-06T15:29+09:00", True),
        ("JP225", "2026-01-06T15:30+09:00", False),
        ("JP225", "2026-01-10T10:00+09:00", False),  # Saturday there
        ("JP225", "2026-01-05T00:30+00:00", True),  # Monday there
        ("JP225", "2026-01-06T15:30+00:00", False),  # New York is open
        ("KR200", "2026-01-06T08:59+09:00", False),
        ("KR200", "2026-01-06T09:00+09:00", True),
        ("KR200", "2026-01-06T12:00+09:00", True),  # no lunch
        ("KR200", "2026-01-06T15:30+09:00", False),
        ("KR200", "2026-01-11T10:00+09:00", False),  # Sunday
    ],
)
def test_the_asian_indices_follow_their_own_exchange(symbol: str, at: str, expected: bool) -> None:
    assert is_open(symbol, AssetClass.INDEX, at) is expected


@pytest.mark.parametrize("asset_class", [AssetClass.CRYPTO, AssetClass.COMMODITY, AssetClass.FOREX])
def test_the_other_classes_are_not_asked(asset_class: AssetClass) -> None:
    assert is_open("X", asset_class, "2026-01-10T03:00Z")


def test_a_refusal_names_whose_hours_they_are() -> None:
    night = ms("2026-01-10T03:00Z")
    for symbol, zone in (("SP500", "America/New_York"), ("JP225", "Asia/Tokyo"), ("KR200", "Asia/Seoul")):
        market = Market(symbol, AssetClass.INDEX, f"xyz:{symbol}", 20, 3)
        found = refuse_by_hours(market, night, StockHours(), AsianHours())
        assert found is not None
        assert (found.symbol, found.stage, found.rule, found.detail) == (symbol, "limits", "market_closed", zone)
