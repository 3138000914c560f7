"""Exponential smoothing: the EMA as TA-Lib seeds it, and Wilder's. Refuses any other seed."""

from __future__ import annotations

import numpy as np

from core.market.candles import Floats, Ints


def ema(values: Floats, bars: int, start: Ints) -> Floats:
    """Exponential moving average, weight 2 / (bars + 1), seeded with the mean of the first ``bars`` values.

    Shape as ``values``; NaN before the seed, which stands at column ``start + bars − 1`` (as TA-Lib's EMA).

    >>> ema(np.array([[1.0, 2.0, 3.0, 5.0]]), 3, np.array([0]))
    array([[nan, nan, 2. , 3.5]])
    """
    return _smoothed(values, bars, 2.0 / (bars + 1), start)


def wilder(values: Floats, bars: int, start: Ints) -> Floats:
    """Wilder's smoothing, weight 1 / bars, seeded with the mean of the first ``bars`` values.

    J. Welles Wilder, New Concepts in Technical Trading Systems (1978); the average inside his RSI and ATR.

    >>> wilder(np.array([[2.0, 4.0, 7.0]]), 2, np.array([0]))
    array([[nan,  3.,  5.]])
    """
    return _smoothed(values, bars, 1.0 / bars, start)


def _smoothed(values: Floats, bars: int, weight: float, start: Ints) -> Floats:
    """``y = y + weight · (x − y)`` along each row from its seed on.

    Runs over time-major copies: one step handles all rows. NaN before a row's seed keeps it NaN until the seed is
    written in, so rows may begin at different columns.
    """
    columns = np.ascontiguousarray(values.T)
    out = np.full_like(columns, np.nan)
    seeds = _seeds(columns, bars, start)
    if not seeds:
        return out.T
    before = np.full(columns.shape[1], np.nan)
    for column in range(min(seeds), columns.shape[0]):
        now = out[column]
        np.subtract(columns[column], before, out=now)
        now *= weight
        now += before
        if column in seeds:
            rows, first = seeds[column]
            now[rows] = first
        before = now
    return out.T


def _seeds(columns: Floats, bars: int, start: Ints) -> dict[int, tuple[Ints, Floats]]:
    """Column → the rows whose seed stands there, and the seeds.

    The mean is taken of the distances from the first value, so that a flat row is smoothed to exactly itself.
    """
    found: dict[int, tuple[Ints, Floats]] = {}
    for first in np.unique(start):
        if first + bars > columns.shape[0]:
            continue
        rows = np.flatnonzero(start == first)
        origin = columns[first, rows]
        total = np.zeros_like(origin)
        for column in range(int(first) + 1, int(first) + bars):
            total += columns[column, rows] - origin
        found[int(first) + bars - 1] = (rows, origin + total / bars)
    return found
