"""Actions on an account: leverage, margin, transfers, wallets, mode. They translate; the exchange decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.exchange.simulator import action_shapes as shapes
from bot.exchange.simulator.format import number
from bot.exchange.simulator.info.spot import USDC_ID
from bot.exchange.simulator.principal import Principal
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.transfers import SPOT, move
from bot.exchange.simulator.wallets import WalletRefused
from core.trading.exchange.requests import Refused

DONE = {"type": "default"}
MICRO = Decimal(1_000_000)
NO_HASH = "0x" + "0" * 64


def nothing(_: VenueState, __: Principal, ___: Any) -> Any:
    """``noop`` (burns the nonce) and ``setReferrer`` (nobody is paid here)."""
    return dict(DONE)


def set_leverage(state: VenueState, who: Principal, action: shapes.SetLeverage) -> Any:
    """``updateLeverage``."""
    state.exchange.set_leverage(who.account, _coin(state, action.asset), action.leverage, cross=action.is_cross)
    return dict(DONE)


def adjust_margin(state: VenueState, who: Principal, action: shapes.AdjustMargin) -> Any:
    """``updateIsolatedMargin``: millionths of a dollar, negative to take out."""
    state.exchange.adjust_margin(who.account, _coin(state, action.asset), Decimal(action.ntli) / MICRO)
    return dict(DONE)


def set_abstraction(state: VenueState, who: Principal, action: shapes.SetAbstraction) -> Any:
    """``agentSetAbstraction``: only the standard mode exists here."""
    if action.abstraction != "i":
        raise Refused("Only the standard account mode is available")
    state.abstractions[who.account] = "disabled"
    return dict(DONE)


def approve_agent(state: VenueState, who: Principal, action: shapes.ApproveAgent) -> Any:
    """``approveAgent``: an API wallet for the account, replacing the one of the same name."""
    address = action.agent_address.lower()
    if state.exchange.has_account(address):
        raise WalletRefused("Extra agent already used.")
    replaced = state.wallets.approve_agent(who.account, address, action.agent_name or "", state.now_ms)
    if replaced is not None and replaced != address:
        state.nonces.forget(replaced)
    return dict(DONE)


def approve_builder_fee(state: VenueState, who: Principal, action: shapes.ApproveBuilderFee) -> Any:
    """``approveBuilderFee``: a percentage, kept in tenths of a basis point. It is never charged here."""
    percent = Decimal(action.max_fee_rate.removesuffix("%"))
    state.wallets.approve_builder(who.account, action.builder.lower(), int(percent * 1000))
    return dict(DONE)


def class_transfer(state: VenueState, who: Principal, action: shapes.ClassTransfer) -> Any:
    """``usdClassTransfer`` between spot and the main perp dex."""
    source, target = (SPOT, "") if action.to_perp else ("", SPOT)
    usd = Decimal(action.amount)
    move(state, who.account, source, target, usd)
    _note(state, who, {"type": "accountClassTransfer", "usdc": number(usd), "toPerp": action.to_perp})
    return dict(DONE)


def send_asset(state: VenueState, who: Principal, action: shapes.SendAsset) -> Any:
    """``sendAsset`` between the account's own dexes; no money leaves an account here."""
    if action.destination.lower() != who.account or action.from_sub_account:
        raise Refused("Assets can only be sent between dexes of the same account")
    if action.token not in ("USDC", f"USDC:{USDC_ID}"):
        raise Refused(f"Invalid token {action.token}")
    usd = Decimal(action.amount)
    move(state, who.account, action.source_dex, action.destination_dex, usd)
    sent = {
        "type": "send",
        "user": who.account,
        "destination": who.account,
        "sourceDex": action.source_dex,
        "destinationDex": action.destination_dex,
        "token": "USDC",
        "amount": number(usd),
        "usdcValue": number(usd),
        "fee": "0.0",
        "nativeTokenFee": "0.0",
        "nonce": action.nonce,
        "feeToken": "",
    }
    _note(state, who, sent)
    return dict(DONE)


def deposit(state: VenueState, address: str, usd: Decimal) -> None:
    """Open an account with money from outside; how an operator of the venue funds one."""
    state.exchange.open_account(address, usd)
    _note(state, Principal(address, address), {"type": "deposit", "usdc": number(usd)})


def _coin(state: VenueState, asset: int) -> str:
    row = state.assets.of_asset(asset)
    if row is None:
        raise Refused(f"Invalid asset {asset}")
    return row.terms.coin


def _note(state: VenueState, who: Principal, delta: dict[str, Any]) -> None:
    rows = state.ledger.setdefault(who.account, [])
    rows.append({"time": state.now_ms, "hash": NO_HASH, "delta": delta})
