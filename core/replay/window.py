"""Where a recording can be traded: the first and the best moment at which enough symbols are sound (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Sequence

from core.market.candles import Timeframe
from core.market.soundness import Anchored, sound
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
