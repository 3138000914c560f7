"""Whether a candle series may be read at all, and from which bar on (SPEC C4, C5).

A series is judged from its anchor to the last bar due at the moment of the decision; nothing older is looked at,
so that a live reading over a short fetch equals a replayed one over years. It refuses to repair anything beyond short
holes in a market that never closes, and it has no opinion about prices, only about whether they can be believed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.market.candles import COLUMNS, CandleSeries, Timeframe
from core.market.symbols import Market
from core.settings import CandleRules
from core.sifting import Refusal

STAGE = "candles"
WEEK_MS = 604_800_000
FIRST_MONDAY_MS = 345_600_000
"""1970-01-05 00:00 UTC."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A sound series that begins at its anchor; ``short_history`` when only the short minimum of C4 was met."""

    series: CandleSeries
    short_history: bool = False


def sound(series: CandleSeries, market: Market, now_ms: int, rules: CandleRules) -> Anchored | Refusal:
    """The bars of ``series`` from the anchor to ``now_ms``, or why they cannot be read.

    Rules of a refusal: ``no_candles``, ``out_of_order``, ``off_grid``, ``session_closed``, ``last_bar_missing``,
    ``too_short``, ``gap``, ``non_finite``, ``high_below_low``, ``not_positive``, ``negative_volume``; measured and
    limit count bars, the timeframe stands in the detail.
    """
    held = series.closed_by(now_ms)
    unreadable = _misordered(held) or _stale(held, market, now_ms)
    if unreadable:
        return unreadable
    anchored = _own_bars(held, rules) if market.has_sessions else _every_bar(held, now_ms, rules)
    if isinstance(anchored, Refusal):
        return anchored
    return _implausible(anchored.series) or anchored


def malformed(series: CandleSeries) -> Refusal | None:
    """Why an answer of an exchange can be no candles: bars out of order, off the grid, or none that a market can make."""
    return (_misordered(series) or _implausible(series)) if len(series) else None


def least_bars(timeframe: Timeframe, rules: CandleRules) -> int:
    """Closed bars that a reading of this timeframe needs.

    >>> least_bars(Timeframe.H4, CandleRules())
    200
    """
    return {Timeframe.M15: rules.least_15m, Timeframe.H1: rules.least_1h, Timeframe.H4: rules.least_4h}[timeframe]


def short_bars(timeframe: Timeframe, rules: CandleRules) -> int:
    """Closed bars that a young market with sessions needs at the very least.

    >>> short_bars(Timeframe.H4, CandleRules())
    60
    """
    return {Timeframe.M15: rules.short_15m, Timeframe.H1: rules.short_1h, Timeframe.H4: rules.short_4h}[timeframe]


def monday(at_ms: int) -> int:
    """The latest Monday 00:00 UTC at or before a moment.

    >>> monday(1_752_537_600_000)  # Tuesday 2025-07-15 00:00
    1752451200000
    """
    return (at_ms - FIRST_MONDAY_MS) // WEEK_MS * WEEK_MS + FIRST_MONDAY_MS


def anchor(timeframe: Timeframe, now_ms: int, rules: CandleRules) -> int:
    """Where a market that never closes is read from: the latest Monday with enough bars between it and ``now_ms``."""
    return monday(timeframe.last_close(now_ms) - least_bars(timeframe, rules) * timeframe.ms)


def _refusal(series: CandleSeries, rule: str, measured: float | None = None, limit: float | None = None) -> Refusal:
    return Refusal(series.symbol, STAGE, rule, measured, limit, detail=series.timeframe.value)


def _misordered(series: CandleSeries) -> Refusal | None:
    """Bars that are absent altogether, repeat, go backwards, or do not open on the timeframe's grid."""
    if not len(series):
        return _refusal(series, "no_candles", 0, 1)
    backward = int(np.count_nonzero(np.diff(series.time) <= 0))
    if backward:
        return _refusal(series, "out_of_order", backward, 0)
    off_grid = int(np.count_nonzero(series.time % series.timeframe.ms))
    return _refusal(series, "off_grid", off_grid, 0) if off_grid else None


def _stale(series: CandleSeries, market: Market, now_ms: int) -> Refusal | None:
    """The last due bar is not there.

    A market with sessions needs it on 15m alone, where its absence means that the market is shut; on 1h and 4h its
    last own bar counts, because a session may be younger than a bar.
    """
    late = (series.timeframe.last_close(now_ms) - series.timeframe.ms - int(series.time[-1])) // series.timeframe.ms
    if late <= 0 or (market.has_sessions and series.timeframe is not Timeframe.M15):
        return None
    return _refusal(series, "session_closed" if market.has_sessions else "last_bar_missing", late, 0)


def _every_bar(series: CandleSeries, now_ms: int, rules: CandleRules) -> Anchored | Refusal:
    """From the anchor in time, every bar present or filled."""
    step, start = series.timeframe.ms, anchor(series.timeframe, now_ms, rules)
    due = (series.timeframe.last_close(now_ms) - start) // step
    if int(series.time[0]) > start:
        return _refusal(series, "too_short", due - (int(series.time[0]) - start) // step, due)
    from_bar = int(np.searchsorted(series.time, start, side="right")) - 1
    whole = _filled(series[from_bar:], rules)
    return whole if isinstance(whole, Refusal) else Anchored(whole.since(start))


def _filled(series: CandleSeries, rules: CandleRules) -> CandleSeries | Refusal:
    """Short holes as flat bars at the previous close with volume 0; a longer hole refuses."""
    step = series.timeframe.ms
    missing = np.diff(series.time) // step - 1
    longest = int(missing.max(initial=0))
    if longest > rules.fill_bars:
        return _refusal(series, "gap", longest, rules.fill_bars)
    if not longest:
        return series
    time = np.arange(int(series.time[0]), int(series.time[-1]) + step, step, dtype=np.int64)
    source = np.searchsorted(series.time, time, side="right") - 1
    real = series.time[source] == time
    prices = {name: np.where(real, getattr(series, name)[source], series.close[source]) for name in COLUMNS[:4]}
    return CandleSeries(
        series.symbol, series.timeframe, time, **prices, volume=np.where(real, series.volume[source], 0.0)
    )


def _own_bars(series: CandleSeries, rules: CandleRules) -> Anchored | Refusal:
    """From the latest Monday that has enough own bars since; failing that, from the earliest Monday held."""
    enough, least = least_bars(series.timeframe, rules), short_bars(series.timeframe, rules)
    earliest = monday(int(series.time[0]) + WEEK_MS - 1)
    if len(series) >= enough and (start := monday(int(series.time[-enough]))) >= earliest:
        return Anchored(series.since(start))
    young = series.since(earliest)
    if len(young) < least:
        return _refusal(series, "too_short", len(young), least)
    return Anchored(young, short_history=len(young) < enough)


def _implausible(series: CandleSeries) -> Refusal | None:
    """Bars that no market can have made."""
    table = np.stack([getattr(series, name) for name in COLUMNS])
    if not np.isfinite(table).all():
        return _refusal(series, "non_finite", int(np.count_nonzero(~np.isfinite(table).all(axis=0))), 0)
    upside_down = int(np.count_nonzero(series.high < series.low))
    if upside_down:
        return _refusal(series, "high_below_low", upside_down, 0)
    worthless = int(np.count_nonzero((table[:4] <= 0).any(axis=0)))
    if worthless:
        return _refusal(series, "not_positive", worthless, 0)
    negative = int(np.count_nonzero(series.volume < 0))
    return _refusal(series, "negative_volume", negative, 0) if negative else None
