"""The state of the synthetic world at the start of a UTC day: all that the next day needs to know of those before.

Small, and plain JSON when stored, so that a restarted venue goes on exactly where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.feeds.synthesis.profiles import FACTORS, Profiles
from bot.feeds.synthesis.regimes import Stretch, next_stretch
from core.market.candles import Floats
from core.settings import Synthetic


@dataclass(frozen=True, slots=True)
class World:
    """Arrays are ``[factors + markets]`` for level, anchor and variance (1 = normal), else ``[markets]``.

    ``level`` is in standard deviations of a day; ``shift`` the log price that cascades and gaps have left; ``tilt``
    the recent move that crowds run after, in standard deviations; ``interest`` log open interest over its usual size.
    """

    day: int
    stretch: Stretch
    level: Floats
    anchor: Floats
    variance: Floats
    shift: Floats
    log_price: Floats
    tilt: Floats
    interest: Floats

    def to_json(self, coins: Sequence[str]) -> dict[str, Any]:
        """As plain values; markets by coin, so that the list of markets may change in between."""
        n = len(FACTORS)
        own = (self.level[n:], self.anchor[n:], self.variance[n:], self.shift, self.log_price, self.tilt, self.interest)
        return {
            "day": self.day,
            "stretch": self.stretch.to_json(),
            "factors": [column[:n].tolist() for column in (self.level, self.anchor, self.variance)],
            "markets": {coin: [float(column[row]) for column in own] for row, coin in enumerate(coins)},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], coins: Sequence[str], profiles: Profiles) -> World:
        """From plain values; a market that was not stored starts afresh."""
        fresh = zip(coins, np.log(profiles.price).tolist(), strict=True)
        rows = [stored["markets"].get(coin, [0.0, 0.0, 1.0, 0.0, start, 0.0, 0.0]) for coin, start in fresh]
        own = np.array(rows, dtype=np.float64).reshape(-1, 7).T
        joined = [np.concatenate((np.array(a), b)) for a, b in zip(stored["factors"], own[:3], strict=True)]
        return cls(
            int(stored["day"]), Stretch.from_json(stored["stretch"]), *joined, *(column.copy() for column in own[3:])
        )


def first_world(seed: int, day: int, profiles: Profiles, rules: Synthetic) -> World:
    """The world on its first day: every price at its profile's level, nothing crowded, a first stretch begun."""
    markets, factors = profiles.price.size, len(FACTORS)
    none = np.zeros(markets)
    stretch = next_stretch(seed, 0, 0, np.zeros(factors), rules)
    both = np.zeros(factors + markets)
    return World(day, stretch, both, both.copy(), both + 1.0, none, np.log(profiles.price), none.copy(), none.copy())
