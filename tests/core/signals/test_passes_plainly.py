"""Every pass against a plain reading of the specification, one bar at a time, over random walks of many shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

import pytest

from core.market.candles import CandleSeries, Timeframe
from core.settings import Enrichment
from core.signals.enrichment.dimensions import (
    Dimensions,
    Divergence,
    MacdBias,
    MacdCross,
    MiSignal,
    MsBias,
    MsSequence,
    Pivots,
    PivotZone,
    PpStSignal,
    PremarketSignal,
    Squeeze,
    StFlip,
    StochRsiState,
    Sweep,
    VdFilter,
    VolConfirm,
    VwapFilter,
)
from tests.core.signals import plain_passes
from tests.core.signals.walks import MONDAY, block, enrich, hourly_blocks, walk

RULES = Enrichment()
ROWS = 320
NEVER = {"vwap_filter NEUTRAL", "macd_bias NEUTRAL", "pivot_zone AT_P"}
"""Labels of exact ties, which a walk does not make."""
LABELS: Mapping[str, type[StrEnum]] = {
    "vwap_filter": VwapFilter,
    "premarket_signal": PremarketSignal,
    "vd_divergence": Divergence,
    "vd_filter": VdFilter,
    "macd_bias": MacdBias,
    "macd_cross": MacdCross,
    "macd_divergence": Divergence,
    "stoch_rsi_state": StochRsiState,
    "squeeze": Squeeze,
    "mi_signal": MiSignal,
    "ms_sequence": MsSequence,
    "ms_bias": MsBias,
    "sweep": Sweep,
    "obv_divergence": Divergence,
    "vol_confirm": VolConfirm,
    "st_flip": StFlip,
    "pivot_zone": PivotZone,
    "pp_st_signal": PpStSignal,
}


def plainly(
    m15: CandleSeries, h1: CandleSeries, h4: CandleSeries, side: int, now_ms: int, rules: Enrichment
) -> dict[str, Any]:
    """All dimensions of one symbol."""
    return {
        **plain_passes.vwap_pass(h1, side, rules),
        **plain_passes.premarket_pass(m15, side),
        **plain_passes.volume_delta_pass(h1, side, rules),
        **plain_passes.sweep_pass(h1, rules),
        **plain_passes.obv_cvd_pass(h1, rules),
        **plain_passes.momentum_pass(h1, side, rules),
        **plain_passes.structure_pass(h4, rules),
        **plain_passes.supertrend_pass(h1, now_ms, rules),
    }


def assert_same(found: Dimensions, expected: Mapping[str, Any]) -> None:
    """Labels equal, numbers within 1e-9."""
    for name, value in expected.items():
        got = getattr(found, name)
        if isinstance(got, Pivots):
            assert (got.p, got.r1, got.r2, got.s1, got.s2) == pytest.approx(value, rel=1e-12), name
        elif isinstance(value, float):
            assert got == pytest.approx(value, rel=1e-9, abs=1e-9), name
        else:
            assert got == value, name


def markets() -> list[tuple[CandleSeries, CandleSeries, CandleSeries, int]]:
    """15m, 1h and 4h walks of different lengths and speeds, with a side each; the 15m bars end up to 45 minutes later.

    They end at all hours of two weeks with a holiday in New York.
    """
    return [market(seed) for seed in range(ROWS)]


def market(seed: int) -> tuple[CandleSeries, CandleSeries, CandleSeries, int]:
    """One of them."""
    h1 = walk(
        seed,
        160 + seed % 200,
        start_ms=MONDAY + seed % 24 * Timeframe.H1.ms,
        spread=0.001 * (1 + seed % 9),
        quiet_bars=(seed % 3 == 0) * 18,
    )
    now_ms = ended(h1) + seed % 4 * Timeframe.M15.ms
    m15 = walk(seed + 900, 150, Timeframe.M15, now_ms - 150 * Timeframe.M15.ms, spread=0.004)
    return m15, h1, walk(seed + 500, 60 + seed % 150, Timeframe.H4, spread=0.002 * (1 + seed % 7)), seed % 3 - 1


def ended(series: CandleSeries) -> int:
    """When its last bar closed."""
    return int(series.time[-1]) + series.timeframe.ms


@pytest.mark.parametrize(
    "rules",
    [
        RULES,
        Enrichment(
            fresh_bars=5,
            vwap_bars=10,
            macd_fast=5,
            macd_slow=13,
            macd_signal=4,
            macd_divergence_bars=20,
            divergence_gap_bars=3,
            rsi_bars=7,
            stoch_bars=9,
            stoch_smooth=5,
            overbought=70,
            oversold=30,
            squeeze_bars=10,
            bollinger_sigmas=1.8,
            keltner_atrs=1.7,
            squeeze_inside_bars=2,
            strong_momentum=2,
            structure_bars=40,
            delta_bars=10,
            delta_divergence_bars=15,
            delta_filter=0.2,
            sweep_bars=30,
            obv_slope_bars=6,
            obv_slope_least=0.2,
            obv_divergence_bars=3,
            cvd_bars=12,
            cvd_least=0.1,
            cvd_strong=0.2,
            pivot_bars=2,
            supertrend_bars=5,
            supertrend_atrs=2.0,
            breakout_bars=5,
            bounce_bars=6,
        ),
    ],
    ids=["defaults", "every rule changed"],
)
def test_all_dimensions_are_what_the_specification_says(rules: Enrichment) -> None:
    seen: Counter[str] = Counter()
    for m15, h1, h4, side in markets():
        now_ms = ended(m15)
        found, missed = enrich(hourly_blocks(block(h1), [side], block(h4), now_ms, block(m15)), rules)
        assert missed == []
        expected = plainly(m15, h1, h4, side, now_ms, rules)
        assert sorted(expected) == sorted(one.name for one in fields(Dimensions))
        assert_same(found[0], expected)
        seen.update(f"{name} {value}" for name, value in expected.items() if isinstance(value, str | bool))
    if rules is RULES:
        every = {f"{name} {label}" for name, labels in LABELS.items() for label in labels}
        assert every - set(seen) == NEVER, "labels that the walks never showed"


def test_a_block_reads_each_row_as_if_it_were_alone() -> None:
    rows = [(*market(seed), block(market(seed)[0])) for seed in range(0, ROWS, 4)]
    now_ms = max(ended(m15) for m15, *_ in rows)
    together, _ = enrich(
        hourly_blocks(
            block(*(h1 for _, h1, *_ in rows)),
            [side for _, _, _, side, _ in rows],
            block(*(h4 for _, _, h4, *_ in rows)),
            now_ms,
            block(*(m15 for m15, *_ in rows)),
        ),
        RULES,
    )
    for (_, h1, h4, side, quarters), found in zip(rows, together, strict=True):
        alone, _ = enrich(hourly_blocks(block(h1), [side], block(h4), now_ms, quarters), RULES)
        assert alone[0] == found
