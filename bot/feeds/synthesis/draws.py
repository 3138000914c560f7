"""All the chance of one day of the synthetic world. It decides nothing: what the draws mean stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.chance import named_chance
from bot.feeds.synthesis.profiles import FACTORS
from bot.feeds.synthesis.sessions import BARS_A_DAY
from core.market.candles import Floats

F = len(FACTORS)


@dataclass(frozen=True, slots=True)
class Draws:
    """The chance of one day. ``shocks`` is ``[bars, factors + markets]``, the rest ``[bars, markets]``."""

    shocks: Floats
    jitter: Floats
    mood: Floats
    up: Floats
    down: Floats
    drift: Floats


def draw(cast: Cast, day: int) -> Draws:
    """All chance of a day; a market's is its own, whatever other markets there are."""
    rules, markets = cast.rules, len(cast.markets)
    shocks = np.empty((BARS_A_DAY, F + markets))
    normal, uniform, drift = np.empty((2, markets, BARS_A_DAY)), np.empty((2, markets, BARS_A_DAY)), np.empty(markets)
    shocks[:, :F] = named_chance(cast.seed, "factors", day).standard_t(rules.tail, (BARS_A_DAY, F))
    for row, market in enumerate(cast.markets):
        chance = named_chance(cast.seed, market.coin, day)
        shocks[:, F + row] = chance.standard_t(rules.tail, BARS_A_DAY)
        normal[:, row] = chance.standard_normal((2, BARS_A_DAY))
        uniform[:, row] = chance.random((2, BARS_A_DAY))
        drift[row] = chance.standard_normal() * rules.own_drift
    shocks *= np.sqrt((rules.tail - 2) / rules.tail)
    np.clip(shocks, -rules.shock_most, rules.shock_most, out=shocks)
    return Draws(shocks, normal[0].T, normal[1].T, 1.0 - uniform[0].T, 1.0 - uniform[1].T, drift)
