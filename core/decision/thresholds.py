"""Who is a finalist, who is borderline, who is refused (SPEC A4, F1).

Confidences are compared as whole multiples of ``step``, so that 0.65 reached by different sums is one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.market.symbols import AssetClass, Side
from core.settings import Confidence
from core.sifting import Refusal
from core.signals.regime import Regime

STAGE = "thresholds"


@dataclass(frozen=True, slots=True)
class Threshold:
    """T and the parts it is made of."""

    value: float
    parts: tuple[tuple[str, float], ...]


def threshold(
    asset_class: AssetClass, regime_shift: float, rules: Confidence, more: Sequence[tuple[str, float]] = ()
) -> Threshold:
    """T = min(most, base + class + regime + more), ``more`` being what the governor and probation add, by name.

    >>> round(threshold(AssetClass.EQUITY, 0.0, Confidence()).value, 6)
    0.7
    """
    shifts = {
        AssetClass.EQUITY: rules.equity,
        AssetClass.INDEX: rules.equity,
        AssetClass.COMMODITY: rules.commodity,
        AssetClass.FOREX: rules.commodity,
    }
    parts = (("base", rules.threshold), ("class", shifts.get(asset_class, 0.0)), ("regime", regime_shift), *more)
    return Threshold(min(rules.threshold_most, sum(p for _, p in parts)), parts)


def units(confidence: float, rules: Confidence) -> int:
    """Confidence in whole steps."""
    return round(confidence / rules.step)


def refuse(symbol: str, confidence: float, limit: Threshold, rules: Confidence) -> Refusal | None:
    """``None`` for a finalist; a refusal with rule ``borderline`` or ``confidence`` otherwise."""
    c, t = units(confidence, rules), units(limit.value, rules)
    if c >= t:
        return None
    rule = "borderline" if c >= t - units(rules.borderline, rules) else "confidence"
    return Refusal(symbol, STAGE, rule, confidence, limit.value)


def refuse_counter_regime(symbol: str, side: Side, regime: Regime, *, crypto: bool) -> Refusal | None:
    """F1: STRONG_BEAR blocks longs, in crypto only."""
    if regime is Regime.STRONG_BEAR and side is Side.LONG and crypto:
        return Refusal(symbol, STAGE, "strong_bear_long", detail=regime.value)
    return None
