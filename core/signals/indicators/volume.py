"""Prices weighted with volume, and volume with a sign. Refuses a direction where nothing was traded."""

from __future__ import annotations

import numpy as np

from core.market.candles import Floats, Ints
from core.signals.indicators.turns import signs
from core.signals.indicators.windows import rolling_sum


def typical_price(high: Floats, low: Floats, close: Floats) -> Floats:
    """(high + low + close) / 3, taken from the close so that a bar without range has exactly its price.

    >>> typical_price(np.array([0.1, 4.0]), np.array([0.1, 1.0]), np.array([0.1, 1.0]))
    array([0.1, 2. ])
    """
    return close + ((high - close) + (low - close)) / 3


def vwap(high: Floats, low: Floats, close: Floats, volume: Floats, bars: int) -> Floats:
    """Σ typical · volume / Σ volume of the last ``bars`` bars, shape ``[symbols]``; NaN without volume.

    Summed as distances of the typical price from the last close: a flat market's VWAP is exactly its price.

    >>> flat = np.full((1, 3), 7.1)
    >>> vwap(flat, flat, flat, np.array([[1.0, 2.0, 3.3]]), 3)
    array([7.1])
    """
    last = close[:, -1]
    typical = typical_price(high[:, -bars:], low[:, -bars:], close[:, -bars:])
    traded = rolling_sum(volume[:, -bars:], bars)[:, -1]
    moved = rolling_sum((typical - last[:, None]) * volume[:, -bars:], bars)[:, -1]
    return np.where(traded > 0, last + moved / np.where(traded > 0, traded, 1.0), np.nan)


def volume_delta(opened: Floats, close: Floats, volume: Floats, bars: int) -> Floats:
    """Σ volume · sign(close − open) / Σ volume over the last ``bars`` bars at each column, in [−1, 1].

    0 where nothing was traded, NaN where the window is not full.

    >>> volume_delta(np.array([[1.0, 2.0]]), np.array([[2.0, 1.0]]), np.array([[3.0, 1.0]]), 2)
    array([[nan, 0.5]])
    """
    return _share(np.sign(close - opened) * volume, volume, bars)


def cumulative_delta(opened: Floats, high: Floats, low: Floats, close: Floats, volume: Floats, bars: int) -> Floats:
    """Σ volume · (close − open) / (high − low) / Σ volume of the last ``bars`` bars, in [−1, 1], shape ``[symbols]``.

    The cumulative volume delta as estimated from bars; one without range counts 0. 0 where nothing was traded.

    >>> cumulative_delta(*(np.array([[one]]) for one in (1.0, 3.0, 1.0, 2.0, 7.0)), 1)
    array([0.5])
    """
    opened, high, low, close, volume = (column[:, -bars:] for column in (opened, high, low, close, volume))
    width = high - low
    body = np.where(width == 0, 0.0, (close - opened) / np.where(width == 0, 1.0, width))
    return _share(body * volume, volume, bars)[:, -1]


def obv(close: Floats, volume: Floats, start: Ints) -> Floats:
    """Joseph Granville's on-balance volume, 0 at each row's first bar; NaN before it.

    TA-Lib begins with the first bar's volume instead, and is higher by that everywhere.

    >>> obv(np.array([[1.0, 2.0, 2.0, 1.0]]), np.array([[9.0, 5.0, 7.0, 2.0]]), np.array([0]))
    array([[0., 5., 5., 3.]])
    """
    step = np.zeros_like(close)
    way = signs(close[:, 1:] - close[:, :-1])
    step[:, 1:] = np.where(way == 0, 0.0, way * volume[:, 1:])
    running: Floats = np.cumsum(step, axis=1)
    return np.where(np.arange(close.shape[1]) < start[:, None], np.nan, running)


def slope(values: Floats, bars: int) -> Floats:
    """Least-squares slope of the last ``bars`` values, per bar, shape ``[symbols]``; NaN without so many.

    >>> slope(np.array([[9.0, 1.0, 3.0, 5.0]]), 3)
    array([2.])
    """
    rows, width = values.shape
    if width < bars:
        return np.full(rows, np.nan)
    centre = (bars - 1) / 2
    total = np.zeros(rows)
    for bar in range(bars):
        total += (bar - centre) * (values[:, width - bars + bar] - values[:, -1])
    return total / (bars * (bars * bars - 1) / 12)


def _share(part: Floats, volume: Floats, bars: int) -> Floats:
    """Rolling Σ part / Σ volume; 0 where the volume is 0."""
    traded = rolling_sum(volume, bars)
    return np.where(traded == 0, 0.0, rolling_sum(part, bars) / np.where(traded == 0, 1.0, traded))
