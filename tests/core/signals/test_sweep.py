"""Pass ⑥ on bars small enough to check by eye: what a level is, what a sweep is, and when it is over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.market.candles import CandleSeries
from core.settings import Enrichment
from tests.core.signals.walks import block, enrich, hourly_blocks, mirrored, of_closes, read_one

RULES = Enrichment()
Bar = tuple[float, float, float, float]


def market(*last: Bar, quiet: int = 60, swing: tuple[int, float] | None = None) -> CandleSeries:
    """Quiet bars between 98 and 102 with the given (open, high, low, close) at the end.

    ``swing``: how many bars before the given ones a lower low stands, and where.
    """
    closes = of_closes([100.0] * quiet + [bar[3] for bar in last])
    count = len(last)
    opened, high, low = closes.open, closes.high + 2, closes.low - 2
    # each low a little higher than the one before: no quiet bar is a swing, and the first one is the lowest
    low = low + np.arange(low.size) * 0.001
    high = high - np.arange(high.size) * 0.001
    if swing is not None:
        low[quiet - swing[0]] = swing[1]
    for at, bar in enumerate(last):
        opened[quiet + at], high[quiet + at], low[quiet + at] = bar[:3]
    return replace(closes, open=opened, high=high, low=low) if count else closes


def read(series: CandleSeries) -> tuple[str, float | None, int | None]:
    """What the pass says about one market."""
    found = read_one(series)
    return found.sweep.value, found.sweep_level, found.sweep_age_bars


CALM: Bar = (100.0, 101.0, 99.5, 100.0)
NONE = ("NONE", None, None)


@pytest.mark.parametrize("age", [0, 1, 2])
def test_a_wick_under_the_lowest_low_is_a_sweep_while_fresh(age: int) -> None:
    series = market((100.0, 101.0, 97.0, 100.0), *[CALM] * age)
    level = series.low[60 - 49]  # the lowest of the 49 bars before
    assert read(series) == ("SWEEP_LOW", level, age)


def test_a_sweep_is_stale_after_two_bars() -> None:
    assert read(market((100.0, 101.0, 97.0, 100.0), *[CALM] * 3)) == NONE


def test_a_body_that_follows_the_wick_is_no_sweep() -> None:
    assert read(market((100.0, 101.0, 97.0, 97.5))) == NONE
    assert read(market((97.5, 101.0, 97.0, 100.0))) == NONE


LEVEL = float(market(CALM).low[60 - 49])
"""The lowest of the 49 bars before the first given one."""


def test_a_low_or_a_body_on_the_level_is_no_sweep() -> None:
    assert read(market((100.0, 101.0, LEVEL, 100.0))) == NONE
    assert read(market((100.0, 101.0, 97.0, LEVEL))) == NONE
    assert read(market((LEVEL, 101.0, 97.0, 100.0))) == NONE


UNDER_A_SWING: Bar = (100.0, 101.0, 98.26, 100.0)
"""Under a swing low at 98.27, over the lowest of the 49 bars before (98.251)."""


def test_a_standing_swing_low_inside_the_range_is_a_level() -> None:
    assert read(market(UNDER_A_SWING, quiet=300)) == NONE
    assert read(market(UNDER_A_SWING, quiet=300, swing=(20, 98.27))) == ("SWEEP_LOW", 98.27, 0)


@pytest.mark.parametrize(("close", "found"), [(98.27, ("SWEEP_LOW", 98.27, 0)), (98.269, NONE)])
def test_a_swing_that_a_close_went_through_is_no_level_any_more(
    close: float, found: tuple[str, float | None, int | None]
) -> None:
    series = market(UNDER_A_SWING, quiet=300, swing=(20, 98.27))
    series.close[285] = close
    assert read(series) == found


def test_a_swing_needs_three_bars_on_each_side() -> None:
    assert read(market(UNDER_A_SWING, quiet=300, swing=(4, 98.28))) == ("SWEEP_LOW", 98.28, 0)
    assert read(market(UNDER_A_SWING, quiet=300, swing=(3, 98.28))) == NONE


def test_of_several_swept_levels_the_most_extreme_is_named() -> None:
    series = market((100.0, 101.0, 97.0, 100.0), quiet=300, swing=(20, 98.0))
    assert read(series)[1] == 98.0


def test_a_bar_that_sweeps_both_ways_is_none() -> None:
    assert read(market((100.0, 103.0, 97.0, 100.0))) == NONE


def test_a_bar_that_sweeps_both_ways_does_not_hide_an_older_sweep() -> None:
    found = read(market((100.0, 101.0, 97.0, 100.0), (100.0, 103.0, 96.0, 100.0)))
    assert (found[0], found[2]) == ("SWEEP_LOW", 1)


def test_the_newest_sweep_wins() -> None:
    found = read(market((100.0, 101.0, 97.0, 100.0), (100.0, 103.0, 99.0, 100.0)))
    assert (found[0], found[2]) == ("SWEEP_HIGH", 0)


def test_a_later_close_beyond_the_level_voids_a_sweep() -> None:
    assert read(market((100.0, 101.0, 97.0, 100.0), (100.0, 100.0, 97.2, 97.5))) == NONE
    assert read(market((100.0, 101.0, 97.0, 100.0), (100.0, 100.0, 97.2, LEVEL))) == ("SWEEP_LOW", LEVEL, 1)


def test_under_fifty_bars_there_is_no_sweep() -> None:
    swept = market((100.0, 101.0, 97.0, 100.0))
    assert read(swept[-50:])[0] == "SWEEP_LOW"
    assert read(swept[-49:]) == NONE
    young = market(UNDER_A_SWING, quiet=300, swing=(20, 98.27))[-49:]
    beside, _ = enrich(hourly_blocks(block(young, market(CALM)), [0, 0]), RULES)
    assert [one.sweep for one in beside] == ["NONE", "NONE"], "a longer neighbour does not make it older"


def test_a_swept_high_is_the_mirror_image() -> None:
    series = market((100.0, 101.0, 97.0, 100.0), CALM)
    level = read(series)[1]
    assert level is not None
    assert read(mirrored(series)) == ("SWEEP_HIGH", 8192.0 - level, 1)
