"""What the simulated venue lists: a recording's symbols as markets with coins and terms (SPEC U1).

It refuses to invent a Binance series for a recorded symbol: the recording is its only feed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.market.symbols import AssetClass, Market
from core.replay.recording import RecordedSymbol, Recording
from core.replay.tiers import margin_tiers
from core.settings import SimulatedQuotes
from core.trading.exchange.ports import MarketTerms


def terms_of(market: Market) -> MarketTerms:
    """A market's terms as the simulated exchange reads them."""
    return MarketTerms(
        market.coin,
        market.size_decimals,
        market.max_leverage,
        market.isolated_only,
        margin_tiers(market.coin, market.max_leverage),
    )


def recorded_markets(recording: Recording, listed: Sequence[Market], quotes: SimulatedQuotes) -> list[Market]:
    """The market of each recorded symbol (SPEC U1): terms of the universe where it lists the symbol in that class.

    Otherwise crypto trades on the main dex and all else on ``xyz``, isolated, with the default leverage, and one lot
    is worth at most ``unlisted_lot_usd`` at the first price. No Binance series: the recording is the only feed.
    """
    known = {(market.symbol, market.asset_class): market for market in listed}
    return [_recorded_market(one, known.get((one.symbol, one.asset_class)), quotes) for one in recording.symbols]


def _recorded_market(one: RecordedSymbol, listed: Market | None, quotes: SimulatedQuotes) -> Market:
    if listed is not None:
        return Market(
            one.symbol,
            one.asset_class,
            listed.coin,
            listed.max_leverage,
            listed.size_decimals,
            listed.isolated_only,
        )
    coin = one.symbol if one.asset_class is AssetClass.CRYPTO else f"xyz:{one.symbol}"
    decimals = max(0, math.ceil(math.log10(one.first_price / quotes.unlisted_lot_usd)))
    return Market(one.symbol, one.asset_class, coin, quotes.unlisted_leverage, decimals, isolated_only=True)
