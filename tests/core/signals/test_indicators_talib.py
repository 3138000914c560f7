"""Every indicator that TA-Lib has, against TA-Lib, bar by bar: on walks, and on every recorded series of candles.

What the passes carry from bar to bar is compared itself, so nothing stands between it and the readings. Relative to the
size of what is measured the difference is at most 1e-9 after TA-Lib's unstable period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import talib

from bot.feeds.columns import read_columns
from core.errors import BadData
from core.market.candles import CandleSeries, Floats, Timeframe
from core.settings import Enrichment
from tests.core.signals.walks import block, carried_of, hourly_blocks, walk

LIMIT = 1e-9
UNSTABLE = 250
"""Bars until a seed has died out: the slowest, Wilder's 20, keeps (19/20)^230 < 1e-5 of it, and seeds agree anyway."""
RULES = Enrichment()
PASSES = ("read_1h", "read_width", "read_momentum", "read_obv_cvd", "read_supertrend")
HEADER = ("ts_ms", "open", "high", "low", "close", "volume")
TOGETHER = 24
"""Series that are stepped through side by side."""

Lines = dict[str, Floats]


def ours(series: Sequence[CandleSeries]) -> list[Lines]:
    """What is carried and shown at every bar of each series, by name."""
    bars = block(*series)
    whole = bars.count.copy()
    carried, rows = carried_of(hourly_blocks(bars, [0] * len(series)), RULES), np.arange(len(series))
    seen: dict[str, list[Floats]] = defaultdict(list)
    for count in range(1, int(whole.max()) + 1):
        bars.count[:] = np.minimum(whole, count)
        for name in PASSES:
            carried.call(name, rows)
        momentum, columns = carried.rows["momentum"], carried.columns
        now = {
            "EMA 20": carried.rows["trend_1h"]["fast"]["value"],
            "EMA 50": carried.rows["trend_1h"]["slow"]["value"],
            "ATR 10": carried.rows["ratchet"]["range"]["value"],
            "ATR 14": carried.rows["width"]["range"]["value"],
            "ATR 20": momentum["range"]["value"],
            "MACD signal": momentum["signal"]["value"],
            "Keltner middle": momentum["middle"]["value"],
            "Bollinger deviation": momentum["deviation"],
            "StochRSI": columns["stoch_rsi"],
            "coiling": columns["squeeze"] == 1,
        }
        for name, column in now.items():
            seen[name].append(column.astype(np.float64))
    stepped = {name: np.array(columns) for name, columns in seen.items()}
    history = {"MACD": "macd_line", "RSI": "rsi", "OBV": "obv"}
    return [
        {name: column[: whole[row], row] for name, column in stepped.items()}
        | {name: carried.history[held][row, : whole[row]] for name, held in history.items()}
        for row in rows
    ]


def theirs(one: CandleSeries) -> Iterator[tuple[str, Floats, Floats | float]]:
    """Indicator, TA-Lib's line, and the size that a difference is relative to."""
    h, lo, c, v = one.high, one.low, one.close, one.volume
    moved = talib.SUM(np.abs(np.diff(c, prepend=c[0])), 14) > 0
    for length in (20, 50):
        yield f"EMA {length}", talib.EMA(c, length), c
    for length in (10, 14, 20):
        line = talib.ATR(h, lo, c, length)
        yield f"ATR {length}", line, np.maximum(line, c * 1e-9)
    line, signal, _ = talib.MACD(c, 12, 26, 9)
    yield "MACD", line, c
    yield "MACD signal", signal, c
    yield "Keltner middle", talib.EMA(c, 20), c
    yield "Bollinger deviation", np.sqrt(np.maximum(talib.VAR(c - c[0], 20), 0)), c
    yield "RSI", np.where(moved, talib.RSI(c, 14), np.nan), 100.0
    yield "OBV", talib.OBV(c, v) - v[0], float(np.abs(talib.OBV(c, v)).max()) or 1.0
    fast_k, _ = talib.STOCHRSI(c, 14, 14, 3, 0)
    index = talib.RSI(c, 14)
    ranges = talib.MAX(index, 14) - talib.MIN(index, 14)
    narrow = talib.MIN(np.nan_to_num(ranges), 3) <= 1e-4  # a range of zero is 50 here, and 0 there
    yield "StochRSI", np.where(narrow, np.nan, talib.SMA(np.nan_to_num(fast_k), 3)), 100.0


