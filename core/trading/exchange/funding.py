"""Hourly funding: size × oracle price × rate, longs pay when the rate is positive. Refuses to compute rates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.trading.exchange.accounts import Account, Position, Wallet
from core.trading.exchange.grid import ZERO, micro
from core.trading.exchange.records import FundingPaid, FundingRecord
from core.trading.exchange.state import STREET, State, credit, digest


def settle(state: State, rates: Mapping[str, Decimal]) -> None:
    """Charge one hour to every position in the coins given; the street is on the other side of all of it.

    Rates are fractions per hour, capped by the rules. Isolated positions pay out of their own margin.
    """
    cap = state.rules.funding_cap
    for account in state.users():
        for wallet, position in state.positions(account):
            if position.coin in rates:
                rate = max(-cap, min(cap, rates[position.coin]))
                _charge(state, account, wallet, position, rate)
    state.restless = True


def _charge(state: State, account: Account, wallet: Wallet, position: Position, rate: Decimal) -> None:
    oracle = state.prices[position.coin].oracle
    paid = micro(position.size * oracle * rate)
    if position.cross:
        wallet.cash -= paid
    else:
        position.margin -= paid
    credit(state.accounts[STREET], state.contracts[position.coin].dex, paid)
    position.funding_open += paid
    position.funding_change += paid
    account.funding[position.coin] = account.funding.get(position.coin, ZERO) + paid
    mark = digest("funding", account.address, position.coin, state.now_ms)
    payment = FundingRecord(state.now_ms, position.coin, -paid, position.size, rate, mark)
    account.payments.append(payment)
    state.happenings.append(FundingPaid(account.address, payment))
