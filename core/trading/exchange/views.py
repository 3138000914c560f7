"""What an account is shown: margin summaries and positions as ``clearinghouseState`` has them. Refuses to change them."""

from __future__ import annotations

from decimal import Decimal

from core.trading.exchange.accounts import Account, Position, Wallet
from core.trading.exchange.grid import ZERO, micro
from core.trading.exchange.margin import available, cross, initial, liquidation_price, withdrawable
from core.trading.exchange.records import AccountState, CumulatedFunding, MarginSummary, PositionState
from core.trading.exchange.state import State

RETURN_DECIMALS = 10
"""Decimals of a displayed return on equity."""


def position_state(state: State, account: Account, wallet: Wallet, position: Position) -> PositionState:
    """A position as shown. The entry is rounded to the coin's price decimals; return is on the initial margin."""
    contract, mark = state.contracts[position.coin], state.mark(position.coin)
    unrealised = position.unrealised(mark)
    staked = abs(position.cost) / position.leverage
    return PositionState(
        coin=position.coin,
        size=position.size,
        leverage=position.leverage,
        cross=position.cross,
        raw_usd=None if position.cross else position.margin - position.cost,
        entry=round(position.entry, contract.price_decimals),
        value=micro(abs(position.size) * mark),
        unrealised=micro(unrealised),
        return_on_equity=round(unrealised / staked, RETURN_DECIMALS),
        liquidation=liquidation_price(state, wallet, position),
        margin_used=initial(position, mark) if position.cross else position.equity(mark),
        max_leverage=contract.max_leverage,
        funding=CumulatedFunding(
            account.funding.get(position.coin, ZERO), position.funding_open, position.funding_change
        ),
    )


def account_state(state: State, account: Account, dex: str) -> AccountState:
    """One dex of an account as shown."""
    wallet = account.peek(dex)
    states = tuple(position_state(state, account, wallet, p) for p in wallet.positions.values())
    side = cross(state, wallet)
    equity, notional, signed, bound = side.equity, side.notional, ZERO, side.initial
    cross_signed = ZERO
    for position in wallet.positions.values():
        mark = state.mark(position.coin)
        value = position.size * mark
        signed += value
        if position.cross:
            cross_signed += value
        else:
            equity += position.equity(mark)
            notional += abs(value)
            bound += position.equity(mark)
    return AccountState(
        address=account.address,
        dex=dex,
        margin=_summary(equity, notional, signed, bound),
        cross_margin=_summary(side.equity, side.notional, cross_signed, side.initial),
        cross_maintenance=side.maintenance,
        withdrawable=micro(withdrawable(state, account, dex)),
        available=micro(max(ZERO, available(state, account, dex))),
        positions=states,
        time_ms=state.now_ms,
    )


def _summary(equity: Decimal, notional: Decimal, signed: Decimal, bound: Decimal) -> MarginSummary:
    return MarginSummary(micro(equity), micro(notional), micro(equity - signed), micro(bound))
