"""From a sided view to a judged candidate: opinions, consensus, threshold. Awaits nothing, knows no money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.decision.consensus import Consensus, agree, pool
from core.decision.technical import strategy_label, technical_opinion
from core.decision.thresholds import Threshold, refuse, refuse_counter_regime, threshold
from core.market.symbols import AssetClass, Side
from core.settings import CrowdingRules, Settings
from core.sifting import Refusal
from core.signals.crowding import CrowdingReading, penalty, size_multiplier
from core.signals.regime import Regime, confidence_shift, threshold_shift
from core.signals.view import MarketView


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its confidence and what it must reach. ``refusal`` is ``None`` for a finalist."""

    view: MarketView
    side: Side
    strategy: str
    consensus: Consensus
    threshold: Threshold
    reasons: tuple[str, ...]
    refusal: Refusal | None
    size: float = 1.0
    """What the crowd leaves of the usual size."""


def judge(
    view: MarketView,
    side: Side,
    regime: Regime,
    settings: Settings,
    crowding: CrowdingReading | None = None,
    more: Sequence[tuple[str, float]] = (),
) -> Judged:
    """One candidate, judged; without a reading of its crowd nothing is taken off for it.

    ``more`` are additions to its threshold, by name.
    """
    crypto = view.asset_class is AssetClass.CRYPTO
    opinion = technical_opinion(view, side, settings.score, settings.confidence)
    before = pool([opinion], settings.confidence)
    consensus = agree(
        before if before is not None else 0.5,
        confidence_shift(regime, side, crypto, settings.regime),
        penalty(crowding, side, settings.crowding),
        settings.confidence,
    )
    limit = threshold(view.asset_class, threshold_shift(regime, crypto, settings.regime), settings.confidence, more)
    refusal = refuse_counter_regime(view.symbol, side, regime, crypto=crypto) or refuse(
        view.symbol, consensus.after, limit, settings.confidence
    )
    return Judged(
        view=view,
        side=side,
        strategy=strategy_label(view.dimensions, side),
        consensus=consensus,
        threshold=limit,
        reasons=opinion.reasons + crowd_reasons(crowding, side, settings.crowding),
        refusal=refusal,
        size=size_multiplier(crowding, side, settings.crowding),
    )


def crowd_reasons(crowding: CrowdingReading | None, side: Side, rules: CrowdingRules) -> tuple[str, ...]:
    """What the crowd took off, in words."""
    taken = penalty(crowding, side, rules)
    if crowding is None or not taken:
        return ()
    return (f"crowded {side.value}s {crowding.score:+.2f}: confidence −{taken * 100:g} pp",)
