"""The path a price takes inside recorded bars: four points per bar, the same for every reader.

A bar shows its open at its opening, its two extremes a third and two thirds through (an up bar its low first, a down
bar its high first), and its close one millisecond before the next bar opens. Nothing finer is known, and nothing finer
is invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.market.candles import Bools, Floats, Ints
from core.market.grid import on_grid
from core.replay.recording import Bars


@dataclass(frozen=True, slots=True)
class Points:
    """Price changes of one market, oldest first; ``before`` is the mark they start from, if it had begun."""

    time: Ints
    mark: Floats
    gapped: Bools
    before: float | None

    def at(self, now_ms: int) -> tuple[float, bool] | None:
        """The mark at ``now_ms`` and whether it jumped just then; ``None`` before the market began."""
        row = int(self.time.searchsorted(now_ms, side="right")) - 1
        if row >= 0:
            return float(self.mark[row]), bool(self.gapped[row]) and int(self.time[row]) == now_ms
        return None if self.before is None else (self.before, False)


def points_between(path: Bars, start_ms: int, end_ms: int, price_decimals: int) -> Points:
    """Changes of the mark, on the tick grid, by the bars that open in ``[start_ms, end_ms)``.

    A point where the mark stays as it was is left out. ``gapped`` marks an open off the previous close, or after a
    stretch without bars.
    """
    first, last = (int(row) for row in np.searchsorted(path.time, (start_ms, end_ms), side="left"))
    bars = path[first:last]
    marks = on_grid(_visited(bars), price_decimals)
    before = None if first == 0 else float(on_grid(path.close[first - 1 : first], price_decimals)[0])
    previous = (
        np.concatenate(([np.nan if before is None else before], marks.ravel()[:-1])) if len(bars) else np.empty(0)
    )
    gapped = np.zeros(marks.shape, dtype=np.bool_)
    gapped[:, 0] = (previous[::4] != marks[:, 0]) | (_ends_before(path, first, last) != bars.time)
    changed = previous != marks.ravel()
    return Points(_times(bars).ravel()[changed], marks.ravel()[changed], gapped.ravel()[changed], before)


def part(bars: Bars, row: int, now_ms: int) -> tuple[float, float, float, float, float]:
    """Open, high, low, close and volume that bar ``row`` has shown by ``now_ms`` (at or after its open)."""
    low_first = bars.close[row] >= bars.open[row]
    extremes = (bars.low[row], bars.high[row]) if low_first else (bars.high[row], bars.low[row])
    whole = (float(bars.open[row]), float(extremes[0]), float(extremes[1]), float(bars.close[row]))
    shown = int(np.searchsorted(_times(bars[row : row + 1])[0], now_ms, side="right"))
    seen = whole[: max(shown, 1)]
    return seen[0], max(seen), min(seen), seen[-1], float(bars.volume[row]) * (len(seen) - 1) / 3


def _visited(bars: Bars) -> Floats:
    """The four prices of each bar in their order, ``[bars, 4]``."""
    up = bars.close >= bars.open
    return np.stack(
        (bars.open, np.where(up, bars.low, bars.high), np.where(up, bars.high, bars.low), bars.close), axis=1
    )


def _times(bars: Bars) -> Ints:
    """When the four prices are reached, ``[bars, 4]``."""
    thirds = (np.zeros_like(bars.span), bars.span // 3, bars.span * 2 // 3, bars.span - 1)
    return bars.time[:, None] + np.stack(thirds, axis=1)


def _ends_before(path: Bars, first: int, last: int) -> Ints:
    """Close time of the bar before each of ``first … last``; −1 before the very first."""
    ends = np.concatenate((np.array([-1], dtype=np.int64), path.time[:last] + path.span[:last]))
    return ends[first:last]
