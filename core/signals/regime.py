"""The state of the whole market: six regimes from breadth and correlation, and what each one costs (SPEC X4).

Refuses to bind what is not crypto with anything but size, and to judge where correlation cannot be measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.market.symbols import Side
from core.settings import RegimeRules
from core.signals.returns import Returns
from core.signals.view import MarketView


class Regime(StrEnum):
    """The six states [S]."""

    STRONG_BULL = "STRONG_BULL"
    BULL = "BULL"
    NEUTRAL = "NEUTRAL"
    CHOPPY = "CHOPPY"
    BEAR = "BEAR"
    STRONG_BEAR = "STRONG_BEAR"

    @property
    def strong_side(self) -> Side | None:
        """The side of a STRONG regime.

        >>> Regime.STRONG_BEAR.strong_side, Regime.BEAR.strong_side
        (<Side.SHORT: 'short'>, None)
        """
        return {Regime.STRONG_BULL: Side.LONG, Regime.STRONG_BEAR: Side.SHORT}.get(self)


@dataclass(frozen=True, slots=True)
class RegimeReading:
    """The regime and what it was read from.

    ``correlation`` is the mean over ``pairs`` pairs of the same asset class, None where no pair could be measured.
    """

    regime: Regime
    bullish: int
    bearish: int
    neutral: int
    correlation: float | None
    pairs: int

    @property
    def total(self) -> int:
        """Assets that were counted."""
        return self.bullish + self.bearish + self.neutral

    def share(self, count: int) -> float:
        """A count as a share of all assets, 0 without any.

        >>> RegimeReading(Regime.CHOPPY, 2, 1, 5, 0.17, 28).share(5)
        0.625
        """
        return count / self.total if self.total else 0.0


def read_regime(views: Sequence[MarketView], returns: Returns, rules: RegimeRules) -> RegimeReading:
    """The regime over all viewed markets; the order of the views does not matter."""
    ordered = sorted(views, key=lambda view: view.symbol)
    trends = [view.states.trend for view in ordered]
    bullish, bearish = trends.count(1), trends.count(-1)
    correlation, pairs = _class_correlation(ordered, returns, rules.correlation_least)
    regime = classify(bullish, bearish, len(trends) - bullish - bearish, correlation, rules)
    return RegimeReading(regime, bullish, bearish, len(trends) - bullish - bearish, correlation, pairs)


def classify(bullish: int, bearish: int, neutral: int, correlation: float | None, rules: RegimeRules) -> Regime:
    """The rules of X4 in their order; without a correlation NEUTRAL.

    >>> classify(20, 27, 53, 0.17, RegimeRules()), classify(55, 20, 25, 0.40, RegimeRules())
    (<Regime.CHOPPY: 'CHOPPY'>, <Regime.STRONG_BULL: 'STRONG_BULL'>)
    """
    total = bullish + bearish + neutral
    if correlation is None or total == 0:
        return Regime.NEUTRAL
    if neutral / total >= rules.choppy_neutral or correlation < rules.choppy_correlation:
        return Regime.CHOPPY
    ahead, lead = max(bullish, bearish) / total, abs(bullish - bearish) / total
    upward = bullish > bearish
    if ahead >= rules.strong_share and correlation >= rules.strong_correlation:
        return Regime.STRONG_BULL if upward else Regime.STRONG_BEAR
    if ahead >= rules.trend_share and lead >= rules.trend_lead:
        return Regime.BULL if upward else Regime.BEAR
    return Regime.NEUTRAL


def size_multiplier(regime: Regime, rules: RegimeRules) -> float:
    """Share of the usual size; binds every asset class.

    >>> size_multiplier(Regime.CHOPPY, RegimeRules())
    0.5
    """
    if regime.strong_side:
        return rules.size_strong
    return {
        Regime.BULL: rules.size_trend,
        Regime.BEAR: rules.size_trend,
        Regime.CHOPPY: rules.size_choppy,
    }.get(regime, rules.size_neutral)


def confidence_shift(regime: Regime, side: Side, is_crypto: bool, rules: RegimeRules) -> float:
    """What a STRONG regime adds to (takes from) the confidence along (against) it; crypto only.

    >>> confidence_shift(Regime.STRONG_BEAR, Side.LONG, True, RegimeRules())
    -0.2
    """
    if not is_crypto or regime.strong_side is None:
        return 0.0
    return rules.aligned if side is regime.strong_side else -rules.counter


def threshold_shift(regime: Regime, is_crypto: bool, rules: RegimeRules) -> float:
    """What CHOPPY adds to the threshold; crypto only.

    >>> threshold_shift(Regime.CHOPPY, True, RegimeRules()), threshold_shift(Regime.CHOPPY, False, RegimeRules())
    (0.1, 0.0)
    """
    return rules.choppy_threshold if is_crypto and regime is Regime.CHOPPY else 0.0


def _class_correlation(views: Sequence[MarketView], returns: Returns, least: int) -> tuple[float | None, int]:
    """Mean over the pairs of the same asset class, and their number."""
    matrix = returns.of(tuple(view.symbol for view in views)).correlations(least)
    kind = np.array([view.asset_class.value for view in views], dtype=str)
    pairs = np.triu(kind[:, None] == kind[None, :], k=1) & np.isfinite(matrix)
    count = int(pairs.sum())
    return (float(matrix[pairs].mean()), count) if count else (None, 0)
