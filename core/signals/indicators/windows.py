"""Sums, means and extremes over a sliding window. Refuses running totals, which drift and remember what has left."""

from __future__ import annotations

import numpy as np

from core.market.candles import Floats


def rolling_sum(values: Floats, bars: int) -> Floats:
    """Sum of the last ``bars`` values at each column; NaN where the window is not full.

    >>> rolling_sum(np.array([[1.0, 2.0, 3.0]]), 2)
    array([[nan,  3.,  5.]])
    """
    out = np.full(values.shape, np.nan)
    width = values.shape[1] - bars + 1
    if width > 0:
        total = values[:, :width].copy()
        for offset in range(1, bars):
            total += values[:, offset : offset + width]
        out[:, bars - 1 :] = total
    return out


def rolling_mean(values: Floats, bars: int) -> Floats:
    """Mean of the last ``bars`` values, taken as distances from the newest: a flat window has exactly its value.

    >>> rolling_mean(np.array([[1.0, 2.0, 6.0]]), 3)
    array([[nan, nan,  3.]])
    """
    out = np.full(values.shape, np.nan)
    width = values.shape[1] - bars + 1
    if width > 0:
        newest = values[:, bars - 1 :]
        total = np.zeros_like(newest)
        for offset in range(bars - 1):
            total += values[:, offset : offset + width] - newest
        out[:, bars - 1 :] = newest + total / bars
    return out


def rolling_deviation(values: Floats, bars: int) -> Floats:
    """Standard deviation of the last ``bars`` values, ddof 0, as John Bollinger defines his bands.

    >>> rolling_deviation(np.array([[1.0, 3.0]]), 2)
    array([[nan,  1.]])
    """
    out = np.full(values.shape, np.nan)
    width = values.shape[1] - bars + 1
    if width > 0:
        mean = rolling_mean(values, bars)[:, bars - 1 :]
        total = np.zeros_like(mean)
        for offset in range(bars):
            total += (values[:, offset : offset + width] - mean) ** 2
        out[:, bars - 1 :] = np.sqrt(total / bars)
    return out


def rolling_low(values: Floats, bars: int) -> Floats:
    """Least of the last ``bars`` values.

    >>> rolling_low(np.array([[3.0, 1.0, 2.0]]), 2)
    array([[nan,  1.,  1.]])
    """
    out = np.full(values.shape, np.nan)
    width = values.shape[1] - bars + 1
    if width > 0:
        least = values[:, :width].copy()
        for offset in range(1, bars):
            np.minimum(least, values[:, offset : offset + width], out=least)
        out[:, bars - 1 :] = least
    return out


def rolling_high(values: Floats, bars: int) -> Floats:
    """Greatest of the last ``bars`` values.

    >>> rolling_high(np.array([[3.0, 1.0, 2.0]]), 2)
    array([[nan,  3.,  2.]])
    """
    return -rolling_low(-values, bars)
