"""Which recorded answers of the real exchange each part of the wire is compared with."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

INFO: dict[str, tuple[str, ...]] = {
    "meta": ("info/gosdk_Meta_WithDex.json", "info/gosdk_MetaAndAssetCtxs.json.gz#4/0"),
    "allPerpMetas": ("info/gosdk_Meta_WithDex.json*", "info/gosdk_MetaAndAssetCtxs.json.gz#4/0*"),
    "metaAndAssetCtxs": tuple(f"info/gosdk_MetaAndAssetCtxs.json.gz#{place}" for place in (2, 3, 4)),
    "perpDexs": ("info/live_perpdexs.json", "info/gosdk_PerpDexs.json"),
    "perpDexLimits": ("info/gosdk_PerpDexLimits.json",),
    "perpsAtOpenInterestCap": ("jkorf:Endpoints/Futures/ExchangeData/GetSymbolsAtMaxOpenInterest",),
    "spotMeta": ("info/gosdk_SpotMeta.json.gz",),
    "spotMetaAndAssetCtxs": ("jkorf:Endpoints/Spot/ExchangeData/GetExchangeInfoAndTickers",),
    "allMids": ("info/gosdk_AllMids_WithDex.json", "info/pysdk_get_all_mids.json"),
    "candleSnapshot": ("info/pysdk_get_candles_snapshot.json#1", "jkorf:Endpoints/Spot/ExchangeData/GetKlines"),
    "l2Book": ("info/live_l2book_btc_nsf5.json", "info/pysdk_get_l2_snapshot.json#1"),
    "recentTrades": ("nautilus/http_recent_trades_btc.json", "ws:trades"),
    "fundingHistory": (
        "info/pysdk_get_funding_history_1684811870000.json#1",
        "jkorf:Endpoints/Futures/ExchangeData/GetFundingRateHistory",
    ),
    "clearinghouseState": ("info/live_clearinghouse_small.json", "jkorf:Endpoints/Futures/Account/GetAccountInfo"),
    "openOrders": ("info/pysdk_get_open_orders.json", "jkorf:Endpoints/Spot/Trading/GetOpenOrders"),
    "frontendOpenOrders": (
        "info/pysdk_get_frontend_open_orders.json",
        "jkorf:Endpoints/Spot/Trading/GetOpenOrdersExtended",
    ),
    "userFills": ("jkorf:Endpoints/Spot/Trading/GetUserTrades", "nautilus/ws_user_fill_liquidation.json@data/fills"),
    "userFillsByTime": (
        "jkorf:Endpoints/Spot/Trading/GetUserTrades",
        "nautilus/ws_user_fill_liquidation.json@data/fills",
    ),
    "historicalOrders": ("info/pysdk_historical_orders.json",),
    "userFunding": (
        "info/pysdk_user_funding_history_with_end_time.json",
        "jkorf:Endpoints/Futures/Account/GetFundingHistory",
    ),
    "userRateLimit": ("info/pysdk_user_rate_limit.json", "jkorf:Endpoints/Spot/Account/GetRateLimits"),
    "userRole": ("info/pysdk_user_role.json",),
    "extraAgents": ("info/pysdk_extra_agents.json",),
    "maxBuilderFee": ("jkorf:Endpoints/Spot/Account/GetApprovedBuilderFee",),
    "spotClearinghouseState": (
        "nautilus/http_spot_clearinghouse_state.json",
        "jkorf:Endpoints/Spot/Account/GetBalances",
    ),
    "userNonFundingLedgerUpdates": ("info/pysdk_user_non_funding_ledger_updates_without_end_time.json",),
    "userTwapSliceFills": ("info/pysdk_user_twap_slice_fills.json",),
    "userVaultEquities": ("info/pysdk_user_vault_equities.json",),
}
"""Request → recordings. ``#n`` takes entry n, ``/`` and ``@`` go inside, ``*`` wraps in a list."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "order": (
        "info/gosdk_Orders_Above10.json",
        "info/gosdk_Orders_Below10.json",
        "jkorf:Endpoints/Spot/Trading/PlaceOrder",
    ),
    "cancel": ("info/gosdk_Cancel_NonExistent.json",),
    "updateLeverage": ("jkorf:Endpoints/Futures/Trading/SetLeverage",),
}

