"""Levels of the day before, swings and structure, on bars small enough to check by eye."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.market.candles import CandleSeries, Timeframe
from core.settings import Enrichment
from core.signals.enrichment.dimensions import Dimensions, MsBias, MsSequence, Pivots, PivotZone, PpStSignal
from tests.core.signals.doors import doors
from tests.core.signals.walks import DAY, MONDAY, of_closes, read_one

RULES = Enrichment()
HOUR = Timeframe.H1.ms


def days(*levels: tuple[float, float, float], hours_today: int, close: float) -> CandleSeries:
    """Hourly bars of whole days with the given (high, low, close), then ``hours_today`` bars at one close."""
    rows: list[tuple[float, ...]] = []
    for day, (high, low, last) in enumerate(levels):
        for hour in range(24):
            at = MONDAY + day * DAY + hour * HOUR
            rows.append((at, last, high if hour == 5 else last, low if hour == 7 else last, last, 1))
    today = MONDAY + len(levels) * DAY
    rows += [(today + hour * HOUR, close, close, close, close, 1) for hour in range(hours_today)]
    return CandleSeries.from_rows("SOL", Timeframe.H1, rows)


def pivots_and_zone(series: CandleSeries, now_ms: int) -> tuple[Pivots, PivotZone]:
    """What pass ⑧ says about one series."""
    found = read_one(series, now_ms=now_ms)
    assert found.pivots is not None
    return found.pivots, found.pivot_zone


def test_pivots_come_from_the_last_complete_utc_day() -> None:
    series = days((90, 10, 50), (120, 90, 105), hours_today=9, close=100)
    found, zone = pivots_and_zone(series, MONDAY + 2 * DAY + 9 * HOUR)
    assert found == Pivots(p=105.0, r1=120.0, r2=135.0, s1=90.0, s2=75.0)
    assert zone is PivotZone.S1_P


def test_a_day_counts_from_the_moment_it_is_over() -> None:
    series = days((90, 10, 50), (120, 90, 105), hours_today=0, close=0)
    assert pivots_and_zone(series, MONDAY + 2 * DAY)[0].p == 105.0
    assert pivots_and_zone(series[:-1], MONDAY + 2 * DAY - HOUR)[0].p == 50.0


def test_a_market_with_sessions_takes_its_last_day_with_bars() -> None:
    friday = days((90, 10, 50), (120, 90, 105), hours_today=0, close=0)
    monday_morning = MONDAY + 5 * DAY + 13 * HOUR
    assert pivots_and_zone(friday, monday_morning)[0].p == 105.0


def test_without_an_earlier_day_there_are_no_pivots() -> None:
    series = of_closes([100.0] * 9)
    found = read_one(series, now_ms=MONDAY + 9 * HOUR)
    assert (found.pivots, found.pivot_zone, found.pp_st_signal) == (None, "AT_P", "NONE")


@pytest.mark.parametrize(
    ("close", "zone"),
    [
        (135.5, PivotZone.ABOVE_R2),
        (135.0, PivotZone.R1_R2),
        (120.5, PivotZone.R1_R2),
        (120.0, PivotZone.P_R1),
        (105.5, PivotZone.P_R1),
        (105.0, PivotZone.AT_P),
        (104.5, PivotZone.S1_P),
        (90.0, PivotZone.S1_P),
        (89.5, PivotZone.S2_S1),
        (75.0, PivotZone.S2_S1),
        (74.5, PivotZone.BELOW_S2),
    ],
)
def test_a_close_on_a_level_belongs_to_the_zone_nearer_the_pivot(close: float, zone: PivotZone) -> None:
    assert pivots_and_zone(days((120, 90, 105), hours_today=3, close=close), MONDAY + DAY + 3 * HOUR)[1] is zone


def last_swings(prices: Sequence[float], wing: int, way: int) -> tuple[float, float]:
    """The latest confirmed swing high (low) and the one before."""
    values, found = np.array(prices), np.zeros(2)
    door = doors().door_swings
    door(
        *(ctypes.c_void_p(values.ctypes.data), *map(ctypes.c_int64, (way, values.size, wing))),
        found.ctypes.data_as(ctypes.c_void_p),
    )
    return float(found[0]), float(found[1])


def test_swings_are_strict_and_confirmed() -> None:
    assert last_swings([1.0, 5, 2, 5, 1, 9], 1, 1) == (5.0, 5.0)
    assert np.isnan(last_swings([1.0, 5, 5, 1], 1, 1)).all()  # a double top is no strict swing
    assert np.isnan(last_swings([1.0, 2, 3, 4], 3, 1)).all()  # too few bars to confirm any
    latest, earlier = last_swings([3.0, 1, 4, 0.5, 6], 1, -1)
    assert (latest, earlier) == (0.5, 1.0)


def zigzag(turns: Sequence[float], legs: int = 5) -> list[float]:
    """Closes that run straight from one turn to the next."""
    closes = [turns[0]]
    for before, after in pairwise(turns):
        closes += [before + (after - before) * step / legs for step in range(1, legs + 1)]
    return closes


@pytest.mark.parametrize(
    ("turns", "sequence", "bias", "direction"),
    [
        ([100, 110, 105, 120, 112, 125], MsSequence.HH_HL, MsBias.BULLISH, 0),
        ([100, 110, 105, 120, 112, 118, 111], MsSequence.MIXED, MsBias.RANGING, 0),
        ([125, 112, 120, 105, 110, 100], MsSequence.LH_LL, MsBias.BEARISH, 0),
        ([100, 110, 105, 110, 107, 115], MsSequence.MIXED, MsBias.RANGING, 0),
        ([100, 160], MsSequence.NONE, MsBias.RANGING, 0),
        ([100, 110, 105, 115], MsSequence.NONE, MsBias.RANGING, 0),
    ],
)
def test_two_highs_and_two_lows_make_a_sequence(
    turns: list[float], sequence: MsSequence, bias: MsBias, direction: int
) -> None:
    found = structure(zigzag(turns))
    assert (found.ms_sequence, found.ms_bias, found.break_direction) == (sequence, bias, direction)


def structure(closes: Sequence[float]) -> Dimensions:
    """Pass ⑤ on 4h bars that reach a quarter beyond their closes."""
    series = of_closes(closes, Timeframe.H4)
    series = replace(series, high=series.close + 0.25, low=series.close - 0.25)
    return read_one(series)


def test_a_close_beyond_the_last_swing_breaks_the_sequence_before_a_new_swing_is_confirmed() -> None:
    rising = zigzag([100, 110, 105, 120, 112, 125])
    before = structure(rising)
    assert (before.ms_sequence, before.swing_high, before.swing_low) == (MsSequence.HH_HL, 120.25, 111.75)
    broken = structure([*rising, 118.0, 111.0])
    assert (broken.ms_sequence, broken.structure_break, broken.ms_bias) == (MsSequence.HH_HL, True, MsBias.BROKEN)
    assert broken.break_direction == -1
    falling = structure([250 - close for close in [*rising, 118.0, 111.0]])
    assert (falling.ms_sequence, falling.ms_bias, falling.break_direction) == (MsSequence.LH_LL, MsBias.BROKEN, 1)


def test_structure_reads_no_further_back_than_its_window() -> None:
    closes = [*zigzag([100, 110, 105, 120, 112, 125]), *(125 + step for step in range(1, 61))]
    assert structure(closes).ms_sequence is MsSequence.NONE


def test_supertrend_follows_its_bands_and_ratchets() -> None:
    closes = [100.0] * 30 + [100 + step for step in range(1, 21)] + [120 - 0.1 * step for step in range(10)]
    series = of_closes(closes)
    bars = replace(series, high=series.high + 1, low=series.low - 1)
    trend = [read_one(bars[: count + 1]).st_direction for count in range(len(bars))]
    assert set(trend[:30]) == {0}
    assert set(trend[45:]) == {1}
    crashed = of_closes([*closes, 91.0])
    crash = replace(crashed, high=np.append(bars.high, 118.0), low=np.append(bars.low, 90.0))
    assert read_one(crash).st_direction == -1


def uptrend(*last_closes: float, lows: dict[int, float] | None = None) -> CandleSeries:
    """A quiet day 0 (high 120, low 90, close 105), then today's closes after a run that turned the trend up."""
    base = days((120, 90, 105), hours_today=0, close=0)
    today = [float(value) for value in np.linspace(105, 140, 12)] + list(last_closes)
    rows = []
    for hour, close in enumerate(today):
        opened = today[hour - 1] if hour else 105.0
        low = (lows or {}).get(hour - len(today), min(opened, close))
        rows.append((MONDAY + DAY + hour * HOUR, opened, max(opened, close), low, close, 1))
    table = np.column_stack([base.time, base.open, base.high, base.low, base.close, base.volume])
    return CandleSeries.from_rows("SOL", Timeframe.H1, [*table.tolist(), *rows])


def signal(series: CandleSeries) -> tuple[int, PpStSignal]:
    """Trend and signal of pass ⑧."""
    found = read_one(series)
    return found.st_direction, found.pp_st_signal


def test_strength_is_a_trend_on_its_side_of_the_pivot() -> None:
    assert signal(uptrend(141.0, 142.0, 143.0)) == (1, PpStSignal.STRONG_LONG)


def test_a_bounce_touched_the_support_and_closed_above_it_upward() -> None:
    assert signal(uptrend(139.0, 140.0, 141.0, lows={-2: 89.5})) == (1, PpStSignal.BOUNCE_LONG)
    assert signal(uptrend(139.0, 140.0, 141.0, lows={-3: 90.0})) == (1, PpStSignal.BOUNCE_LONG)
    assert signal(uptrend(139.0, 140.0, 141.0, lows={-4: 89.5})) == (1, PpStSignal.STRONG_LONG)
    assert signal(uptrend(139.0, 140.0, 141.0, lows={-2: 90.5})) == (1, PpStSignal.STRONG_LONG)
    assert signal(uptrend(141.0, 142.0, 141.5, lows={-2: 89.5})) == (1, PpStSignal.STRONG_LONG)
