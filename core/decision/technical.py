"""The technical agent: points for and against the side, summed and squashed (SPEC T1 Σ, A1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.decision.consensus import Opinion, sigmoid
from core.market.symbols import Side
from core.settings import Confidence, Score
from core.signals.enrichment.dimensions import (
    Dimensions,
    Divergence,
    MiSignal,
    MsBias,
    PpStSignal,
    PremarketSignal,
    Squeeze,
    VdFilter,
    VolConfirm,
    VwapFilter,
)
from core.signals.view import MarketView

BREAKOUT = {PpStSignal.BREAKOUT_LONG: 1, PpStSignal.BREAKOUT_SHORT: -1}
BOUNCE = {PpStSignal.BOUNCE_LONG: 1, PpStSignal.BOUNCE_SHORT: -1}
TREND = {PpStSignal.STRONG_LONG: 1, PpStSignal.STRONG_SHORT: -1}
FIRING = {Squeeze.FIRING_LONG: 1, Squeeze.FIRING_SHORT: -1}
DIVERGENCE = {Divergence.BULL_DIV: 1, Divergence.BEAR_DIV: -1}
STRONG_MOMENTUM = {MiSignal.STRONG_LONG: 1, MiSignal.STRONG_SHORT: -1}
STRONG_VOLUME = {VolConfirm.STRONG_BULL: 1, VolConfirm.STRONG_BEAR: -1}
VOLUME = {VolConfirm.BULL: 1, VolConfirm.BEAR: -1}
PREMARKET = {PremarketSignal.CONFIRMED: 1, PremarketSignal.CON: -1}
BIAS = {MsBias.BULLISH: 1, MsBias.BEARISH: -1}


@dataclass(frozen=True, slots=True)
class Point:
    """One contribution to Σ, positive for the side."""

    what: str
    points: float

    def __str__(self) -> str:
        return f"{self.what} {self.points:+g}"


def points(view: MarketView, side: Side, rules: Score) -> list[Point]:
    """Every contribution that is not zero, strongest first."""
    found = [*timeframe_points(view, side, rules), *dimension_points(view.dimensions, side.sign, rules)]
    return sorted((p for p in found if p.points), key=lambda p: (-abs(p.points), p.what))


def timeframe_points(view: MarketView, side: Side, rules: Score) -> Iterator[Point]:
    """The three states, each for or against."""
    for name, state in (("15m", view.states.m15), ("1h", view.states.h1), ("4h", view.states.h4)):
        yield Point(f"{name} trend", side.sign * state * rules.state)


def dimension_points(seen: Dimensions, sign: int, rules: Score) -> Iterator[Point]:
    """What the passes add, in their order."""
    if seen.vwap_filter is VwapFilter.CONFLICT:
        yield Point("VWAP conflict", -rules.vwap_conflict)
    elif seen.vwap_filter is not VwapFilter.NEUTRAL:
        yield Point("VWAP", rules.vwap)
    yield Point("pre-market break", PREMARKET.get(seen.premarket_signal, 0) * rules.premarket)
    yield volume_delta_point(seen, rules)
    for measure, found in divergences(seen):
        yield Point(f"{measure} divergence", sign * DIVERGENCE.get(found, 0) * rules.divergence)
    yield momentum_point(seen, sign, rules)
    yield structure_point(seen, sign, rules)
    yield Point("sweep", sign * seen.sweep_direction * rules.sweep)
    yield volume_point(seen, sign, rules)
    yield Point("breakout", sign * BREAKOUT.get(seen.pp_st_signal, 0) * rules.breakout)
    yield Point("bounce", sign * BOUNCE.get(seen.pp_st_signal, 0) * rules.bounce)
    yield Point("pivot trend", sign * TREND.get(seen.pp_st_signal, 0) * rules.pivot_strong)
    yield Point("squeeze firing", sign * FIRING.get(seen.squeeze, 0) * rules.firing)


def divergences(seen: Dimensions) -> Iterator[tuple[str, Divergence]]:
    """The three measures that may diverge from the price."""
    yield "volume delta", seen.vd_divergence
    yield "MACD", seen.macd_divergence
    yield "OBV", seen.obv_divergence


def volume_delta_point(seen: Dimensions, rules: Score) -> Point:
    """vd_filter as points."""
    if seen.vd_filter is VdFilter.CONFLICT:
        return Point("volume delta conflict", -rules.volume_delta_conflict)
    return Point("volume delta", rules.volume_delta if seen.vd_filter is VdFilter.CONFIRMED else 0.0)


def volume_point(seen: Dimensions, sign: int, rules: Score) -> Point:
    """vol_confirm as points; a contradiction speaks against either side."""
    if seen.vol_confirm is VolConfirm.CONFLICT:
        return Point("volume conflict", -rules.volume_conflict)
    if seen.vol_confirm in STRONG_VOLUME:
        return Point("strong volume", sign * STRONG_VOLUME[seen.vol_confirm] * rules.volume_strong)
    return Point("volume", sign * VOLUME.get(seen.vol_confirm, 0) * rules.volume)


def momentum_point(seen: Dimensions, sign: int, rules: Score) -> Point:
    """mi_signal as points."""
    if seen.mi_signal in STRONG_MOMENTUM:
        return Point("strong momentum", sign * STRONG_MOMENTUM[seen.mi_signal] * rules.momentum_strong)
    if seen.mi_signal is MiSignal.CONFIRMED:
        return Point("momentum", rules.momentum)
    return Point("momentum conflict", -rules.momentum_conflict if seen.mi_signal is MiSignal.CONFLICT else 0.0)


def structure_point(seen: Dimensions, sign: int, rules: Score) -> Point:
    """ms_bias as points; a broken structure speaks against its sequence."""
    if seen.ms_bias is MsBias.BROKEN:
        along = seen.break_direction == sign
        return Point("structure broken", rules.broken_for if along else -rules.broken_against)
    return Point("structure", sign * BIAS.get(seen.ms_bias, 0) * rules.structure)


def technical_opinion(view: MarketView, side: Side, score: Score, confidence: Confidence) -> Opinion:
    """p = σ(Σ / divisor), with the contributions as reasons."""
    found = points(view, side, score)
    total = sum(p.points for p in found)
    return Opinion(
        agent="technical",
        p=sigmoid(total / score.divisor),
        weight=confidence.weight_technical,
        reasons=tuple(str(p) for p in found),
    )


def strategy_label(seen: Dimensions, side: Side) -> str:
    """The first that holds: sweep, squeeze, breakout, bounce, reversal, trend (SPEC T1)."""
    sign = side.sign
    if seen.sweep_direction == sign:
        return "sweep"
    if FIRING.get(seen.squeeze) == sign:
        return "squeeze"
    if BREAKOUT.get(seen.pp_st_signal) == sign:
        return "breakout"
    if BOUNCE.get(seen.pp_st_signal) == sign:
        return "bounce"
    if seen.break_direction == sign or any(DIVERGENCE.get(found) == sign for _, found in divergences(seen)):
        return "reversal"
    return "trend"
