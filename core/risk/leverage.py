"""Leverage from confidence, volatility, win rate and the market's own cap (SPEC R3)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.settings import Leverage

HAIR = 1e-9
"""What sums of floats may miss of a whole number; a confidence's own step of 1e-6 moves leverage by far more."""


@dataclass(frozen=True, slots=True)
class LeverageReading:
    """The leverage and the figures it came from, for /why."""

    leverage: int
    tier: str
    raw: float
    volatility_factor: float
    win_factor: float
    liquidation_cap: float


def tier_leverage(confidence: float, market_max: int, rules: Leverage) -> tuple[str, float]:
    """Tier and raw leverage, linear inside the tier, every top capped by the market.

    >>> tier_leverage(0.70, 40, Leverage())
    ('MODERATE', 6.5)
    >>> tier_leverage(0.95, 10, Leverage())
    ('AGGRESSIVE', 7.5)
    """
    cap = min(rules.market_share * market_max, rules.top_maximum)
    steps = [
        ("CONSERVATIVE", rules.confidence_1, rules.confidence_2, rules.top_conservative),
        ("MODERATE", rules.confidence_2, rules.confidence_3, rules.top_moderate),
        ("AGGRESSIVE", rules.confidence_3, rules.confidence_4, rules.top_aggressive),
    ]
    if market_max >= rules.maximum_market:
        steps.append(("MAXIMUM", rules.confidence_4, 1.0, rules.top_maximum))
    if confidence < rules.confidence_1:
        return "CONSERVATIVE", 1.0
    bottom = 1.0
    for name, low, high, top in steps:
        capped = max(1.0, min(top, cap))
        if confidence < high or name == steps[-1][0]:
            share = min(1.0, (confidence - low) / (high - low))
            return name, bottom + (capped - bottom) * share
        bottom = capped
    raise AssertionError("the last tier always answers")


def volatility_factor(range_24h: float, rules: Leverage) -> float:
    """1.0 under 5 % of 24 h range, 0.65 to 10 %, 0.5 above.

    >>> [volatility_factor(r, Leverage()) for r in (0.049, 0.05, 0.10, 0.11)]
    [1.0, 0.65, 0.65, 0.5]
    """
    if range_24h < rules.range_low:
        return 1.0
    return rules.factor_medium if range_24h <= rules.range_high else rules.factor_extreme


def liquidation_cap(stop_share: float, market_max: int, rules: Leverage) -> float:
    """Most leverage at which an isolated position is liquidated no nearer than ``liquidation_stops`` × the stop.

    With maintenance rate l = 1/(2·max), a short's liquidation lies (1/L − l)/(1 + l) away (``hyperliquid.md`` §4; the
    long's a little further), so 1/L ≥ k·stop·(1 + l) + l.
    """
    maintenance = 1 / (2 * market_max)
    return 1 / (rules.liquidation_stops * stop_share * (1 + maintenance) + maintenance)


def choose_leverage(
    *, confidence: float, market_max: int, range_24h: float, win_rate: float, stop_share: float, rules: Leverage
) -> LeverageReading | None:
    """The leverage of an entry, whole and at least 1; ``None`` when even 1× would be liquidated too near the stop."""
    tier, raw = tier_leverage(confidence, market_max, rules)
    volatility = volatility_factor(range_24h, rules)
    win = rules.win_factor if win_rate < rules.win_rate else 1.0
    cap = liquidation_cap(stop_share, market_max, rules)
    if cap < 1:
        return None
    leverage = max(1, min(math.floor(raw * volatility * win + HAIR), math.floor(cap), market_max))
    return LeverageReading(leverage, tier, raw, volatility, win, cap)
