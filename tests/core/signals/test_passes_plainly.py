"""Every pass against a plain reading of the specification, one bar at a time, over random walks of many shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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
    Squeeze,
    StFlip,
    StochRsiState,
    VwapFilter,
)
from core.signals.enrichment.passes import enrich
from tests.core.signals import plain_passes
from tests.core.signals.walks import MONDAY, block, hourly_blocks, walk

RULES = Enrichment()
ROWS = 320
NEVER = {"vwap_filter NEUTRAL", "macd_bias NEUTRAL", "pivot_zone AT_P"}
"""Labels of exact ties, which a walk does not make."""
LABELS: Mapping[str, type[StrEnum]] = {
    "vwap_filter": VwapFilter,
    "macd_bias": MacdBias,
    "macd_cross": MacdCross,
    "macd_divergence": Divergence,
    "stoch_rsi_state": StochRsiState,
    "squeeze": Squeeze,
    "mi_signal": MiSignal,
    "ms_sequence": MsSequence,
    "ms_bias": MsBias,
    "st_flip": StFlip,
    "pivot_zone": PivotZone,
    "pp_st_signal": PpStSignal,
}


def plainly(h1: CandleSeries, h4: CandleSeries, side: int, now_ms: int, rules: Enrichment) -> dict[str, Any]:
    """All dimensions of one symbol."""
    return {
        **plain_passes.vwap_pass(h1, side, rules),
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


def pairs() -> list[tuple[CandleSeries, CandleSeries, int]]:
    """1h and 4h walks of different lengths and speeds, with a side each."""
    return [
        (
            walk(
                seed,
                160 + seed % 200,
                start_ms=MONDAY + seed % 24 * Timeframe.H1.ms,
                spread=0.001 * (1 + seed % 9),
                quiet_bars=(seed % 3 == 0) * 18,
            ),
            walk(seed + 500, 60 + seed % 150, Timeframe.H4, spread=0.002 * (1 + seed % 7)),
            seed % 3 - 1,
        )
        for seed in range(ROWS)
    ]


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
    for h1, h4, side in pairs():
        found, missed = enrich(hourly_blocks(block(h1), [side], block(h4)), rules)
        assert missed == []
        expected = plainly(h1, h4, side, int(h1.time[-1]) + h1.timeframe.ms, rules)
        assert_same(found[0], expected)
        seen.update(f"{name} {value}" for name, value in expected.items() if isinstance(value, str | bool))
    if rules is RULES:
        every = {f"{name} {label}" for name, labels in LABELS.items() for label in labels}
        assert every - set(seen) == NEVER, "labels that the walks never showed"


def test_a_block_reads_each_row_as_if_it_were_alone() -> None:
    rows = pairs()
    together, _ = enrich(
        hourly_blocks(
            block(*(h1 for h1, _, _ in rows)), [side for *_, side in rows], block(*(h4 for _, h4, _ in rows))
        ),
        RULES,
    )
    now_ms = max(int(h1.time[-1]) for h1, _, _ in rows) + Timeframe.H1.ms
    for (h1, h4, side), found in zip(rows, together, strict=True):
        alone, _ = enrich(hourly_blocks(block(h1), [side], block(h4), now_ms), RULES)
        assert alone[0] == found
