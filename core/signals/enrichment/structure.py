"""Pass ⑤ Structure: the sequence of swing highs and lows on 4h, and whether it was broken (SPEC §3).

Refuses a swing before it is confirmed by the bars after it.
"""

from __future__ import annotations

from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers, whole
from core.signals.enrichment.dimensions import MsBias, MsSequence
from core.signals.indicators.levels import last_swings


def read_structure(blocks: Blocks, rules: Enrichment) -> Columns:
    """``ms_sequence``, ``swing_high``, ``swing_low``, ``structure_break``, ``ms_bias`` of the last 4h bars."""
    bars = blocks.h4
    high, earlier_high = last_swings(bars.high[:, -rules.structure_bars :], rules.pivot_bars, +1)
    low, earlier_low = last_swings(bars.low[:, -rules.structure_bars :], rules.pivot_bars, -1)
    known = (earlier_high == earlier_high) & (earlier_low == earlier_low)
    rising, falling = (high > earlier_high) & (low > earlier_low), (high < earlier_high) & (low < earlier_low)
    close = bars.close[:, -1]
    broken = rising & (close < low) | falling & (close > high)
    return {
        "ms_sequence": labelled(
            [(rising, MsSequence.HH_HL), (falling, MsSequence.LH_LL), (known, MsSequence.MIXED)], MsSequence.NONE
        ),
        "swing_high": numbers(high),
        "swing_low": numbers(low),
        "structure_break": whole(broken),
        "ms_bias": labelled(
            [(broken, MsBias.BROKEN), (rising, MsBias.BULLISH), (falling, MsBias.BEARISH)], MsBias.RANGING
        ),
    }