CHANNELS: dict[str, tuple[str, ...]] = {
    "allMids": ("nautilus/ws_allmids.json", "jkorf:Subscriptions/Prices"),
    "trades": ("ws:trades:frame", "jkorf:Subscriptions/Trades"),
    "l2Book": ("ws:l2Book", "jkorf:Subscriptions/OrderBook"),
    "bbo": ("ws:bbo", "jkorf:Subscriptions/BookTicker"),
    "activeAssetCtx": ("ws:activeAssetCtx",),
    "candle": ("jkorf:Subscriptions/Klines",),
    "orderUpdates": ("jkorf:Subscriptions/Order",),
    "userEvents": ("nautilus/ws_user_fill_liquidation.json", "jkorf:Subscriptions/UserEventTrade"),
}

NEWER: dict[str, frozenset[str]] = {
    "perpDexs": frozenset({"assetToFundingInterestRate"}),
    "clearinghouseState": frozenset({"liquidationPx:null"}),
    "frontendOpenOrders": frozenset({"cloid:text"}),
    "historicalOrders": frozenset({"cloid:text", "tif:null"}),
    "spotMetaAndAssetCtxs": frozenset({"deployerTradingFeeShare"}),
    "openOrders": frozenset({"origSz", "cloid", "reduceOnly"}),
    "orderUpdates": frozenset({"cloid", "reduceOnly"}),
    "userRateLimit": frozenset({"nRequestsSurplus"}),
    "userNonFundingLedgerUpdates": frozenset({"sourceDex", "destinationDex", "nonce:int"}),
}
"""Keys that today's exchange sends and an old recording lacks, and documented kinds that none shows (``key:kind``)."""


def recorded(root: Path, name: str) -> list[Any]:
    """The answers that a recording holds."""
    folder = root / "wire" / "hyperliquid"
    if name.startswith("jkorf:"):
        return [_jkorf(json.loads((folder / "jkorf.json").read_text())[name.removeprefix("jkorf:")])]
    if name.startswith("ws:"):
        channel, _, whole = name.removeprefix("ws:").partition(":")
        frames = [one["frame"] for one in json.loads((folder / "ws_captured_frames.json").read_text())]
        chosen = [frame for frame in frames if frame["channel"] == channel]
        return chosen if whole or channel != "trades" else [frame["data"] for frame in chosen]
    path, _, inside = name.rstrip("*").partition("@")
    path, _, place = path.partition("#")
    file = folder / path
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    answers = _answers(json.loads(text))
    if place:
        first, *deeper = (int(part) for part in place.split("/"))
        answers = [answers[first]]
        for step in deeper:
            answers = [answers[0][step]]
    for key in filter(None, inside.split("/")):
        answers = [answer[key] for answer in answers]
    return [[answer] for answer in answers] if name.endswith("*") else answers


def acknowledgement(root: Path, name: str) -> tuple[Any, Any]:
    """What a client sent to subscribe and what the exchange acknowledged."""
    text = json.loads((root / "wire" / "hyperliquid" / "jkorf.json").read_text())[f"Subscriptions/{name}"]
    sent, told = re.search(r"^> (.*)$", text, re.MULTILINE), re.search(r"^< (.*)$", text, re.MULTILINE)
    assert sent is not None
    assert told is not None
    return json.loads(sent[1]), json.loads(told[1])


def _answers(decoded: Any) -> list[Any]:
    exchanged = isinstance(decoded, list) and decoded and isinstance(decoded[0], dict) and "response" in decoded[0]
    return [one["response"] for one in decoded] if exchanged else [decoded]


def _jkorf(entry: Any) -> Any:
    if isinstance(entry, dict):
        return entry["response"]
    return json.loads(entry.split("\n= ", 1)[1])
