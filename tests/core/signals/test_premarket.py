"""Pass ② on single days: which bars make the ranges, when they are complete, and when a break counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import AssetClass
from core.settings import Enrichment, Settings
from core.signals.enrichment.dimensions import Dimensions
from core.signals.view import view_markets
from tests.core.signals.walks import block, crypto, enrich, hourly_blocks, market_candles, of_closes

RULES = Enrichment()
STEP = Timeframe.M15.ms


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def day_until(now: str, last: float = 100.0, opens: str = "13:30") -> CandleSeries:
    """Two days of quarters that end at ``now``: 95–105 before the session, 90–110 in its first half hour, then still.

    The night reaches 50–150, which belongs to no range.
    """
    now_ms = ms(now)
    session = ms(f"{now[:10]}T{opens}")
    closes = of_closes([100.0] * 191 + [last], Timeframe.M15)
    time = now_ms - STEP * np.arange(192, 0, -1)
    before = (time >= session - 22 * STEP) & (time < session)
    opening = (time >= session) & (time < session + 2 * STEP)
    after = time >= session + 2 * STEP
    high = np.where(before, 105.0, np.where(opening, 110.0, np.where(after, closes.high, 150.0)))
    low = np.where(before, 95.0, np.where(opening, 90.0, np.where(after, closes.low, 50.0)))
    high[-1], low[-1] = max(high[-1], last), min(low[-1], last)
    return replace(closes, time=time, high=high, low=low)


def read(series: CandleSeries, side: int = 1, late: int = 0) -> Dimensions:
    """What the pass says about one stock, ``late`` bars after its last one."""
    now_ms = int(series.time[-1]) + STEP + late * STEP
    bars = block(series)
    found, _ = enrich(hourly_blocks(bars, [side], now_ms=now_ms, m15=bars), RULES)
    return found[0]


def ranges(found: Dimensions) -> tuple[float | None, ...]:
    return found.premarket_high, found.premarket_low, found.opening_high, found.opening_low


NOTHING = (None, None, None, None)


@pytest.mark.parametrize(
    ("now", "opens", "expected"),
    [
        ("2025-07-14T08:00", "13:30", NOTHING),  # 04:00 sharp: its first bar is yet to close
        ("2025-07-14T08:15", "13:30", (105, 95, None, None)),
        ("2025-07-14T13:30", "13:30", (105, 95, None, None)),
        ("2025-07-14T13:45", "13:30", (105, 95, None, None)),  # the opening range is not complete
        ("2025-07-14T14:00", "13:30", (105, 95, 110, 90)),
        ("2025-07-14T22:00", "13:30", (105, 95, 110, 90)),  # after the close the day's levels stay
        ("2025-03-07T15:00", "14:30", (105, 95, 110, 90)),  # winter time
        ("2025-03-10T14:00", "13:30", (105, 95, 110, 90)),  # the Monday after the clocks went forward
        ("2025-11-03T15:00", "14:30", (105, 95, 110, 90)),  # … and after they went back
        ("2025-11-03T14:45", "14:30", (105, 95, None, None)),
        ("2025-07-12T15:00", "13:30", NOTHING),  # Saturday
        ("2025-07-13T15:00", "13:30", NOTHING),  # Sunday
        ("2025-07-04T15:00", "13:30", NOTHING),  # a holiday
        ("2025-11-28T19:00", "14:30", (105, 95, 110, 90)),  # a half day
    ],
)
def test_the_ranges_are_those_of_new_york_s_morning(now: str, opens: str, expected: tuple[float | None, ...]) -> None:
    assert ranges(read(day_until(now, opens=opens))) == expected


@pytest.mark.parametrize(
    ("now", "last", "side", "signal"),
    [
        ("2025-07-14T13:45", 106.0, 1, "CONFIRMED"),  # before 10:00 the pre-market range alone is to be broken
        ("2025-07-14T14:00", 106.0, 1, "NONE"),
        ("2025-07-14T14:15", 106.0, 1, "NONE"),
        ("2025-07-14T14:15", 110.0, 1, "NONE"),  # on the level is not above it
        ("2025-07-14T14:15", 110.5, 1, "CONFIRMED"),
        ("2025-07-14T14:15", 110.5, -1, "CON"),
        ("2025-07-14T14:15", 110.5, 0, "NONE"),
        ("2025-07-14T14:15", 89.5, -1, "CONFIRMED"),
        ("2025-07-14T14:15", 89.5, 1, "CON"),
        ("2025-07-14T20:00", 110.5, 1, "CONFIRMED"),  # the session's last bar
        ("2025-07-14T20:15", 110.5, 1, "NONE"),
        ("2025-07-14T13:30", 106.0, 1, "NONE"),  # a pre-market bar breaks nothing
        ("2025-07-12T14:15", 110.5, 1, "NONE"),
    ],
)
def test_a_break_counts_in_the_regular_session(now: str, last: float, side: int, signal: str) -> None:
    assert read(day_until(now, last), side).premarket_signal == signal


@pytest.mark.parametrize(("now", "signal"), [("2025-11-28T18:00", "CONFIRMED"), ("2025-11-28T18:15", "NONE")])
def test_on_a_half_day_the_session_ends_at_one(now: str, signal: str) -> None:
    assert read(day_until(now, 111.0, "14:30")).premarket_signal == signal


def test_a_stock_whose_last_bar_is_not_the_one_due_breaks_nothing() -> None:
    stale = day_until("2025-07-14T14:15", 110.5)
    assert read(stale).premarket_signal == "CONFIRMED"
    assert read(stale, late=1).premarket_signal == "NONE"
    assert ranges(read(stale, late=1)) == ranges(read(stale))


def test_without_a_pre_market_the_opening_range_alone_is_broken() -> None:
    series = day_until("2025-07-14T15:00", 111.0)
    kept = (series.time < ms("2025-07-14T08:00")) | (series.time >= ms("2025-07-14T13:30"))
    held = np.flatnonzero(kept)
    thin = CandleSeries.from_rows(
        series.symbol,
        series.timeframe,
        np.column_stack([series.time, series.open, series.high, series.low, series.close, series.volume])[
            held
        ].tolist(),
    )
    found = read(thin)
    assert (ranges(found), found.premarket_signal) == ((None, None, 110, 90), "CONFIRMED")


def test_only_stocks_have_a_pre_market() -> None:
    now_ms = ms("2025-06-18T17:00")
    candles = market_candles({"BTC": 1, "TSLA": 1, "SPX": 1}, now_ms)
    markets = [
        crypto("BTC"),
        replace(crypto("TSLA"), asset_class=AssetClass.EQUITY),
        replace(crypto("SPX"), asset_class=AssetClass.INDEX),
    ]
    read_as = {one.symbol: one.dimensions for one in view_markets(candles, markets, now_ms, Settings()).kept}
    assert ranges(read_as["BTC"]) == ranges(read_as["SPX"]) == NOTHING
    assert None not in ranges(read_as["TSLA"])
