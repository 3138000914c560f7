"""Pass ⑥ Sweep: a wick through a watched level that the body did not follow (SPEC §3).

Refuses a bar that sweeps both ways, and a sweep whose level a later close has given up.
"""

from __future__ import annotations

import numpy as np

from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers
from core.signals.enrichment.dimensions import Sweep
from core.signals.indicators.sweeps import swept_low


def read_sweep(blocks: Blocks, rules: Enrichment) -> Columns:
    """``sweep``, ``sweep_level`` in units of price, ``sweep_age_bars`` (0: the last bar); 1h bars.

    Of the fresh bars the newest whose sweep still stands counts.
    """
    bars = blocks.h1
    rows, width = bars.close.shape
    direction, level, ages = np.zeros(rows, dtype=np.int64), np.full(rows, np.nan), np.full(rows, np.nan)
    for age in range(min(rules.fresh_bars, width - 1), -1, -1):
        bar = width - 1 - age
        low = swept_low(bars.low, bars.open, bars.close, bar, rules.sweep_bars, rules.pivot_bars)
        high = -swept_low(-bars.high, -bars.open, -bars.close, bar, rules.sweep_bars, rules.pivot_bars)
        later = bars.close[:, bar + 1 :]
        held_low = ~np.isnan(low) & np.isnan(high) & ~(later < low[:, None]).any(axis=1)
        held_high = ~np.isnan(high) & np.isnan(low) & ~(later > high[:, None]).any(axis=1)
        direction = np.where(held_low, 1, np.where(held_high, -1, direction))
        level = np.where(held_low, low, np.where(held_high, high, level))
        ages = np.where(held_low | held_high, age, ages)
    return {
        "sweep": labelled([(direction > 0, Sweep.SWEEP_LOW), (direction < 0, Sweep.SWEEP_HIGH)], Sweep.NONE),
        "sweep_level": numbers(level),
        "sweep_age_bars": [None if age is None else int(age) for age in numbers(ages)],
    }
