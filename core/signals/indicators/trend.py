"""Supertrend with ratcheting bands. Refuses to name a trend before the price has once left its bands."""

from __future__ import annotations

import numpy as np

from core.market.candles import Floats, Ints
from core.signals.indicators.volatility import atr


def supertrend(high: Floats, low: Floats, close: Floats, bars: int, atrs: float, start: Ints) -> Ints:
    """Direction of Olivier Seban's Supertrend at every bar: +1 up, −1 down, 0 not known yet.

    Bands lie ``atrs`` Wilder ATRs around (high + low) / 2. The upper band only falls and the lower only rises, until a
    close beyond one resets it; a close above the upper band turns the trend up, one under the lower band down. The
    published form begins with an arbitrary direction; here it is 0 until the first close beyond a band.
    """
    reach = atrs * atr(high, low, close, bars, start).T
    middle = (high.T + low.T) / 2
    basic_upper, basic_lower = middle + reach, middle - reach
    columns = np.ascontiguousarray(close.T)
    out = np.zeros(columns.shape, dtype=np.int64)
    upper, lower = np.full(columns.shape[1], np.inf), np.full(columns.shape[1], -np.inf)
    before, direction = np.full(columns.shape[1], np.nan), out[0]
    for column, now in enumerate(columns):
        upper = np.where((basic_upper[column] < upper) | (before > upper), basic_upper[column], upper)
        lower = np.where((basic_lower[column] > lower) | (before < lower), basic_lower[column], lower)
        above, below = now > upper, now < lower
        settled = np.where(direction > 0, 1 - 2 * below, 2 * above - 1)
        direction = np.where(direction == 0, above.astype(np.int64) - below, settled)
        out[column] = direction
        before = now
    return out.T
