"""Liquidation cascades: a sharp move that feeds on itself, overshoots, and partly comes back.

They strike the side that is crowded. Shapes are log returns per five-minute bar and end within their day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.chance import named_chance
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
    seed: int, day: int, coins: Sequence[str], volatility: Floats, crowding: Floats, exposed: Floats, rules: Synthetic
) -> Cascades:
    """The cascades of a day, from crowding (−1 … 1) and day volatility of each market.

    ``exposed`` is 1 for markets that can be swept along (crypto), 0 for others. Some cascades take all of them, some
    a single one.
    """
    markets = volatility.size
    returns, heat = np.zeros((BARS_A_DAY, markets)), np.zeros((BARS_A_DAY, markets))
    chance = named_chance(seed, "cascades", day)
    mean_crowding = float((crowding * exposed).sum() / max(exposed.sum(), 1.0))
    together = [_strike(chance, mean_crowding, rules) for _ in range(chance.poisson(rules.cascades_a_day))]
    for row in np.flatnonzero(exposed).tolist():
        own = named_chance(seed, f"cascades of {coins[row]}", day)
        alone = [_strike(own, float(crowding[row]), rules) for _ in range(own.poisson(rules.lone_cascades_a_day))]
        for start, size in together + alone:
            hit = size * float(np.exp(0.25 * own.normal()))
            bars = slice(start, start + SHAPE.size)
            returns[bars, row] += hit * volatility[row] * SHAPE
            heat[bars, row] += abs(hit) * np.abs(SHAPE)
    return Cascades(returns, heat)


def _strike(chance: np.random.Generator, crowding: float, rules: Synthetic) -> tuple[int, float]:
    """First bar and size of a cascade in standard deviations of a day; negative sizes squeeze shorts upward."""
    start = int(chance.integers(BARS_A_DAY - SHAPE.size))
    size = rules.cascade_size * float(np.exp(0.45 * chance.normal()))
    return start, size if chance.random() < 0.5 + 0.45 * crowding else -size
