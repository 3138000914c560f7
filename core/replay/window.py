"""Where a recording can be traded: the first and the best moment at which enough symbols are sound (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.market.candles import Bools, CandleSeries, Ints, Timeframe
from core.market.soundness import Anchored, anchor, short_bars, sound
from core.market.symbols import Market
from core.replay.candles import RecordedCandles
from core.settings import CandleRules

COARSE = Timeframe.H4
FINE = Timeframe.M15


def sound_count(candles: RecordedCandles, markets: Sequence[Market], now_ms: int, rules: CandleRules) -> int:
    """How many markets satisfy SPEC C4 in all timeframes at a time."""
    return sum(all(is_sound(candles, m, t, now_ms, rules) for t in (COARSE, Timeframe.H1, FINE)) for m in markets)


def is_sound(candles: RecordedCandles, market: Market, timeframe: Timeframe, now_ms: int, rules: CandleRules) -> bool:
    """Whether one series may be read."""
    series = candles.closed_columns(market, timeframe, now_ms)
    return series is not None and isinstance(sound(series, market, now_ms, rules), Anchored)


def first_sound(
    candles: RecordedCandles, markets: Sequence[Market], start_ms: int, end_ms: int, rules: CandleRules
) -> int | None:
    """The first 15m close at which half of the markets are sound; ``None`` when there is none."""
    half = (len(markets) + 1) // 2
    for coarse in range(COARSE.last_close(start_ms) + COARSE.ms, end_ms + 1, COARSE.ms):
        if sound_count(candles, markets, coarse, rules) >= half:
            earlier = range(coarse - COARSE.ms + FINE.ms, coarse, FINE.ms)
            return next((t for t in earlier if sound_count(candles, markets, t, rules) >= half), coarse)
    return None


def best_sound(
    candles: RecordedCandles, markets: Sequence[Market], start_ms: int, end_ms: int, rules: CandleRules
) -> int | None:
    """The last 15m close at which the most markets are sound; ``None`` when none ever is.

    The close is looked for where most markets can be sound, judged cheaply for all closes at once.
    """
    closes = np.arange(FINE.last_close(start_ms) + FINE.ms, end_ms + 1, FINE.ms, dtype=np.int64)
    anchors = {t: np.array([anchor(t, one, rules) for one in closes.tolist()], dtype=np.int64) for t in Timeframe}
    bound = np.zeros(closes.size, dtype=np.int64)
    for market in markets:
        possible = [
            _may_be_sound(candles.whole(market, t, end_ms), market, closes, a, rules) for t, a in anchors.items()
        ]
        bound += np.logical_and.reduce(possible)
    best, best_ms = 0, None
    for index in np.lexsort((-closes, -bound)):
        most, at_ms = int(bound[index]), int(closes[index])
        if most < max(best, 1):
            break
        if most == best and best_ms is not None and at_ms < best_ms:
            continue
        count = sound_count(candles, markets, at_ms, rules)
        if (count, at_ms) > (best, best_ms or 0):
            best, best_ms = count, at_ms
    return best_ms if best else None


def _may_be_sound(
    series: CandleSeries | None, market: Market, closes: Ints, anchors: Ints, rules: CandleRules
) -> Bools:
    """At which closes a series can be sound: never fewer than those at which it is.

    The last due bar must be there, and, in a market that never closes, the bars without a long gap that hold it must
    reach back to the anchor. A market with sessions must have the shortest history that is read.
    """
    if series is None or not len(series):
        return np.zeros(closes.size, dtype=np.bool_)
    timeframe = series.timeframe
    due = closes // timeframe.ms * timeframe.ms - timeframe.ms
    held = np.searchsorted(series.time, due, side="right")
    present: Bools = (held > 0) & (series.time[np.maximum(held, 1) - 1] == due)
    if market.has_sessions:
        enough: Bools = held >= short_bars(timeframe, rules)
        return enough & present if timeframe is FINE else enough
    begins = np.diff(series.time, prepend=series.time[0]) > (rules.fill_bars + 1) * timeframe.ms
    begins[0] = True
    run = np.maximum.accumulate(np.where(begins, series.time, 0))[np.maximum(held, 1) - 1]
    reaches: Bools = run <= anchors
    return present & reaches
