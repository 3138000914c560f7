"""Pass ⑧ Supertrend and pivots: the trend's direction, its turns, and the levels of the day before (SPEC §3).

Refuses a breakout without a fresh turn and a bounce without a touch.
"""

from __future__ import annotations

import numpy as np

from core.market.candles import Bools, CandleBlock, Floats, Ints
from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers, whole
from core.signals.enrichment.dimensions import Pivots, PivotZone, PpStSignal, StFlip
from core.signals.indicators.levels import Levels, floor_pivots
from core.signals.indicators.trend import supertrend
from core.signals.indicators.turns import fresh_turn


def read_supertrend(blocks: Blocks, rules: Enrichment) -> Columns:
    """``st_direction``, ``st_flip``, ``pivots``, ``pivot_zone``, ``pp_st_signal`` on 1h bars."""
    bars = blocks.h1
    trend = supertrend(bars.high, bars.low, bars.close, rules.supertrend_bars, rules.supertrend_atrs, bars.start)
    flip = fresh_turn(trend, rules.fresh_bars)
    levels = floor_pivots(bars.time, bars.valid, bars.high, bars.low, bars.close, blocks.now_ms)
    return {
        "st_direction": whole(trend[:, -1]),
        "st_flip": labelled([(flip > 0, StFlip.BULL_FLIP), (flip < 0, StFlip.BEAR_FLIP)], StFlip.NONE),
        "pivots": _named(levels),
        "pivot_zone": _zone(bars.close[:, -1], levels),
        "pp_st_signal": _signal(bars, trend[:, -1], flip, levels, rules),
    }


def _named(levels: Levels) -> list[Pivots | None]:
    """One :class:`Pivots` per symbol, None where no day is held."""
    columns = (numbers(column) for column in (levels.p, levels.r1, levels.r2, levels.s1, levels.s2))
    return [None if row[0] is None else Pivots(*row) for row in zip(*columns, strict=True)]


def _zone(close: Floats, levels: Levels) -> list[PivotZone]:
    """Equality belongs to the zone nearer P."""
    return labelled(
        [
            (close > levels.r2, PivotZone.ABOVE_R2),
            (close > levels.r1, PivotZone.R1_R2),
            (close > levels.p, PivotZone.P_R1),
            (close < levels.s2, PivotZone.BELOW_S2),
            (close < levels.s1, PivotZone.S2_S1),
            (close < levels.p, PivotZone.S1_P),
        ],
        PivotZone.AT_P,
    )


def _signal(bars: CandleBlock, trend: Ints, flip: Ints, levels: Levels, rules: Enrichment) -> list[PpStSignal]:
    """In order: breakout, bounce, strong; short is the mirror image of long."""
    close, opened = bars.close, bars.open
    up = _cases(close, opened, bars.low, (levels.p, levels.r1), levels.s1, rules)
    down = _cases(-close, -opened, -bars.high, (-levels.p, -levels.s1), -levels.r1, rules)
    return labelled(
        [
            ((flip > 0) & up[0], PpStSignal.BREAKOUT_LONG),
            ((flip < 0) & down[0], PpStSignal.BREAKOUT_SHORT),
            ((trend > 0) & up[1], PpStSignal.BOUNCE_LONG),
            ((trend < 0) & down[1], PpStSignal.BOUNCE_SHORT),
            ((trend > 0) & up[2], PpStSignal.STRONG_LONG),
            ((trend < 0) & down[2], PpStSignal.STRONG_SHORT),
        ],
        PpStSignal.NONE,
    )


def _cases(
    close: Floats, opened: Floats, low: Floats, resistances: tuple[Floats, Floats], support: Floats, rules: Enrichment
) -> tuple[Bools, Bools, Bools]:
    """Breakout through P or R1, bounce off S1, strength above P; trend aside, seen from the long side."""
    last = close[:, -1]
    before = close[:, -1 - rules.breakout_bars : -1].min(axis=1, initial=np.inf)
    pivot, resistance = resistances
    breakout = (before <= pivot) & (last > pivot) | (before <= resistance) & (last > resistance)
    touched = low[:, -rules.bounce_bars :].min(axis=1) <= support
    return breakout, touched & (last > support) & (last > opened[:, -1]), last > pivot
