"""Pass ⑦ OBV and CVD: whether volume goes with the price, by two measures that must not contradict (SPEC §3).

Refuses an opinion where nothing was traded.
"""

from __future__ import annotations

import numpy as np

from core.market.candles import Bools, Floats, Ints
from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers
from core.signals.enrichment.dimensions import Divergence, VolConfirm
from core.signals.indicators.turns import signs
from core.signals.indicators.volume import cumulative_delta, obv, slope
from core.signals.indicators.windows import rolling_sum


def read_obv_cvd(blocks: Blocks, rules: Enrichment) -> Columns:
    """``obv_slope`` in mean volumes per bar, ``obv_divergence``, ``cvd_delta`` in [−1, 1], ``vol_confirm``; 1h bars."""
    bars = blocks.h1
    running = obv(bars.close, bars.volume, bars.start)
    traded = rolling_sum(bars.volume, rules.obv_slope_bars)[:, -1]
    rate = slope(running, rules.obv_slope_bars) * rules.obv_slope_bars
    steepness = np.where(traded > 0, rate / np.where(traded > 0, traded, 1.0), 0.0)
    delta = cumulative_delta(bars.open, bars.high, bars.low, bars.close, bars.volume, rules.cvd_bars)
    apart = _divergence(bars.close, running, rules.obv_divergence_bars)
    return {
        "obv_slope": numbers(steepness, 0.0),
        "obv_divergence": labelled(
            [(apart > 0, Divergence.BULL_DIV), (apart < 0, Divergence.BEAR_DIV)], Divergence.NONE
        ),
        "cvd_delta": numbers(delta, 0.0),
        "vol_confirm": _verdict(steepness, delta, rules),
    }


def _divergence(close: Floats, running: Floats, bars: int) -> Ints:
    """+1 where the price fell over ``bars`` bars and OBV rose, −1 for the mirror image, else 0."""
    if close.shape[1] <= bars:
        return np.zeros(close.shape[0], dtype=np.int64)
    moved = signs(close[:, -1] - close[:, -1 - bars])
    flowed = signs(running[:, -1] - running[:, -1 - bars])
    return np.where(moved * flowed < 0, flowed, 0)


def _verdict(steepness: Floats, delta: Floats, rules: Enrichment) -> list[VolConfirm]:
    """``vol_confirm``: each measure counts from its own size on; strong when both agree and the delta is large."""
    by_obv = np.where(np.abs(steepness) >= rules.obv_slope_least, signs(steepness), 0)
    by_cvd = np.where(np.abs(delta) >= rules.cvd_least, signs(delta), 0)
    strong: Bools = (by_obv == by_cvd) & (np.abs(delta) >= rules.cvd_strong)
    total = by_obv + by_cvd
    return labelled(
        [
            (by_obv * by_cvd < 0, VolConfirm.CONFLICT),
            (strong & (total > 0), VolConfirm.STRONG_BULL),
            (strong & (total < 0), VolConfirm.STRONG_BEAR),
            (total > 0, VolConfirm.BULL),
            (total < 0, VolConfirm.BEAR),
        ],
        VolConfirm.NEUTRAL,
    )
