"""Prices weighted with volume. Refuses a figure where nothing was traded."""

from __future__ import annotations

import numpy as np

from core.market.candles import Floats
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
