"""Which way the world is going: stretches of trend and of drift that every factor lives through for days.

Most factors follow the world; some go their own way. In a trend the factor moves markets together and with a drift;
in a chop it is weak, pulls back to where the stretch began, and each market wanders alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.feeds.synthesis.chance import named_chance
from bot.feeds.synthesis.profiles import FACTORS
from bot.feeds.synthesis.sessions import BARS_A_DAY
from core.market.candles import Floats
from core.settings import Synthetic


@dataclass(frozen=True, slots=True)
class Stretch:
    """One regime of all factors. Arrays ``[factors]``; ``drift`` in standard deviations a day, 0 in a chop.

    ``anchor`` is the factor's level when the stretch began, which a chop pulls back to.
    """

    number: int
    end_bar: int
    drift: Floats
    anchor: Floats

    @property
    def chops(self) -> Floats:
        """1 where a factor chops, 0 where it trends."""
        return np.where(self.drift == 0.0, 1.0, 0.0)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "number": self.number,
            "end_bar": self.end_bar,
            "drift": self.drift.tolist(),
            "anchor": self.anchor.tolist(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Stretch:
        """From plain values."""
        return cls(stored["number"], stored["end_bar"], np.array(stored["drift"]), np.array(stored["anchor"]))


def next_stretch(seed: int, number: int, start_bar: int, level: Floats, rules: Synthetic) -> Stretch:
    """The stretch that begins at ``start_bar`` (five-minute bars since the first), with the factors at ``level``.

    The further a factor has gone from where it began, the likelier it turns back: the world has no end.
    """
    chance = named_chance(seed, "regimes", number)
    trends = chance.random() < rules.trend_share
    median = rules.trend_days if trends else rules.chop_days
    days = float(np.clip(median * np.exp(rules.stretch_spread * chance.normal()), 0.5, 4 * median))
    rising = 1.0 / (1.0 + np.exp(level[0] / rules.level_reach))
    world = np.sign(rising - chance.random()) if trends else 0.0
    follows = chance.random(len(FACTORS)) < rules.follow_share
    alone = chance.random(len(FACTORS)) < rules.trend_share
    own_rising = 1.0 / (1.0 + np.exp(level / rules.level_reach))
    own = np.where(alone, np.sign(own_rising - chance.random(len(FACTORS))), 0.0)
    direction = np.where(follows, world, own)
    direction[0] = world
    strength = rules.trend_drift * np.exp(0.3 * chance.normal(size=len(FACTORS)))
    return Stretch(number, start_bar + max(1, round(days * BARS_A_DAY)), direction * strength, level.copy())
