"""Liquidity sweeps: a low under a level that others watch, with the body back above it. Refuses to say what follows.

A sweep of a high is the same on prices with their signs turned.
"""

from __future__ import annotations

import numpy as np

from core.market.candles import Bools, Floats


def swept_low(low: Floats, opened: Floats, close: Floats, bar: int, bars: int, wing: int) -> Floats:
    """The lowest level that column ``bar`` swept, shape ``[symbols]``; NaN where it swept none.

    Swept is a level with low < level < min(open, close). Levels are the lowest low of the ``bars`` − 1 bars before, and
    every swing low among them (``wing`` strictly higher lows on each side) that no close has gone under since. Without
    ``bars`` bars there is no sweep.

    >>> low = np.array([[5.0, 3.0, 5.0, 4.5, 2.5]])
    >>> swept_low(low, low + 1, low + 1, 4, 5, 1)
    array([3.])
    """
    first = bar - bars + 1
    if first < 0:
        return np.full(low.shape[0], np.nan)
    before = low[:, first:bar]
    swings = np.where(_standing(before, close[:, first:bar], wing), before[:, wing : before.shape[1] - wing], np.nan)
    levels = np.concatenate([swings, before.min(axis=1)[:, None]], axis=1)
    body = np.minimum(opened[:, bar], close[:, bar])[:, None]
    swept = (low[:, bar, None] < levels) & (levels < body) & ~np.isnan(before[:, :1])
    lowest = np.where(swept, levels, np.inf).min(axis=1)
    return np.where(np.isinf(lowest), np.nan, lowest)


def _standing(low: Floats, close: Floats, wing: int) -> Bools:
    """Which of the inner bars are swing lows that no later close has gone under, shape ``[symbols, bars − 2·wing]``."""
    width = low.shape[1]
    core = low[:, wing : width - wing]
    lowest_close_from = np.minimum.accumulate(close[:, ::-1], axis=1)[:, ::-1]
    standing: Bools = lowest_close_from[:, wing + 1 : width - wing + 1] >= core
    for offset in range(1, wing + 1):
        standing &= core < low[:, wing - offset : width - wing - offset]
        standing &= core < low[:, wing + offset : width - wing + offset]
    return standing
