"""Width of the price: true range, ATR, Bollinger and Keltner bands, plain range. Refuses to say what is wide."""

from __future__ import annotations

import numpy as np

from core.market.candles import Bools, Floats, Ints
from core.signals.indicators.smoothing import ema, wilder
from core.signals.indicators.windows import rolling_deviation, rolling_mean


def true_range(high: Floats, low: Floats, close: Floats) -> Floats:
    """Wilder's true range; NaN at each row's first bar, which has no close before it.

    >>> true_range(np.array([[5.0, 6.0]]), np.array([[4.0, 5.5]]), np.array([[4.5, 5.8]]))
    array([[nan, 1.5]])
    """
    before = np.full_like(close, np.nan)
    before[:, 1:] = close[:, :-1]
    return np.maximum(np.maximum(high - low, np.abs(high - before)), np.abs(low - before))


def atr(high: Floats, low: Floats, close: Floats, bars: int, start: Ints) -> Floats:
    """Wilder's average true range in units of price; the first value stands at ``start + bars`` (as TA-Lib's ATR)."""
    return wilder(true_range(high, low, close), bars, start + 1)


def range_share(high: Floats, low: Floats, close: Floats, bars: int) -> Floats:
    """(highest high − lowest low) of the last ``bars`` bars as a share of the last close, shape ``[symbols]``.

    >>> range_share(np.array([[9.0, 11.0]]), np.array([[8.0, 9.0]]), np.array([[9.0, 10.0]]), 2)
    array([0.3])
    """
    share: Floats = (high[:, -bars:].max(axis=1) - low[:, -bars:].min(axis=1)) / close[:, -1]
    return share


def bollinger(close: Floats, bars: int, sigmas: float) -> tuple[Floats, Floats, Floats]:
    """Bollinger's middle, upper and lower band; the deviation is divided by ``bars`` (ddof 0)."""
    middle, width = rolling_mean(close, bars), sigmas * rolling_deviation(close, bars)
    return middle, middle + width, middle - width


def keltner(
    high: Floats, low: Floats, close: Floats, bars: int, atrs: float, start: Ints
) -> tuple[Floats, Floats, Floats]:
    """Keltner's middle (EMA), upper and lower band, ``atrs`` Wilder ATRs away (Linda Raschke's form)."""
    middle, width = ema(close, bars, start), atrs * atr(high, low, close, bars, start)
    return middle, middle + width, middle - width


def squeezed(upper: Floats, lower: Floats, outer_upper: Floats, outer_lower: Floats) -> Bools:
    """Where both bands lie strictly inside the outer ones (John Carter's squeeze)."""
    return (upper < outer_upper) & (lower > outer_lower)


def released(inside: Bools, deviation: Floats, fresh_bars: int, inside_bars: int) -> Bools:
    """Per row: outside now, since at most ``fresh_bars`` bars, after at least ``inside_bars`` bars inside, and the
    deviation has risen on every bar since the last one inside.
    """
    rows, width = inside.shape
    rising = np.zeros_like(inside)
    rising[:, 1:] = deviation[:, 1:] > deviation[:, :-1]
    found = np.zeros(rows, dtype=np.bool_)
    for outside in range(1, fresh_bars + 2):
        release = width - outside
        if release < inside_bars:
            break
        before = inside[:, release - inside_bars : release].all(axis=1)
        found |= before & (~inside[:, release:] & rising[:, release:]).all(axis=1)
    return found
