"""Prices that traders watch: floor pivots of the day before, and swing highs and lows. Refuses to say what follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.market.candles import Bools, Floats, Ints
from core.signals.indicators.volume import typical_price

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Levels:
    """Floor pivots, arrays ``[symbols]`` in units of price."""

    p: Floats
    r1: Floats
    r2: Floats
    s1: Floats
    s2: Floats


def floor_pivots(time: Ints, valid: Bools, high: Floats, low: Floats, close: Floats, now_ms: int) -> Levels:
    """P = (H + L + C) / 3, R1 = 2P − L, S1 = 2P − H, R2 = P + (H − L), S2 = P − (H − L) of the last UTC day with bars
    that was over at ``now_ms``; arrays ``[symbols]``, NaN where no such day is held.
    """
    past = valid & (time < now_ms // DAY_MS * DAY_MS)
    day = np.where(past, time // DAY_MS, -1)
    latest = day.max(axis=1, initial=-1)
    of_day = past & (day == latest[:, None])
    top = np.where(of_day, high, -np.inf).max(axis=1, initial=-np.inf)
    bottom = np.where(of_day, low, np.inf).min(axis=1, initial=np.inf)
    last_bar = np.where(of_day, np.arange(time.shape[1]), 0).max(axis=1, initial=0)
    last = np.take_along_axis(close, last_bar[:, None], axis=1)[:, 0]
    held = latest >= 0
    top, bottom, last = (np.where(held, column, np.nan) for column in (top, bottom, last))
    p = typical_price(top, bottom, last)
    return Levels(p, 2 * p - bottom, p + (top - bottom), 2 * p - top, p - (top - bottom))


def last_swings(prices: Floats, wing: int, sign: int) -> tuple[Floats, Floats]:
    """The latest and the one before of the confirmed swing highs (``sign`` +1) or lows (−1), NaN where there is none.

    A swing stands strictly beyond the ``wing`` bars on each side of it (Bill Williams' fractal, of 2·wing + 1 bars).

    >>> last_swings(np.array([[1.0, 3.0, 2.0, 5.0, 4.0, 6.0]]), 1, 1)
    (array([5.]), array([3.]))
    """
    rows, width = prices.shape
    if width <= 2 * wing:
        return np.full(rows, np.nan), np.full(rows, np.nan)
    core = sign * prices[:, wing : width - wing]
    swing = np.ones(core.shape, dtype=np.bool_)
    for offset in range(1, wing + 1):
        swing &= core > sign * prices[:, wing - offset : width - wing - offset]
        swing &= core > sign * prices[:, wing + offset : width - wing + offset]
    position = np.where(swing, np.arange(core.shape[1]), -1)
    latest = position.max(axis=1, initial=-1)
    earlier = np.where(position < latest[:, None], position, -1).max(axis=1, initial=-1)
    return _at(prices, wing, latest), _at(prices, wing, earlier)


def _at(prices: Floats, wing: int, position: Ints) -> Floats:
    """The price at each row's position among the confirmed bars; NaN for −1."""
    found = np.take_along_axis(prices, np.maximum(position, 0)[:, None] + wing, axis=1)[:, 0]
    return np.where(position >= 0, found, np.nan)
