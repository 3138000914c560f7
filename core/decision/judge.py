"""From a sided view to a judged candidate: opinions, consensus, threshold. Awaits nothing, knows no money."""

from __future__ import annotations

from dataclasses import dataclass

from core.decision.consensus import Consensus, agree, pool
from core.decision.technical import strategy_label, technical_opinion
from core.decision.thresholds import Threshold, refuse, refuse_counter_regime, threshold
from core.market.symbols import AssetClass, Side
from core.settings import Settings
from core.sifting import Refusal
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


def judge(view: MarketView, side: Side, regime: Regime, settings: Settings) -> Judged:
    """One candidate, judged."""
    crypto = view.asset_class is AssetClass.CRYPTO
    opinion = technical_opinion(view, side, settings.score, settings.confidence)
    before = pool([opinion], settings.confidence)
    consensus = agree(
        before if before is not None else 0.5,
        confidence_shift(regime, side, crypto, settings.regime),
        settings.confidence,
    )
    limit = threshold(view.asset_class, threshold_shift(regime, crypto, settings.regime), settings.confidence)
    refusal = refuse_counter_regime(view.symbol, side, regime, crypto=crypto) or refuse(
        view.symbol, consensus.after, limit, settings.confidence
    )
    return Judged(view, side, strategy_label(view.dimensions, side), consensus, limit, opinion.reasons, refusal)
