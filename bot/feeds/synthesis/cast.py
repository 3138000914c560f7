"""Who is on the stage: the markets of a synthetic world, in order, and what follows from each. Holds no state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.profiles import Profiles, driver_of, profiles_of
from core.market.candles import Floats, Ints
from core.market.symbols import AssetClass, Market
from core.settings import Synthetic


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is on the stage: the markets, their profiles, and what follows from both."""

    seed: int
    first_day: int
    markets: tuple[Market, ...]
    profiles: Profiles
    drivers: Ints
    price_decimals: Ints
    exposed: Floats
    rules: Synthetic

    @classmethod
    def of(cls, seed: int, first_day: int, markets: Sequence[Market], rules: Synthetic) -> Cast:
        """The cast of these markets; ``first_day`` counts days since 1970."""
        crypto = [1.0 if one.asset_class is AssetClass.CRYPTO else 0.0 for one in markets]
        return cls(
            seed,
            first_day,
            tuple(markets),
            profiles_of(markets),
            np.array([driver_of(one) for one in markets], dtype=np.int64),
            np.array([one.price_decimals for one in markets], dtype=np.int64),
            np.array(crypto),
            rules,
        )
