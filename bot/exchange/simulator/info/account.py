"""Accounts: balances and positions per dex, terms, fees and roles. Amounts are the exchange's own, written exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.exchange.simulator.answers import Broken
from bot.exchange.simulator.assets import DEXES, dex_of
from bot.exchange.simulator.format import number, ratio
from bot.exchange.simulator.info.margins import universe
from bot.exchange.simulator.requests import OfBuilder, OfUser, OfUserCoin
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.records import MarginSummary, PositionState

EMPTY_SUMMARY = {"accountValue": "0.0", "totalNtlPos": "0.0", "totalRawUsd": "0.0", "totalMarginUsed": "0.0"}


def clearinghouse_state(state: VenueState, request: OfUser) -> Any:
    """``clearinghouseState`` of one dex; that of a stranger (and of an agent) is empty."""
    universe(state, request.dex)
    return dex_state(state, request.user.lower(), request.dex or "")


def dex_state(state: VenueState, address: str, dex: str) -> dict[str, Any]:
    """One dex of one account."""
    if not state.exchange.has_account(address):
        return {
            "marginSummary": dict(EMPTY_SUMMARY),
            "crossMarginSummary": dict(EMPTY_SUMMARY),
            "crossMaintenanceMarginUsed": "0.0",
            "withdrawable": "0.0",
            "assetPositions": [],
            "time": state.now_ms,
        }
    account = state.exchange.account(address, dex)
    return {
        "marginSummary": _summary(account.margin),
        "crossMarginSummary": _summary(account.cross_margin),
        "crossMaintenanceMarginUsed": number(account.cross_maintenance),
        "withdrawable": number(account.withdrawable),
        "assetPositions": [{"type": "oneWay", "position": position(one)} for one in account.positions],
        "time": state.now_ms,
    }


def all_dexes_state(state: VenueState, address: str) -> list[list[Any]]:
    """``[dex, state]`` of every dex of one account."""
    return [[dex, dex_state(state, address, dex)] for dex in DEXES]


def position(held: PositionState) -> dict[str, Any]:
    """A position on the wire; the liquidation price is ``null`` when there is none."""
    leverage: dict[str, Any] = {"type": "cross" if held.cross else "isolated", "value": held.leverage}
    if held.raw_usd is not None:
        leverage["rawUsd"] = number(held.raw_usd)
    return {
        "coin": held.coin,
        "szi": number(held.size),
        "leverage": leverage,
        "entryPx": ratio(held.entry),
        "positionValue": number(held.value),
        "unrealizedPnl": number(held.unrealised),
        "returnOnEquity": ratio(held.return_on_equity),
        "liquidationPx": None if held.liquidation is None else ratio(held.liquidation),
        "marginUsed": number(held.margin_used),
        "maxLeverage": held.max_leverage,
        "cumFunding": {
            "allTime": number(held.funding.all_time),
            "sinceOpen": number(held.funding.since_open),
            "sinceChange": number(held.funding.since_change),
        },
    }


def active_asset_data(state: VenueState, request: OfUserCoin) -> Any:
    """``activeAssetData``: leverage of a market and how much could be traded in it now."""
    row = state.assets.of_coin(request.coin)
    price = None if row is None or row.terms.delisted else state.source.price(request.coin)
    address = request.user.lower()
    if row is None or price is None or not state.exchange.has_account(address):
        raise Broken(f"no data of {request.coin!r} for {address}")
    leverage, cross = state.exchange.leverage(address, request.coin)
    free = state.exchange.account(address, dex_of(request.coin)).available
    lot = Decimal(1).scaleb(-row.terms.size_decimals)
    most = number((free * leverage / price.mark) // lot * lot)
    return {
        "user": address,
        "coin": request.coin,
        "leverage": {"type": "cross" if cross else "isolated", "value": leverage},
        "maxTradeSzs": [most, most],
        "availableToTrade": [number(free), number(free)],
        "markPx": number(price.mark),
    }


def user_fees(state: VenueState, _: OfUser) -> Any:
    """``userFees``: the lowest tier for everybody."""
    taker, maker = number(Decimal(str(state.rules.taker_fee))), number(Decimal(str(state.rules.maker_fee)))
    return {
        "dailyUserVlm": [],
        "feeSchedule": {
            "cross": taker,
            "add": maker,
            "spotCross": taker,
            "spotAdd": maker,
            "tiers": {"vip": [], "mm": []},
            "referralDiscount": "0.0",
            "stakingDiscountTiers": [],
        },
        "userCrossRate": taker,
        "userAddRate": maker,
        "userSpotCrossRate": taker,
        "userSpotAddRate": maker,
        "activeReferralDiscount": "0.0",
        "trial": None,
        "feeTrialReward": "0.0",
        "nextTrialAvailableTimestamp": None,
        "stakingLink": None,
        "activeStakingDiscount": {"bpsOfMaxSupply": "0.0", "discount": "0.0"},
    }


def user_rate_limit(state: VenueState, request: OfUser) -> Any:
    """``userRateLimit``: what the address limit would allow; it is counted, not enforced."""
    address = request.user.lower()
    volume = state.traded_usd(address) if state.exchange.has_account(address) else Decimal(0)
    return {
        "cumVlm": number(volume),
        "nRequestsUsed": state.requests_used.get(address, 0),
        "nRequestsCap": state.wire.requests_free + int(volume),
        "nRequestsSurplus": 0,
    }


def user_role(state: VenueState, request: OfUser) -> Any:
    """``userRole``: user, agent (and of whom), or missing."""
    address = request.user.lower()
    if state.exchange.has_account(address):
        return {"role": "user"}
    master = state.wallets.master_of(address, state.now_ms)
    return {"role": "missing"} if master is None else {"role": "agent", "data": {"user": master}}


def user_abstraction(state: VenueState, request: OfUser) -> Any:
    """``userAbstraction``: the account's mode, a bare string."""
    return state.abstractions.get(request.user.lower(), "default")


def user_dex_abstraction(_: VenueState, __: OfUser) -> Any:
    """``userDexAbstraction``: never switched on here."""
    return None


def extra_agents(state: VenueState, request: OfUser) -> Any:
    """``extraAgents``: the named API wallets."""
    agents = state.wallets.named_agents(request.user.lower())
    return [{"address": one.address, "name": one.name, "validUntil": one.valid_until_ms} for one in agents]


def max_builder_fee(state: VenueState, request: OfBuilder) -> Any:
    """``maxBuilderFee`` in tenths of a basis point."""
    return state.wallets.builder_limit(request.user.lower(), request.builder.lower())


def nothing(_: VenueState, __: OfUser) -> Any:
    """Lists that are always empty here: vaults, TWAPs, stakes."""
    return []


def no_sub_accounts(_: VenueState, __: OfUser) -> Any:
    """``subAccounts``: ``null``, as for any account without one."""
    return None


def _summary(margin: MarginSummary) -> dict[str, str]:
    return {
        "accountValue": number(margin.account_value),
        "totalNtlPos": number(margin.total_notional),
        "totalRawUsd": number(margin.total_raw_usd),
        "totalMarginUsed": number(margin.total_margin_used),
    }
