"""Markets: dexes, universes with their margin tables, contexts and mids. Delisted rows keep their place and stay silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.exchange.simulator.assets import DEXES, Row
from bot.exchange.simulator.format import number, ratio
from bot.exchange.simulator.info.margins import Tiers, margin_tables, table_ids, universe
from bot.exchange.simulator.requests import Nothing, OfDex
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.ports import BookSource, MarketTerms

DEPLOYER = "0x" + "11" * 20
FEE_RECIPIENT = "0x" + "22" * 20
IDLE_CONTEXT = {"funding": "0.0", "openInterest": "0.0", "prevDayPx": "1.0", "dayNtlVlm": "0.0", "premium": None}
IDLE_CONTEXT |= {"oraclePx": "1.0", "markPx": "1.0", "midPx": None, "impactPxs": None, "dayBaseVlm": "0.0"}
"""Context of a market that does not trade."""


def perp_dexs(state: VenueState, _: Nothing) -> Any:
    """``perpDexs``: ``null`` for the main dex, then the HIP-3 ones."""
    return [None, *(_dex(state, name) for name in DEXES if name)]


def _dex(state: VenueState, name: str) -> dict[str, Any]:
    listed = [row.terms for row in state.assets.live(name)]
    live = [one.coin for one in listed]
    return {
        "name": name,
        "fullName": name.upper(),
        "deployer": DEPLOYER,
        "oracleUpdater": None,
        "feeRecipient": FEE_RECIPIENT,
        "assetToStreamingOiCap": [[coin, number(Decimal(state.wire.open_interest_cap_usd))] for coin in sorted(live)],
        "subDeployers": [["setOracle", [DEPLOYER]]],
        "deployerFeeScale": "1.0",
        "lastDeployerFeeScaleChangeTime": "1970-01-01T00:00:00",
        "assetToFundingMultiplier": [
            [one.coin, number(one.funding_multiplier)] for one in listed if one.funding_multiplier != 1
        ],
        "assetToFundingInterestRate": [],
    }


def meta(state: VenueState, request: OfDex) -> Any:
    """``meta``: a dex's universe. An unknown dex breaks the exchange (500)."""
    return _meta(universe(state, request.dex))


def all_perp_metas(state: VenueState, _: Nothing) -> Any:
    """``allPerpMetas``: the universes of every dex, in ``perpDexs`` order."""
    return [_meta(universe(state, name)) for name in DEXES]


def meta_and_contexts(state: VenueState, request: OfDex) -> Any:
    """``metaAndAssetCtxs``: universe and contexts side by side."""
    rows = universe(state, request.dex)
    return [_meta(rows), [context(state, row) for row in rows]]


def all_mids(state: VenueState, request: OfDex) -> Any:
    """``allMids``: mid by coin; the last mark where there is no book."""
    return mids(state, universe(state, request.dex))


def mids(state: VenueState, rows: Sequence[Row]) -> dict[str, str]:
    """Mid by coin of those rows that have a price."""
    prices = ((row.terms.coin, state.source.price(row.terms.coin)) for row in rows if not row.terms.delisted)
    return {coin: number((price.bid + price.ask) / 2) for coin, price in prices if price is not None}


def context(state: VenueState, row: Row) -> dict[str, Any]:
    """A market's context as ``metaAndAssetCtxs`` and ``activeAssetCtx`` show it."""
    price = None if row.terms.delisted else state.source.price(row.terms.coin)
    if price is None:
        unknown = isinstance(state.market.under, BookSource) and not row.terms.delisted
        return dict(IDLE_CONTEXT) | (dict.fromkeys(("oraclePx", "markPx")) if unknown else {})
    now = state.source.statistics(row.terms.coin)
    return {
        "funding": ratio(now.funding),
        "openInterest": number(now.open_interest),
        "prevDayPx": number(now.previous_day),
        "dayNtlVlm": number(now.day_volume_usd),
        "premium": ratio(now.premium),
        "oraclePx": number(price.oracle),
        "markPx": number(price.mark),
        "midPx": number((price.bid + price.ask) / 2),
        "impactPxs": impact_prices(state, row.terms.coin),
        "dayBaseVlm": number(round(now.day_volume_usd / price.mark, row.terms.size_decimals)),
    }


def impact_prices(state: VenueState, coin: str) -> list[str] | None:
    """What the impact notional would be sold and bought at, by the book as it stands."""
    found = state.exchange.impact(coin)
    return None if found is None else [number(price) for price in found]


def open_interest_caps(state: VenueState, request: OfDex) -> Any:
    """``perpsAtOpenInterestCap``: none; open interest is not capped here."""
    universe(state, request.dex)
    return []


def dex_limits(state: VenueState, request: OfDex) -> Any:
    """``perpDexLimits`` of a HIP-3 dex; ``null`` for the main one."""
    rows = universe(state, request.dex)
    if not request.dex:
        return None
    cap = number(Decimal(state.wire.open_interest_cap_usd))
    coins = sorted(row.terms.coin for row in rows if not row.terms.delisted)
    caps = [[coin, cap] for coin in coins]
    return {"totalOiCap": cap, "oiSzCapPerPerp": cap, "maxTransferNtl": cap, "coinToOiCap": caps}


def predicted_fundings(state: VenueState, _: Nothing) -> Any:
    """``predictedFundings`` of the main dex; other exchanges' rates are unknown here."""
    hour = 3_600_000
    next_ms = (state.now_ms // hour + 1) * hour
    answer = []
    for row in state.assets.live(""):
        rate = ratio(state.source.statistics(row.terms.coin).funding)
        own = {"fundingRate": rate, "nextFundingTime": next_ms, "fundingIntervalHours": 1}
        answer.append([row.terms.coin, [["BinPerp", None], ["HlPerp", own], ["BybitPerp", None]]])
    return answer


def _meta(rows: Sequence[Row]) -> dict[str, Any]:
    ids = table_ids(rows)
    return {
        "universe": [_market(row.terms, ids) for row in rows],
        "marginTables": margin_tables(rows),
        "collateralToken": 0,
    }


def _market(terms: MarketTerms, ids: Mapping[Tiers, int]) -> dict[str, Any]:
    market: dict[str, Any] = {
        "szDecimals": terms.size_decimals,
        "name": terms.coin,
        "maxLeverage": terms.max_leverage,
        "marginTableId": ids[terms.margin_tiers],
    }
    if terms.isolated_only:
        market |= {"onlyIsolated": True, "marginMode": "noCross"}
    if terms.delisted:
        market["isDelisted"] = True
    return market
