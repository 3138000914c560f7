"""Which moment of a recording is the best one: against trying every close."""

from __future__ import annotations

import numpy as np
import pytest

from core.market.symbols import AssetClass
from core.replay.candles import RecordedCandles
from core.replay.listing import recorded_markets
from core.replay.recording import Bars, RecordedSymbol, Recording
from core.replay.window import best_sound, sound_count
from core.settings import CandleRules
from tests.core.replay.recordings import M15, QUOTES, START_MS, symbol_of, walk

RULES = CandleRules(least_15m=60, least_1h=60, least_4h=60, short_15m=60, short_1h=60, short_4h=50)
DAYS = 24


def without(bars: Bars, *holes: tuple[int, int]) -> Bars:
    """The bars less those from one index up to another."""
    kept = np.ones(len(bars), dtype=np.bool_)
    for first, last in holes:
        kept[first:last] = False
    return Bars(*(column[kept] for column in bars.columns))


def market(name: str, *holes: tuple[int, int], asset_class: AssetClass = AssetClass.CRYPTO) -> RecordedSymbol:
    return symbol_of({M15: without(walk(len(name), 96 * DAYS), *holes)}, name, asset_class)


END = 96 * DAYS
RECORDINGS = {
    "whole": [market("A"), market("BB")],
    "one ends early": [market("A"), market("BB", (END - 150, END)), market("CCC")],
    "both end early": [market("A", (END - 90, END)), market("BB", (END - 150, END))],
    "short and long gaps": [market("A", (END - 200, END - 197)), market("BB", (END - 40, END - 30)), market("CCC")],
    "sessions": [
        market("A", (END - 20, END)),
        market("BB", *((start, start + 60) for start in range(0, END, 96)), asset_class=AssetClass.EQUITY),
        market("CCC", *((start + 20, start + 50) for start in range(0, END, 96)), asset_class=AssetClass.FOREX),
    ],
    "begins late": [market("A", (0, END - 400)), market("BB")],
}


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_best_close_is_the_last_at_which_most_markets_are_sound(name: str) -> None:
    recording = Recording(tuple(RECORDINGS[name]))
    markets = recorded_markets(recording, [], QUOTES)
    candles = RecordedCandles(recording, RULES)
    closes = range(recording.end_ms - 3 * 96 * M15, recording.end_ms + 1, M15)
    counts = {at_ms: sound_count(candles, markets, at_ms, RULES) for at_ms in closes}
    assert max(counts.values()) > 0
    expected = max(closes, key=lambda at_ms: (counts[at_ms], at_ms))
    assert best_sound(candles, markets, closes[0] - 1, recording.end_ms, RULES) == expected


def test_a_recording_that_is_never_sound_has_no_best_close() -> None:
    recording = Recording((symbol_of({M15: walk(1, 50)}),))
    candles = RecordedCandles(recording, RULES)
    markets = recorded_markets(recording, [], QUOTES)
    assert best_sound(candles, markets, START_MS, recording.end_ms, RULES) is None