def assert_agrees(series: Sequence[CandleSeries]) -> None:
    """All lines of all series."""
    for one, lines in zip(series, ours(series), strict=True):
        for name, line, scale in theirs(one):
            apart = np.abs(lines[name] - line) / scale
            both = np.isfinite(line) & np.isfinite(lines[name])
            both[:UNSTABLE] = False
            assert both.sum() > 40 or len(one) < UNSTABLE + 60 or not one.volume.any(), (one.symbol, name)
            assert np.max(apart[both], initial=0.0) <= LIMIT, (one.symbol, name, float(np.max(apart[both])))


@pytest.mark.parametrize("seed", range(12))
def test_indicators_agree_with_talib_on_walks(seed: int) -> None:
    series = walk(seed, 320 + 40 * seed, spread=0.0005 * 2 ** (seed % 6))
    assert_agrees([series, walk(seed + 99, len(series) + 37)])


def test_indicators_agree_with_talib_on_every_recorded_series(shared_data: Path) -> None:
    files = sorted((shared_data / "candles").rglob("*.csv.gz"))
    read = [recorded(file) for file in files]
    series = sorted((one for one in read if one is not None), key=len)
    assert len(series) > 250
    for first in range(0, len(series), TOGETHER):
        assert_agrees(series[first : first + TOGETHER])


def recorded(file: Path) -> CandleSeries | None:
    """One file as bars of an hour, whatever they are: indicators count bars. None for other columns or too few bars."""
    try:
        table = read_columns(file, HEADER)
    except BadData:
        return None
    return CandleSeries.from_rows(file.name, Timeframe.H1, table) if len(table) > UNSTABLE + 60 else None  # type: ignore[arg-type]


def test_macd_and_atr_of_every_bar_since_their_seeds_are_talibs() -> None:
    series = walk(4, 120)
    (lines,) = ours([series])
    line, signal, _ = talib.MACD(series.close, 12, 26, 9)
    assert np.nanmax(np.abs(lines["MACD"] - line)) < 1e-9
    assert np.nanmax(np.abs(lines["MACD signal"] - signal)) < 1e-9
    average = talib.ATR(series.high, series.low, series.close, 14)
    assert np.array_equal(np.isnan(lines["ATR 14"]), np.isnan(average))
    assert np.nanmax(np.abs(lines["ATR 14"] / average - 1)) < 1e-12


def test_the_ema_of_every_bar_since_its_seed_is_talibs() -> None:
    series = walk(3, 300)
    (lines,) = ours([series])
    average = talib.EMA(series.close, 50)
    assert np.array_equal(np.isnan(lines["EMA 50"]), np.isnan(average))
    assert np.nanmax(np.abs(lines["EMA 50"] / average - 1)) < 1e-12


def test_a_squeeze_is_bollinger_s_bands_inside_keltner_s_as_talib_draws_them() -> None:
    seen = set()
    for seed in range(8):
        series = walk(seed, 600, quiet_bars=60 * (seed % 2), spread=0.001 * 2**seed)
        (lines,) = ours([series])
        upper, _, lower = talib.BBANDS(series.close, 20, 2, 2)
        middle = talib.EMA(series.close, 20)
        width = 1.5 * talib.ATR(series.high, series.low, series.close, 20)
        inside = (upper < middle + width) & (lower > middle - width)
        assert np.array_equal(lines["coiling"][UNSTABLE:] == 1, inside[UNSTABLE:])
        seen |= set(inside[UNSTABLE:].tolist())
    assert seen == {True, False}
