"""How the levels of factors and markets go through a day: shocks whose variance clusters, drift, and pull.

GARCH(1,1) (Bollerslev 1986) on five-minute bars with Student-t innovations; drift and pull come from the regime. It
knows nothing of prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.cascades import Cascades
from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.draws import Draws
from bot.feeds.synthesis.profiles import FACTORS
from bot.feeds.synthesis.regimes import Stretch, next_stretch
from bot.feeds.synthesis.sessions import BARS_A_DAY
from bot.feeds.synthesis.world import World
from core.market.candles import Floats

F = len(FACTORS)


@dataclass(frozen=True, slots=True)
class Course:
    """How levels and variances went through the day, ``[bars, factors + markets]``; ``spread`` scales the shocks."""

    level: Floats
    variance: Floats
    spread: Floats
    stretch: Stretch
    anchor: Floats
    last_variance: Floats


def run_course(world: World, cast: Cast, draws: Draws, movement: Floats, swept: Cascades) -> Course:
    """Run the recursion bar by bar."""
    rules, size = cast.rules, world.level.size
    steps = draws.shocks * movement / np.sqrt(BARS_A_DAY)
    kicks = rules.garch_shock * draws.shocks**2 + rules.garch_memory
    kicks[:, F:] += rules.cascade_heat * swept.heat
    calm = 1.0 - rules.garch_shock - rules.garch_memory
    levels, variances, spreads = (np.empty((BARS_A_DAY, size)) for _ in range(3))
    level, variance, anchor, stretch = world.level.copy(), world.variance.copy(), world.anchor, world.stretch
    first_bar = (world.day - cast.first_day) * BARS_A_DAY
    drift, pull, spread = _pace(stretch, cast, draws.drift)
    for bar in range(BARS_A_DAY):
        if first_bar + bar >= stretch.end_bar:
            stretch = next_stretch(cast.seed, stretch.number + 1, first_bar + bar, level[:F], rules)
            chops = _chops(stretch, cast)
            anchor = np.where(chops > 0, level, 0.0)
            drift, pull, spread = _pace(stretch, cast, draws.drift)
        level += np.sqrt(variance) * steps[bar] * spread + movement[bar] * (drift - pull * (level - anchor))
        levels[bar], variances[bar], spreads[bar] = level, variance, spread
        variance = np.minimum(np.maximum(calm + variance * kicks[bar], rules.variance_least), rules.variance_most)
    return Course(levels, variances, spreads, stretch, anchor, variance)


def _chops(stretch: Stretch, cast: Cast) -> Floats:
    """1 where a factor, or the factor that drives a market, chops."""
    return np.concatenate((stretch.chops, stretch.chops[cast.drivers]))


def _pace(stretch: Stretch, cast: Cast, own_drift: Floats) -> tuple[Floats, Floats, Floats]:
    """Drift and pull per bar, and how strong the shocks are, in this stretch; ``[factors + markets]`` each."""
    rules, chops = cast.rules, _chops(stretch, cast)
    is_factor = np.arange(chops.size) < F
    drift = np.concatenate((stretch.drift, own_drift)) / BARS_A_DAY
    pull = np.where(chops > 0, np.log(2) / (rules.chop_pull_hours * 12), np.log(2) / (rules.home_days * BARS_A_DAY))
    in_chop = np.where(is_factor, rules.chop_factor, rules.chop_own)
    in_trend = np.where(is_factor, rules.trend_factor, rules.trend_own)
    return drift, pull, np.where(chops > 0, in_chop, in_trend)
