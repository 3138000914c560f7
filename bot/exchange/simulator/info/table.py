"""Every request of ``POST /info``: its shape and its answer. What is not here is unknown to the venue (HTTP 422)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.exchange.simulator import requests as shapes
from bot.exchange.simulator.answers import Unsuitable
from bot.exchange.simulator.info import account, books, candles, history, margins, markets, orders, spot, status
from bot.exchange.simulator.state import VenueState


@dataclass(frozen=True, slots=True)
class Question:
    """A request: what it must look like, and what answers it."""

    shape: type[msgspec.Struct]
    answer: Callable[[VenueState, Any], Any]


QUESTIONS: dict[str, Question] = {
    "meta": Question(shapes.OfDex, markets.meta),
    "allPerpMetas": Question(shapes.Nothing, markets.all_perp_metas),
    "marginTable": Question(shapes.OfTable, margins.margin_table),
    "metaAndAssetCtxs": Question(shapes.OfDex, markets.meta_and_contexts),
    "perpDexs": Question(shapes.Nothing, markets.perp_dexs),
    "perpDexLimits": Question(shapes.OfDex, markets.dex_limits),
    "perpsAtOpenInterestCap": Question(shapes.OfDex, markets.open_interest_caps),
    "predictedFundings": Question(shapes.Nothing, markets.predicted_fundings),
    "allMids": Question(shapes.OfDex, markets.all_mids),
    "candleSnapshot": Question(shapes.OfCandles, candles.candle_snapshot),
    "l2Book": Question(shapes.OfBook, books.l2_book),
    "recentTrades": Question(shapes.OfCoin, history.recent_trades),
    "fundingHistory": Question(shapes.OfCoinSince, history.funding_history),
    "exchangeStatus": Question(shapes.Nothing, status.exchange_status),
    "maxMarketOrderNtls": Question(shapes.Nothing, status.max_market_orders),
    "spotMeta": Question(shapes.Nothing, spot.spot_meta),
    "spotMetaAndAssetCtxs": Question(shapes.Nothing, spot.spot_meta_and_contexts),
    "spotClearinghouseState": Question(shapes.OfUser, spot.spot_state),
    "clearinghouseState": Question(shapes.OfUser, account.clearinghouse_state),
    "activeAssetData": Question(shapes.OfUserCoin, account.active_asset_data),
    "openOrders": Question(shapes.OfUser, orders.open_orders),
    "frontendOpenOrders": Question(shapes.OfUser, orders.frontend_open_orders),
    "orderStatus": Question(shapes.OfOrder, orders.order_status),
    "historicalOrders": Question(shapes.OfUser, orders.historical_orders),
    "userFills": Question(shapes.OfUserFills, history.user_fills),
    "userFillsByTime": Question(shapes.OfUserSince, history.user_fills_by_time),
    "userFunding": Question(shapes.OfUserSince, history.user_funding),
    "userNonFundingLedgerUpdates": Question(shapes.OfUserSince, history.ledger),
    "userTwapSliceFills": Question(shapes.OfUser, account.nothing),
    "userVaultEquities": Question(shapes.OfUser, account.nothing),
    "subAccounts": Question(shapes.OfUser, account.no_sub_accounts),
    "userRateLimit": Question(shapes.OfUser, account.user_rate_limit),
    "userFees": Question(shapes.OfUser, account.user_fees),
    "userRole": Question(shapes.OfUser, account.user_role),
    "userAbstraction": Question(shapes.OfUser, account.user_abstraction),
    "userDexAbstraction": Question(shapes.OfUser, account.user_dex_abstraction),
    "extraAgents": Question(shapes.OfUser, account.extra_agents),
    "maxBuilderFee": Question(shapes.OfBuilder, account.max_builder_fee),
    "webData2": Question(shapes.OfUser, status.web_data),
}


def answer(state: VenueState, body: Any) -> Any:
    """Answer a decoded request body; a long answer is awaitable. Raises :class:`Unsuitable` for no request and ``Broken`` for one that breaks it."""
    try:
        question = QUESTIONS[body["type"]]
        request = msgspec.convert(body, question.shape)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise Unsuitable from error
    return question.answer(state, request)
