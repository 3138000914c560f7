"""The venue's own state, and the one big answer that an old client still asks for."""

from __future__ import annotations

from typing import Any

from bot.exchange.simulator.info.account import dex_state
from bot.exchange.simulator.info.markets import meta_and_contexts
from bot.exchange.simulator.info.orders import frontend_orders
from bot.exchange.simulator.requests import Nothing, OfDex, OfUser
from bot.exchange.simulator.state import VenueState

MARKET_ORDER_CAPS = [[25, "30000000.0"], [20, "5000000.0"], [10, "2000000.0"], [0, "500000.0"]]
"""``[max leverage from which it holds, most notional of a market order]`` [X]; shown, not enforced."""


def exchange_status(state: VenueState, _: Nothing) -> Any:
    """``exchangeStatus``: the time, and nothing special."""
    return {"time": state.now_ms, "specialStatuses": None}


def max_market_orders(_: VenueState, __: Nothing) -> Any:
    """``maxMarketOrderNtls``."""
    return [list(cap) for cap in MARKET_ORDER_CAPS]


def web_data(state: VenueState, request: OfUser) -> Any:
    """``webData2``: the main dex as the exchange's page once saw it."""
    address = request.user.lower()
    meta, contexts = meta_and_contexts(state, OfDex())
    return {
        "clearinghouseState": dex_state(state, address, ""),
        "leadingVaults": [],
        "totalVaultEquity": "0.0",
        "openOrders": frontend_orders(state, address, ""),
        "agentAddress": None,
        "agentValidUntil": None,
        "cumLedger": "0.0",
        "meta": meta,
        "assetCtxs": contexts,
        "serverTime": state.now_ms,
        "isVault": False,
        "user": address,
        "twapStates": [],
        "spotState": {"balances": []},
        "spotAssetCtxs": [],
        "perpsAtOpenInterestCap": [],
    }
