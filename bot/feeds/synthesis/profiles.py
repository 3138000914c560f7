"""What each market of the synthetic world is like: price level, volatility, volume, and what drives it.

The levels are invented but plausible; a market that the table does not know gets those of its class. Nothing here is
data of any real market.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.market.candles import Floats
from core.market.symbols import AssetClass, Market

TABLE = Path(__file__).with_name("profiles.csv")
FACTORS = ("world", "crypto", "equity", "index", "metal", "energy", "forex")
"""What moves several markets at once."""

ENERGY = frozenset({"CL", "BRENTOIL", "NATGAS"})
YEN = frozenset({"JPY"})
"""Quoted the other way round: falls when the dollar does."""

_LOADS: dict[str, dict[str, float]] = {
    "crypto": {"world": 0.35, "crypto": 0.72},
    "equity": {"world": 0.35, "equity": 0.58},
    "index": {"world": 0.40, "equity": 0.60, "index": 0.35},
    "metal": {"world": 0.10, "metal": 0.78},
    "energy": {"world": 0.15, "energy": 0.80},
    "forex": {"world": 0.12, "forex": 0.80},
    "yen": {"world": -0.12, "forex": -0.70},
}
_CLASS_DEFAULTS = {
    AssetClass.CRYPTO: (1.0, 0.05, 10.0, 12.0),
    AssetClass.EQUITY: (100.0, 0.025, 10.0, 10.0),
    AssetClass.COMMODITY: (100.0, 0.020, 10.0, 10.0),
    AssetClass.FOREX: (1.0, 0.005, 10.0, 10.0),
    AssetClass.INDEX: (1_000.0, 0.012, 10.0, 10.0),
}


@dataclass(frozen=True, slots=True)
class Profiles:
    """Columns over the markets, in their order, ``[markets]``; ``loads`` is ``[markets, factors]``.

    ``volatility`` is the standard deviation of a normal day's log return; squared loads and squared ``own`` sum to 1.
    """

    price: Floats
    volatility: Floats
    day_volume_usd: Floats
    open_interest_usd: Floats
    loads: Floats
    own: Floats


def profiles_of(markets: Sequence[Market]) -> Profiles:
    """The profiles of these markets."""
    known = _table()
    rows = np.array([known.get(one.symbol, _CLASS_DEFAULTS[one.asset_class]) for one in markets]).reshape(-1, 4)
    loads = np.array([[_LOADS[_kind(one)].get(factor, 0.0) for factor in FACTORS] for one in markets])
    loads = loads.reshape(-1, len(FACTORS))
    return Profiles(
        price=rows[:, 0],
        volatility=rows[:, 1],
        day_volume_usd=rows[:, 2] * 1e6,
        open_interest_usd=rows[:, 3] * 1e6,
        loads=loads,
        own=np.sqrt(1.0 - (loads**2).sum(axis=1)),
    )


def driver_of(market: Market) -> int:
    """Index of the factor whose regime a market lives in."""
    kind = _kind(market)
    return FACTORS.index("forex" if kind == "yen" else kind)


def _kind(market: Market) -> str:
    if market.asset_class is AssetClass.COMMODITY:
        return "energy" if market.symbol in ENERGY else "metal"
    if market.asset_class is AssetClass.FOREX:
        return "yen" if market.symbol in YEN else "forex"
    return market.asset_class.value


def _table() -> dict[str, tuple[float, float, float, float]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {symbol: (float(a), float(b), float(c), float(d)) for symbol, a, b, c, d in rows}
