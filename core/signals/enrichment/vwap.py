"""Pass ① VWAP: what the last day paid on average, and on which side of it the price stands (SPEC §3).

Refuses an opinion without volume.
"""

from __future__ import annotations

from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers
from core.signals.enrichment.dimensions import VwapFilter
from core.signals.indicators.volume import vwap


def read_vwap(blocks: Blocks, rules: Enrichment) -> Columns:
    """``vwap`` in units of price, ``vwap_distance_pct`` in per cent, ``vwap_filter``; 1h bars."""
    bars, side = blocks.h1, blocks.side
    price = vwap(bars.high, bars.low, bars.close, bars.volume, rules.vwap_bars)
    close = bars.close[:, -1]
    above, below = close > price, close < price
    return {
        "vwap": numbers(price),
        "vwap_distance_pct": numbers((close - price) / price * 100, 0.0),
        "vwap_filter": labelled(
            [
                (above & (side < 0) | below & (side > 0), VwapFilter.CONFLICT),
                (above, VwapFilter.BUY_OK),
                (below, VwapFilter.SELL_OK),
            ],
            VwapFilter.NEUTRAL,
        ),
    }
