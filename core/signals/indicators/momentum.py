"""Speed of the price: MACD, RSI, StochRSI, and divergence between price and any of them. Refuses to label them."""

from __future__ import annotations

import numpy as np

from core.market.candles import Bools, Floats, Ints
from core.signals.indicators.smoothing import ema, wilder
from core.signals.indicators.windows import rolling_high, rolling_low, rolling_mean


def macd(close: Floats, fast: int, slow: int, signal: int, start: Ints) -> tuple[Floats, Floats]:
    """MACD line and its signal line (Gerald Appel), in units of price.

    As TA-Lib has it, the fast EMA is seeded on the bars that end where the slow one's seed ends.
    """
    line = ema(close, fast, start + max(0, slow - fast)) - ema(close, slow, start)
    return line, ema(line, signal, start + max(fast, slow) - 1)


def rsi(close: Floats, bars: int, start: Ints) -> Floats:
    """Wilder's relative strength index, 0 … 100; 50 where the price has not moved since the row began.

    >>> rsi(np.array([[1.0, 2.0, 1.0]]), 2, np.array([0]))
    array([[nan, nan, 50.]])
    """
    change = np.diff(close, axis=1, prepend=np.nan)
    gain = wilder(np.maximum(change, 0.0), bars, start + 1)
    loss = wilder(np.maximum(-change, 0.0), bars, start + 1)
    moved = gain + loss
    return np.where(moved == 0, 50.0, 100.0 * gain / np.where(moved == 0, 1.0, moved))


def stoch_rsi(close: Floats, rsi_bars: int, range_bars: int, smooth: int, start: Ints) -> Floats:
    """%K of the stochastic RSI (Chande and Kroll), 0 … 100: where the RSI lies in its own range, then averaged.

    A range of zero counts as 50.
    """
    index = rsi(close, rsi_bars, start)
    low, high = rolling_low(index, range_bars), rolling_high(index, range_bars)
    width = high - low
    raw = np.where(width == 0, 50.0, 100.0 * (index - low) / np.where(width == 0, 1.0, width))
    return rolling_mean(raw, smooth)


def divergence(high: Floats, low: Floats, measure: Floats, bars: int, gap: int) -> Ints:
    """div(x, n, g) of SPEC §3 at the last bar: +1 bullish, −1 bearish, 0 neither or both; shape ``[symbols]``.

    Bullish: the last low is the lowest of ``bars``, lower than the lowest low at least ``gap`` bars ago, yet the
    measure is higher than it was there. Of several equal lows the oldest is meant.
    """
    return _bullish(low, measure, bars, gap) - _bullish(-high, -measure, bars, gap)


def _bullish(low: Floats, measure: Floats, bars: int, gap: int) -> Ints:
    width = low.shape[1]
    if width < bars:
        return np.zeros(low.shape[0], dtype=np.int64)
    earlier = slice(width - bars, width - gap)
    trough = np.argmin(low[:, earlier], axis=1)[:, None]
    low_then = np.take_along_axis(low[:, earlier], trough, axis=1)[:, 0]
    measure_then = np.take_along_axis(measure[:, earlier], trough, axis=1)[:, 0]
    lowest = low[:, -1] <= low[:, width - bars :].min(axis=1)
    found: Bools = lowest & (low[:, -1] < low_then) & (measure[:, -1] > measure_then)
    return found.astype(np.int64)
