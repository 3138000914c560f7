"""Liquidation cascades: a sharp move that feeds on itself, overshoots, and partly comes back.

They strike the side that is crowded. Shapes are log returns per five-minute bar and end within their day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.sessions import BARS_A_DAY
from core.market.candles import Floats
from core.settings import Synthetic

SHAPE = np.array([-0.45, -0.55, 0.22, 0.15, 0.10, 0.06, 0.03])
"""Two bars of falling, five of rebound: a bit more than half comes back. In units of the cascade's size."""


@dataclass(frozen=True, slots=True)
class Cascades:
    """What the cascades of one day add. ``returns`` and ``heat`` are ``[bars, markets]``; heat is 0 … 1 and more."""

    returns: Floats
    heat: Floats


def cascades_of(
    chance: np.random.Generator, volatility: Floats, crowding: Floats, exposed: Floats, rules: Synthetic
) -> Cascades:
    """The cascades of a day, from crowding (−1 … 1) and day volatility of each market.

    ``exposed`` is 1 for markets that can be swept along (crypto), 0 for others. Some cascades take all of them, some
    a single one.
    """
    markets = volatility.size
    returns, heat = np.zeros((BARS_A_DAY, markets)), np.zeros((BARS_A_DAY, markets))
    mean_crowding = float((crowding * exposed).sum() / max(exposed.sum(), 1.0))
    for _ in range(chance.poisson(rules.cascades_a_day)):
        _strike(returns, heat, chance, volatility * exposed * _spread(chance, markets), mean_crowding, rules)
    for _ in range(chance.poisson(rules.lone_cascades_a_day)):
        one = int(chance.integers(markets))
        alone = np.where(np.arange(markets) == one, volatility * exposed, 0.0)
        _strike(returns, heat, chance, alone, float(crowding[one]), rules)
    return Cascades(returns, heat)


def _strike(
    returns: Floats, heat: Floats, chance: np.random.Generator, reach: Floats, crowding: float, rules: Synthetic
) -> None:
    start = int(chance.integers(BARS_A_DAY - SHAPE.size))
    size = rules.cascade_size * float(np.exp(0.45 * chance.normal()))
    against_longs = chance.random() < 0.5 + 0.45 * crowding
    direction = 1.0 if against_longs else -1.0
    bars = slice(start, start + SHAPE.size)
    returns[bars] += direction * size * SHAPE[:, None] * reach
    heat[bars] += np.abs(SHAPE)[:, None] * size * (reach > 0)


def _spread(chance: np.random.Generator, markets: int) -> Floats:
    """How hard each market is hit."""
    return np.exp(0.25 * chance.normal(size=markets))
