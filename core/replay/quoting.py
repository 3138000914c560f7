"""Bid and ask of a simulated market around its mark, on the tick grid. Refuses to know where marks come from."""

from __future__ import annotations

import numpy as np

from core.market.grid import exact, on_grid
from core.market.symbols import AssetClass
from core.market.ticks import round_price
from core.settings import SimulatedQuotes
from core.trading.exchange.ports import Price


def half_spread(asset_class: AssetClass, quotes: SimulatedQuotes) -> float:
    """How far bid and ask of a class lie from the mark, as a fraction of it."""
    spreads = {
        AssetClass.CRYPTO: quotes.half_spread_crypto,
        AssetClass.EQUITY: quotes.half_spread_equity,
        AssetClass.COMMODITY: quotes.half_spread_commodity,
        AssetClass.FOREX: quotes.half_spread_forex,
        AssetClass.INDEX: quotes.half_spread_index,
    }
    return spreads[asset_class]


def quoted(mark: float, price_decimals: int, half: float, *, gapped: bool, premium: float = 0.0) -> Price:
    """A price around a mark that is on the grid: bid and ask ``half`` of it away, outward onto the grid.

    ``premium`` is (mark − oracle) / oracle. Bid < mark < ask whenever ``half`` > 0.
    """
    middle = exact(mark)
    oracle = middle
    if premium:
        oracle = exact(float(on_grid(np.array([mark / (1.0 + premium)]), price_decimals)[0]))
    return Price(
        mark=middle,
        oracle=oracle,
        bid=round_price(exact(mark * (1.0 - half)), price_decimals, up=False),
        ask=round_price(exact(mark * (1.0 + half)), price_decimals, up=True),
        gapped=gapped,
    )
