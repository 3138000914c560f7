"""The price's way through one five-minute bar, tick by tick: from its open past both extremes to its close.

The bars are the truth; ticks only fill them, so that a bar made of ticks equals the bar. The way is a random walk tied
down at four points and kept inside the bar.
"""

from __future__ import annotations

import numpy as np

from bot.feeds.synthesis.chance import named_chance
from bot.feeds.synthesis.sessions import BAR_MS
from core.market.candles import Floats, Ints
from core.market.grid import on_grid


def ticks_in_bar(tick_ms: int) -> int:
    """How many prices a bar shows; the last one is its close.

    >>> ticks_in_bar(3_000), ticks_in_bar(7_000)
    (100, 43)
    """
    return -(-BAR_MS // tick_ms)


def walk_bar(
    seed: int, bar_ms: int, tick_ms: int, bars: tuple[Floats, Floats, Floats, Floats], scale: Floats, decimals: Ints
) -> Floats:
    """Marks ``[ticks, markets]`` on the grid, at ``bar_ms + k · tick_ms``.

    ``bars`` are open, high, low, close and ``scale`` the standard deviation of the log return, each ``[markets]``.
    """
    opened, high, low, close = bars
    count, markets = ticks_in_bar(tick_ms), opened.size
    chance = named_chance(seed, "ticks", bar_ms // BAR_MS)
    low_first = chance.random(markets) < np.where(close >= opened, 0.7, 0.3)
    turns = 1 + np.sort(chance.integers(0, count - 3, (2, markets)), axis=0) + np.array([[0], [1]])
    nodes = np.concatenate((np.zeros((1, markets), np.int64), turns, np.full((1, markets), count - 1)))
    levels = np.stack((opened, np.where(low_first, low, high), np.where(low_first, high, low), close))
    steps = chance.standard_normal((count, markets)) * (scale * opened / np.sqrt(count))
    steps[0] = 0.0
    free = np.cumsum(steps, axis=0)
    tied = free + _between(nodes, levels - np.take_along_axis(free, nodes, axis=0), count)
    marks = np.clip(tied, low, high)
    np.put_along_axis(marks, nodes, levels, axis=0)
    return on_grid(marks, decimals)


def volume_shares(marks: Floats) -> Floats:
    """How a bar's volume falls on its ticks: half evenly, half where one market's marks (``[ticks]``) moved; sums to 1.

    >>> volume_shares(np.array([1.0, 1.0, 2.0, 2.0])).tolist()
    [0.125, 0.125, 0.625, 0.125]
    """
    moved = np.abs(np.diff(marks, prepend=marks[:1]))
    total = moved.sum()
    even = np.full(marks.size, 1.0 / marks.size)
    return even if total == 0.0 else 0.5 * even + 0.5 * moved / total


def _between(nodes: Ints, values: Floats, count: int) -> Floats:
    """Straight lines through ``values`` at ``nodes`` (both ``[4, markets]``), at every tick; ``[ticks, markets]``."""
    tick = np.arange(count)[:, None]
    leg = (tick >= nodes[1]).astype(np.int64) + (tick >= nodes[2])
    start, end = np.take_along_axis(nodes, leg, axis=0), np.take_along_axis(nodes, leg + 1, axis=0)
    first, last = np.take_along_axis(values, leg, axis=0), np.take_along_axis(values, leg + 1, axis=0)
    share = (tick - start) / (end - start)
    return first + (last - first) * share
