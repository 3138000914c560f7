"""Pass ③ Volume delta: how much more was traded in rising bars than in falling ones (SPEC §3).

Refuses an opinion where nothing was traded.
"""

from __future__ import annotations

from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers
from core.signals.enrichment.dimensions import Divergence, VdFilter
from core.signals.indicators.momentum import divergence
from core.signals.indicators.volume import volume_delta


def read_volume_delta(blocks: Blocks, rules: Enrichment) -> Columns:
    """``vd_delta`` in [−1, 1], ``vd_divergence``, ``vd_filter``; 1h bars."""
    bars = blocks.h1
    delta = volume_delta(bars.open, bars.close, bars.volume, rules.delta_bars)
    apart = divergence(bars.high, bars.low, delta, rules.delta_divergence_bars, rules.divergence_gap_bars)
    along = blocks.side * delta[:, -1]
    return {
        "vd_delta": numbers(delta[:, -1], 0.0),
        "vd_divergence": labelled(
            [(apart > 0, Divergence.BULL_DIV), (apart < 0, Divergence.BEAR_DIV)], Divergence.NONE
        ),
        "vd_filter": labelled(
            [(along >= rules.delta_filter, VdFilter.CONFIRMED), (along <= -rules.delta_filter, VdFilter.CONFLICT)],
            VdFilter.NEUTRAL,
        ),
    }
