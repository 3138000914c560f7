"""Whole columns of prices put onto the tick grid at once: the float64 side of :mod:`core.market.ticks`.

For the markets that make prices; what goes over the wire is made exact there. Expects positive prices.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from core.market.candles import Floats, Ints
from core.market.ticks import SIGNIFICANT


def on_grid(prices: Floats, price_decimals: Ints | int) -> Floats:
    """Prices rounded to the grid; ``price_decimals`` is 6 − size decimals, per element or one for all.

    >>> on_grid(np.array([61234.56, 0.0123456]), np.array([1, 6])).tolist()
    [61235.0, 0.012346]
    """
    whole = np.floor(np.log10(prices)) + 1
    scale = 10.0 ** np.clip(SIGNIFICANT - whole, 0, price_decimals)
    rounded: Floats = np.rint(prices * scale) / scale
    return rounded


def exact(price: float) -> Decimal:
    """The decimal that a float on the grid stands for.

    >>> exact(0.012346), exact(105727.0)
    (Decimal('0.012346'), Decimal('105727'))
    """
    return Decimal(int(price)) if price.is_integer() else Decimal(repr(price))
