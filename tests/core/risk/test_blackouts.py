"""Blackouts: whom they bind, from which moment to which, and what is put on record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.market.symbols import AssetClass, Market
from core.risk.blackouts import Blackout, refuse_by_blackout
from core.sifting import Refusal

AT = 1_790_000_000_000
MINUTE = 60_000
FOMC = Blackout("FOMC", AT, before_ms=30 * MINUTE, after_ms=60 * MINUTE, scope="", by="Ann", since_ms=0)
BTC = Market("BTC", AssetClass.CRYPTO, "BTC", 40, 5)
TSLA = Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 20, 3)


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (AT - 30 * MINUTE - 1, False),
        (AT - 30 * MINUTE, True),
        (AT, True),
        (AT + 60 * MINUTE - 1, True),
        (AT + 60 * MINUTE, False),
    ],
)
def test_a_blackout_stands_from_before_the_event_until_after_it(now: int, refused: bool) -> None:
    assert (refuse_by_blackout(BTC, [FOMC], now) is not None) is refused


@pytest.mark.parametrize(
    ("scope", "bound"),
    [
        ("", ["BTC", "TSLA"]),
        ("crypto", ["BTC"]),
        ("equity", ["TSLA"]),
        ("TSLA", ["TSLA"]),
        ("index TSLA crypto", ["BTC", "TSLA"]),
        ("TSL", []),
        ("commodity", []),
    ],
)
def test_it_binds_the_classes_and_markets_that_it_names(scope: str, bound: list[str]) -> None:
    one = replace(FOMC, scope=scope)
    assert [market.symbol for market in (BTC, TSLA) if one.binds(market)] == bound
    assert [m.symbol for m in (BTC, TSLA) if refuse_by_blackout(m, [one], AT) is not None] == bound


def test_the_one_that_ends_last_is_told_in_minutes() -> None:
    longer = replace(FOMC, name="CPI", before_ms=0, after_ms=120 * MINUTE, by="Bob")
    found = refuse_by_blackout(BTC, [FOMC, longer, replace(FOMC, name="X")], AT + 15 * MINUTE)
    assert found == Refusal("BTC", "limits", "blackout", 15.0, 120.0, "CPI, by Bob")
    assert refuse_by_blackout(BTC, [FOMC], AT + 15 * MINUTE) == Refusal(
        "BTC", "limits", "blackout", 45.0, 90.0, "FOMC, by Ann"
    )
    assert refuse_by_blackout(BTC, [], AT) is None
