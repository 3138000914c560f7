"""Which candle series may be read, from which bar on, and how a refusal says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.candles import CandleSeries, Timeframe
from core.market.soundness import WEEK_MS, Anchored, anchor, monday, sound
from core.market.symbols import AssetClass
from core.settings import CandleRules
from core.sifting import Refusal
from tests.core.signals.recorded import load_set
from tests.core.signals.walks import DAY, MONDAY, crypto, equity, walk

RULES = CandleRules()
HOUR = Timeframe.H1.ms
NOW = MONDAY + 3 * DAY + 7 * HOUR + 60_000
SOL, AAPL = crypto("SOL"), equity("AAPL")


def hourly(bars: int, end_ms: int = NOW) -> CandleSeries:
    """A walk whose last bar is the one due at ``end_ms``."""
    last = Timeframe.H1.last_close(end_ms)
    return walk(7, bars, start_ms=last - bars * HOUR)


def without(series: CandleSeries, *bars: int) -> CandleSeries:
    """The series without some of its bars, counted from the end (−1 is the last)."""
    kept = np.ones(len(series), dtype=bool)
    kept[list(bars)] = False
    columns = ("time", "open", "high", "low", "close", "volume")
    return replace(series, **{name: getattr(series, name)[kept] for name in columns})


def spoilt(series: CandleSeries, column: str, bar: int, value: float) -> CandleSeries:
    """The series with one figure replaced."""
    changed = getattr(series, column).copy()
    changed[bar] = value
    return replace(series, **{column: changed})


def refused(series: CandleSeries, rule: str, measured: float, limit: float, sessions: bool = False) -> None:
    """Check that the series is refused for exactly this reason."""
    verdict = sound(series, AAPL if sessions else SOL, NOW, RULES)
    assert verdict == Refusal("SOL", "candles", rule, measured, limit, detail=series.timeframe.value)


def accepted(series: CandleSeries, sessions: bool = False, rules: CandleRules = RULES) -> Anchored:
    """Check that the series is sound."""
    verdict = sound(series, AAPL if sessions else SOL, NOW, rules)
    assert isinstance(verdict, Anchored), verdict
    return verdict


def test_a_whole_series_is_read_from_the_latest_monday_far_enough_back() -> None:
    found = accepted(hourly(900))
    assert int(found.series.time[0]) == MONDAY - 2 * WEEK_MS
    assert int(found.series.time[-1]) == MONDAY + 3 * DAY + 6 * HOUR
    assert len(found.series) == 14 * 24 + 79
    assert not found.short_history


@given(moment=st.integers(MONDAY, MONDAY + 10 * WEEK_MS), timeframe=st.sampled_from(Timeframe))
def test_the_anchor_is_a_monday_at_least_the_minimum_back_and_no_week_too_far(
    moment: int, timeframe: Timeframe
) -> None:
    least = 200 if timeframe is Timeframe.H4 else 300
    start, last = anchor(timeframe, moment, RULES), timeframe.last_close(moment)
    assert start == monday(start)
    assert least * timeframe.ms <= last - start < least * timeframe.ms + WEEK_MS


def test_three_bars_missing_in_a_row_are_filled_flat() -> None:
    whole = hourly(900)
    found = accepted(without(whole, -20, -21, -22)).series
    assert np.array_equal(found.time, accepted(whole).series.time)
    before = whole.close[-23]
    for column in (found.open, found.high, found.low, found.close):
        assert list(column[-22:-19]) == [before] * 3
    assert list(found.volume[-22:-19]) == [0, 0, 0]
    assert found.close[-19] == whole.close[-19]


def test_a_missing_bar_at_the_anchor_is_filled_from_the_one_before() -> None:
    whole = hourly(900)
    at = int(np.searchsorted(whole.time, anchor(Timeframe.H1, NOW, RULES)))
    found = accepted(without(whole, at)).series
    assert int(found.time[0]) == int(whole.time[at])
    assert found.close[0] == whole.close[at - 1]


def test_four_bars_missing_in_a_row_refuse() -> None:
    refused(without(hourly(900), -20, -21, -22, -23), "gap", 4, 3)


def test_holes_older_than_the_anchor_do_not_matter() -> None:
    holed, whole = accepted(without(hourly(900), *range(100, 140))), accepted(hourly(900))
    assert np.array_equal(holed.series.close, whole.series.close)


def test_how_much_may_be_filled_is_a_setting() -> None:
    series = without(hourly(900), -20, -21, -22, -23)
    assert len(accepted(series, rules=CandleRules(fill_bars=4)).series) == len(accepted(hourly(900)).series)


def test_a_series_that_does_not_reach_its_anchor_is_too_short() -> None:
    refused(hourly(414), "too_short", 414, 415)
    assert len(accepted(hourly(415)).series) == 415


def test_a_series_without_its_last_due_bar_is_refused() -> None:
    refused(hourly(900, NOW - 2 * HOUR), "last_bar_missing", 2, 0)


def test_a_bar_that_is_not_closed_yet_is_not_read() -> None:
    found = accepted(hourly(900, NOW + 5 * HOUR))
    assert int(found.series.time[-1]) + HOUR <= NOW


def test_an_empty_series_is_refused() -> None:
    refused(hourly(900)[:0], "no_candles", 0, 1)


def test_bars_out_of_order_or_twice_are_refused() -> None:
    series = hourly(900)
    swapped = series.time.copy()
    swapped[[-5, -6]] = swapped[[-6, -5]]
    refused(replace(series, time=swapped), "out_of_order", 1, 0)
    twice = series.time.copy()
    twice[-5] = twice[-6]
    refused(replace(series, time=twice), "out_of_order", 1, 0)


def test_bars_between_the_full_hours_are_refused() -> None:
    series = hourly(900)
    time = series.time.copy()
    time[-5] += 60_000
    refused(replace(series, time=time), "off_grid", 1, 0)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("close", float("nan"), "non_finite"),
        ("high", float("inf"), "non_finite"),
        ("volume", float("nan"), "non_finite"),
        ("high", 1e-9, "high_below_low"),
        ("low", 0.0, "not_positive"),
        ("close", -1.0, "not_positive"),
        ("volume", -1.0, "negative_volume"),
    ],
)
@pytest.mark.parametrize("sessions", [False, True])
def test_bars_that_no_market_can_make_are_refused(column: str, value: float, rule: str, sessions: bool) -> None:
    refused(spoilt(hourly(900), column, -30, value), rule, 1, 0, sessions)


def test_a_bad_bar_before_the_anchor_does_not_matter() -> None:
    assert accepted(spoilt(hourly(900), "close", 3, float("nan")))


def sessions(days: int, end_ms: int, timeframe: Timeframe = Timeframe.M15) -> CandleSeries:
    """Bars of weekdays from 13:00 to 20:00 UTC only, the last one closing by ``end_ms``."""
    last = timeframe.last_close(end_ms)
    series = walk(3, days * DAY // timeframe.ms, timeframe, last - days * DAY)
    weekday, at = (series.time // DAY + 3) % 7, series.time % DAY
    open_now = (weekday < 5) & (at >= 13 * HOUR) & (at < 20 * HOUR)
    return without(series, *np.flatnonzero(~open_now).tolist())


IN_SESSION = MONDAY + 3 * DAY + 15 * HOUR


def test_a_market_with_sessions_is_measured_on_its_own_bars() -> None:
    series = sessions(60, IN_SESSION)
    found = sound(series, AAPL, IN_SESSION, RULES)
    assert isinstance(found, Anchored)
    start = monday(int(series.time[-300]))
    assert int(found.series.time[0]) == start + 13 * HOUR
    assert len(found.series) >= 300
    assert not found.short_history


def test_a_market_with_sessions_is_never_filled() -> None:
    whole = sessions(60, IN_SESSION)
    found = sound(without(whole, -3, -4, -5, -6, -7), AAPL, IN_SESSION, RULES)
    assert isinstance(found, Anchored)
    assert set(found.series.time) <= set(whole.time)


def test_a_closed_session_is_said_as_such_on_15m_alone() -> None:
    shut = MONDAY + 3 * DAY + 22 * HOUR
    verdict = sound(sessions(60, shut), AAPL, shut, RULES)
    assert verdict == Refusal("SOL", "candles", "session_closed", 8, 0, detail="15m")
    assert isinstance(sound(sessions(120, shut, Timeframe.H1), AAPL, shut, RULES), Anchored)


def test_young_markets_with_sessions_are_read_from_their_first_monday_and_marked() -> None:
    series = sessions(40, IN_SESSION, Timeframe.H1)
    found = sound(series, AAPL, IN_SESSION, RULES)
    assert isinstance(found, Anchored)
    assert found.short_history
    assert 120 <= len(found.series) < 300
    assert int(found.series.time[0]) == monday(int(series.time[0]) + WEEK_MS) + 13 * HOUR


def test_a_week_that_is_not_held_from_its_monday_is_no_anchor() -> None:
    held = sessions(70, IN_SESSION, Timeframe.H1)[-300:]
    first = int(held.time[0])
    assert monday(first) < first
    found = sound(held, AAPL, IN_SESSION, RULES)
    assert isinstance(found, Anchored)
    assert found.short_history
    assert int(found.series.time[0]) == monday(first) + WEEK_MS + 13 * HOUR


def test_a_young_market_with_sessions_needs_the_short_minimum() -> None:
    verdict = sound(sessions(20, IN_SESSION, Timeframe.H1), AAPL, IN_SESSION, RULES)
    assert isinstance(verdict, Refusal)
    assert (verdict.rule, verdict.limit) == ("too_short", 120)
    assert verdict.measured is not None
    assert verdict.measured < 120


def test_a_market_that_never_closes_gets_no_short_minimum() -> None:
    series = hourly(250)
    assert isinstance(sound(series, SOL, NOW, RULES), Refusal)
    assert isinstance(sound(series, AAPL, NOW, RULES), Anchored)


def test_at_least_80_of_the_92_recorded_markets_are_sound_at_one_moment_in_all_five_classes(shared_data: Path) -> None:
    recorded = load_set(shared_data / "sets" / "scan92")
    at = 1_752_609_600_000  # 2025-07-15 20:00
    classes: dict[AssetClass, int] = {}
    reasons = {}
    for market in recorded.markets:
        verdicts = [sound(recorded.candles[t][market.symbol], market, at, RULES) for t in Timeframe]
        refusal = next((one for one in verdicts if isinstance(one, Refusal)), None)
        if refusal is None:
            classes[market.asset_class] = classes.get(market.asset_class, 0) + 1
        else:
            reasons[market.symbol] = refusal.rule
    assert len(recorded.markets) == 92
    assert sum(classes.values()) >= 80
    assert set(classes) == set(AssetClass)
    assert reasons == {"CATI": "last_bar_missing", "CYBER": "last_bar_missing"}
