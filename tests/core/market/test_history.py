"""How far back is asked: enough that a short request and a long one give the same anchor."""

from __future__ import annotations

import numpy as np
import pytest

from core.market.candles import CandleSeries, Timeframe
from core.market.history import history_start, sparse_start, suffices
from core.market.soundness import Anchored, sound
from core.settings import CandleRules
from tests.core.signals.walks import DAY, MONDAY, equity, walk

RULES = CandleRules()
AAPL = equity("SOL")
STEP = Timeframe.M15.ms


def stock(now_ms: int, first_hour: int) -> CandleSeries:
    """Sixty days of quarters of a stock that trades from ``first_hour`` to 24:00 UTC on weekdays, up to ``now_ms``."""
    whole = walk(3, 60 * 96, Timeframe.M15, now_ms - 60 * DAY)
    kept = (whole.time % DAY >= first_hour * 3_600_000) & ((whole.time - MONDAY) % (7 * DAY) < 5 * DAY)
    return CandleSeries(
        whole.symbol,
        Timeframe.M15,
        *(getattr(whole, name)[kept] for name in ("time", "open", "high", "low", "close", "volume")),
    )


@pytest.mark.parametrize("first_hour", [0, 8, 13])
@pytest.mark.parametrize("days", [1, 2, 3, 4])
def test_a_short_request_gives_the_anchor_of_a_long_one(days: int, first_hour: int) -> None:
    now_ms = MONDAY + days * DAY
    whole = stock(now_ms, first_hour)
    asked = whole.since(history_start(Timeframe.M15, now_ms, RULES))
    if not suffices(asked.time, AAPL, Timeframe.M15, now_ms, RULES):
        asked = whole.since(sparse_start(Timeframe.M15, now_ms, RULES))
    short, long = (sound(one, AAPL, now_ms, RULES) for one in (asked, whole))
    assert isinstance(short, Anchored)
    assert isinstance(long, Anchored)
    assert np.array_equal(short.series.time, long.series.time)


def test_a_stock_without_a_bar_before_its_monday_needs_the_longer_history() -> None:
    now_ms = MONDAY + 2 * DAY
    short = stock(now_ms, 8).since(history_start(Timeframe.M15, now_ms, RULES))
    assert short.time[0] > MONDAY - 7 * DAY
    assert len(short) > RULES.least_15m
    assert not suffices(short.time, AAPL, Timeframe.M15, now_ms, RULES)
