"""Liquidation cascades: a sharp move that feeds on itself, overshoots, and partly comes back.

They strike the side that is crowded. Shapes are log returns per five-minute bar and end within their day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.feeds.synthesis.chance import named_chance
from bot.feeds.synthesis.sessions import BARS_A_DAY
from core.market.candles import Floats
from core.settings import Synthetic

SHAPE = np.array([-0.45, -0.55, 0.22, 0.15, 0.10, 0.06, 0.03])
"""Two bars of falling, five of rebound: a bit more than half comes back. In units of the cascade's size."""
FALL = [part for part in SHAPE.tolist() if part < 0]
"""The bars in which positions are closed by force."""


class Strike(NamedTuple):
    """A bar of a cascade in which a market runs against the crowd; ``heat`` is positive where longs are swept out."""

    bar: int
    row: int
    heat: float


@dataclass(frozen=True, slots=True)
class Cascades:
    """What the cascades of one day add. ``returns`` and ``heat`` are ``[bars, markets]``; heat is 0 … 1 and more.

    ``strikes`` are the bars in which positions are closed by force, of few markets on most days.
    """

    returns: Floats
    heat: Floats
    strikes: tuple[Strike, ...]


def cascades_of(
    seed: int, day: int, coins: Sequence[str], volatility: Floats, crowding: Floats, exposed: Floats, rules: Synthetic
) -> Cascades:
    """The cascades of a day, from crowding (−1 … 1) and day volatility of each market.

    ``exposed`` is 1 for markets that can be swept along (crypto), 0 for others. Some cascades take all of them, some
    a single one.
    """
    markets = volatility.size
    returns, heat = np.zeros((BARS_A_DAY, markets)), np.zeros((BARS_A_DAY, markets))
    strikes: list[Strike] = []
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
            strikes += [Strike(start + i, row, -hit * part) for i, part in enumerate(FALL)]
    return Cascades(returns, heat, tuple(strikes))


def _strike(chance: np.random.Generator, crowding: float, rules: Synthetic) -> tuple[int, float]:
    """First bar and size of a cascade in standard deviations of a day; negative sizes squeeze shorts upward."""
    start = int(chance.integers(BARS_A_DAY - SHAPE.size))
    size = rules.cascade_size * float(np.exp(0.45 * chance.normal()))
    return start, size if chance.random() < 0.5 + 0.45 * crowding else -size
