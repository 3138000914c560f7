"""Every indicator that TA-Lib has, against TA-Lib, on walks and on recorded candles: 1e-9 after the unstable period."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import talib

from core.market.candles import CandleBlock, CandleSeries, Floats, Timeframe
from core.signals.indicators.momentum import macd, rsi, stoch_rsi
from core.signals.indicators.smoothing import ema
from core.signals.indicators.volatility import atr, bollinger, true_range
from core.signals.indicators.volume import obv
from core.signals.indicators.windows import rolling_high, rolling_low, rolling_sum
from tests.core.signals.recorded import load_series
from tests.core.signals.walks import block, walk

LIMIT = 1e-9
UNSTABLE = 250
"""Bars until a seed has died out: the slowest, Wilder's 20, keeps (19/20)^230 < 1e-5 of it, and seeds agree anyway."""

RECORDED = [
    ("candles/hyperliquid/1h/BTC.csv.gz", Timeframe.H1),
    ("candles/hyperliquid/1h/kPEPE.csv.gz", Timeframe.H1),
    ("candles/hyperliquid/15m/SOL.csv.gz", Timeframe.M15),
    ("candles/hyperliquid/4h/ETH.csv.gz", Timeframe.H4),
    ("candles/tradfi/15m/EURUSD.csv.gz", Timeframe.M15),
    ("candles/tradfi/15m/TSLA_ext.csv.gz", Timeframe.M15),
    ("candles/binance_perp/1h/DOGE.csv.gz", Timeframe.H1),
]


def difference(ours: Floats, theirs: Floats, scale: Floats | float) -> float:
    """Largest difference after the unstable period, relative to the size of what is measured."""
    apart = np.abs(ours - theirs) / scale
    both = np.isfinite(theirs)
    both[:UNSTABLE] = False
    assert both.sum() > 50
    return float(np.max(apart[both]))


def pairs(bars: CandleBlock, row: int) -> Iterator[tuple[str, Floats, Floats, Floats | float]]:
    """Indicator, ours, TA-Lib's, and the size that a difference is relative to."""
    high, low, close, volume = bars.high, bars.low, bars.close, bars.volume
    held = bars.valid[row]
    h, lo, c, v = (np.ascontiguousarray(column[row, held]) for column in (high, low, close, volume))

    def own(column: Floats) -> Floats:
        return column[row, held]

    for length in (12, 20, 26, 50):
        theirs = talib.EMA(c, length)
        yield f"EMA {length}", own(ema(close, length, bars.start)), theirs, np.abs(theirs)
    for length in (10, 14, 20):
        theirs = talib.ATR(h, lo, c, length)
        yield f"ATR {length}", own(atr(high, low, close, length, bars.start)), theirs, np.abs(theirs)
    theirs = talib.TRANGE(h, lo, c)
    yield "true range", own(true_range(high, low, close)), theirs, c
    yield "RSI", own(rsi(close, 14, bars.start)), talib.RSI(c, 14), 100.0
    line, signal = macd(close, 12, 26, 9, bars.start)
    their_line, their_signal, _ = talib.MACD(c, 12, 26, 9)
    yield "MACD", own(line), their_line, c
    yield "MACD signal", own(signal), their_signal, c
    upper, middle, lower = talib.BBANDS(c, 20, 2, 2)
    our_middle, our_upper, our_lower = bollinger(close, 20, 2.0)
    yield "Bollinger middle", own(our_middle), middle, c
    yield "Bollinger upper", own(our_upper), upper, c
    yield "Bollinger lower", own(our_lower), lower, c
    # TA-Lib's OBV begins with the first bar's volume, ours at 0; the running sum is compared from a common origin.
    theirs = talib.OBV(c, v)
    yield "OBV", own(obv(close, volume, bars.start)) + v[0], theirs, float(np.abs(theirs).max()) or 1.0
    yield "rolling sum", own(rolling_sum(volume, 24)), talib.SUM(v, 24), float(v.sum()) or 1.0
    yield "rolling high", own(rolling_high(high, 14)), talib.MAX(h, 14), 1.0
    yield "rolling low", own(rolling_low(low, 14)), talib.MIN(lo, 14), 1.0
    fast_k, _ = talib.STOCHRSI(c, 14, 14, 3, 0)
    ours = own(stoch_rsi(close, 14, 14, 1, bars.start))
    ranges = talib.MAX(talib.RSI(c, 14), 14) - talib.MIN(talib.RSI(c, 14), 14)
    narrow = ~(ranges > 1e-6)
    yield "StochRSI, raw", np.where(narrow, np.nan, ours), np.where(narrow, np.nan, fast_k), 100.0


def assert_agrees(series: CandleSeries) -> None:
    """The series as the shorter row of a block, so that its left padding is part of what is checked."""
    bars = block(walk(99, len(series) + 37, series.timeframe), series)
    for name, ours, theirs, scale in pairs(bars, 1):
        assert difference(ours, theirs, scale) <= LIMIT, (series.symbol, name)


@pytest.mark.parametrize("seed", range(12))
def test_indicators_agree_with_talib_on_walks(seed: int) -> None:
    assert_agrees(walk(seed, 320 + 40 * seed, spread=0.0005 * 2 ** (seed % 6)))


@pytest.mark.parametrize(("file", "timeframe"), RECORDED)
def test_indicators_agree_with_talib_on_recorded_candles(shared_data: Path, file: str, timeframe: Timeframe) -> None:
    assert_agrees(load_series(shared_data / file, file, timeframe)[-1500:])


def test_macd_and_atr_of_every_bar_since_their_seeds_are_talibs() -> None:
    series = walk(4, 120)
    bars = block(series)
    line, signal = macd(bars.close, 12, 26, 9, bars.start)
    their_line, their_signal, _ = talib.MACD(series.close, 12, 26, 9)
    assert np.nanmax(np.abs(line[0] - their_line)) < 1e-9
    assert np.nanmax(np.abs(signal[0] - their_signal)) < 1e-9
    ours = atr(bars.high, bars.low, bars.close, 14, bars.start)[0]
    theirs = talib.ATR(series.high, series.low, series.close, 14)
    assert np.array_equal(np.isnan(ours), np.isnan(theirs))
    assert np.nanmax(np.abs(ours / theirs - 1)) < 1e-12


def test_the_ema_of_every_bar_since_its_seed_is_talibs() -> None:
    series = walk(3, 300)
    ours, theirs = ema(block(series).close, 50, np.array([0]))[0], talib.EMA(series.close, 50)
    assert np.array_equal(np.isnan(ours), np.isnan(theirs))
    assert np.nanmax(np.abs(ours / theirs - 1)) < 1e-12
