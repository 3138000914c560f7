"""Spot: as much of it as clients ask for at their start. There is one token, USDC, and no pair; nothing trades here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.exchange.simulator.format import number
from bot.exchange.simulator.requests import Nothing, OfUser
from bot.exchange.simulator.state import VenueState

USDC_ID = "0x6d1e7cde53ba9467b783cb7c530ce054"
"""Token id of USDC on the exchange [X]."""


def spot_meta(_: VenueState, __: Nothing) -> Any:
    """``spotMeta``: the collateral token and no pair."""
    usdc = {
        "name": "USDC",
        "szDecimals": 8,
        "weiDecimals": 8,
        "index": 0,
        "tokenId": USDC_ID,
        "isCanonical": True,
        "evmContract": None,
        "fullName": None,
        "deployerTradingFeeShare": "0.0",
    }
    return {"universe": [], "tokens": [usdc]}


def spot_meta_and_contexts(state: VenueState, request: Nothing) -> Any:
    """``spotMetaAndAssetCtxs``: the same, with the contexts of no pair."""
    return [spot_meta(state, request), []]


def spot_state(state: VenueState, request: OfUser) -> Any:
    """``spotClearinghouseState``: the account's USDC outside of the perp dexes."""
    total = state.spot.get(request.user.lower(), Decimal(0))
    if not total:
        return {"balances": []}
    return {"balances": [{"coin": "USDC", "token": 0, "total": number(total), "hold": "0.0", "entryNtl": "0.0"}]}
