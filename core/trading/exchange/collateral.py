"""Leverage, isolated margin, transfers between dexes, scheduled cancels: what changes an account without an order.

Every refusal is a :class:`Refused` with the venue's words.
"""

from __future__ import annotations

from decimal import Decimal

from core.trading.exchange import words
from core.trading.exchange.accounts import Account, Position
from core.trading.exchange.contracts import Contract
from core.trading.exchange.grid import micro
from core.trading.exchange.margin import available, initial, withdrawable
from core.trading.exchange.placement import cancel_all
from core.trading.exchange.records import BalanceChanged
from core.trading.exchange.requests import Refused
from core.trading.exchange.state import State, credit

DAY_MS = 86_400_000


def deposit(state: State, account: Account, usd: Decimal, dex: str) -> None:
    """Credit collateral from outside."""
    credit(account, dex, usd)
    _tell(state, account, dex, usd, "deposit")


def _tell(state: State, account: Account, dex: str, usd: Decimal, why: str) -> None:
    state.restless = True
    state.happenings.append(BalanceChanged(account.address, dex, usd, why, state.now_ms))


def set_leverage(state: State, account: Account, contract: Contract, leverage: int, *, is_cross: bool) -> None:
    """Choose leverage and margin mode for a coin. Raising it with a position is always fine."""
    if not 1 <= leverage <= contract.max_leverage:
        raise Refused(words.LEVERAGE)
    if is_cross and contract.isolated_only:
        raise Refused(words.NO_CROSS)
    position = account.position(contract)
    before = state.choice(account, contract)
    if position is not None:
        if position.cross != is_cross:
            raise Refused(words.SWITCH)
        if leverage < position.leverage:
            _check_decrease(state, position, leverage)
        position.leverage = leverage
    account.leverage[contract.coin] = (leverage, is_cross)
    if is_cross and leverage < before[0] and available(state, account, contract.dex) < 0 and position is not None:
        account.leverage[contract.coin] = before
        position.leverage = before[0]
        raise Refused(words.CROSS_DECREASE)
    state.restless = True


def _check_decrease(state: State, position: Position, leverage: int) -> None:
    """An isolated position must already hold the margin that the lower leverage asks for."""
    mark = state.mark(position.coin)
    if not position.cross and position.equity(mark) < micro(abs(position.size) * mark / leverage):
        raise Refused(words.ISOLATED_DECREASE)


def adjust_margin(state: State, account: Account, contract: Contract, usd: Decimal) -> None:
    """Move collateral into (positive) or out of an isolated position.

    What stays must cover the initial margin and a tenth of the notional.
    """
    position = account.position(contract)
    if usd == 0:
        raise Refused(words.ZERO_MARGIN)
    if position is None:
        raise Refused(words.NO_POSITION)
    if position.cross:
        raise Refused(words.NOT_ISOLATED)
    if usd > withdrawable(state, account, contract.dex):
        raise Refused(words.NO_MARGIN_TO_ADD)
    if usd < 0:
        mark = state.mark(position.coin)
        tenth = micro(abs(position.size) * mark * state.rules.transfer_share)
        if position.equity(mark) + usd < max(initial(position, mark), tenth):
            raise Refused(words.NO_MARGIN_TO_TAKE)
    credit(account, contract.dex, -usd)
    position.margin += usd
    _tell(state, account, contract.dex, usd, "isolatedMargin")


def transfer(state: State, account: Account, source_dex: str, target_dex: str, usd: Decimal) -> None:
    """Move collateral from one dex of the account to another."""
    known = {contract.dex for contract in state.contracts.values()} | {""}
    for dex in (source_dex, target_dex):
        if dex not in known:
            raise Refused(f"Unknown dex {dex}.")
    if usd <= 0 or usd > withdrawable(state, account, source_dex):
        raise Refused(words.WITHDRAWAL)
    credit(account, source_dex, -usd)
    credit(account, target_dex, usd)
    _tell(state, account, source_dex, -usd, "transfer")
    _tell(state, account, target_dex, usd, "transfer")


def schedule_cancel(state: State, account: Account, time_ms: int | None) -> None:
    """Arm (or with ``None`` disarm) the cancelling of all orders at a time."""
    rules = state.rules
    if time_ms is not None:
        if account.volume < rules.schedule_volume_usd:
            raise Refused(words.schedule_volume(rules.schedule_volume_usd, account.volume))
        if time_ms < state.now_ms + rules.counts.schedule_ahead_ms:
            raise Refused(words.SCHEDULE_AHEAD)
    account.cancel_at = time_ms
    set_alarm(state)


def set_alarm(state: State) -> None:
    """Keep the time of the next scheduled cancel."""
    state.alarm_ms = min((a.cancel_at for a in state.users() if a.cancel_at is not None), default=None)


def fire_scheduled(state: State, to_ms: int) -> None:
    """Carry out scheduled cancels due by ``to_ms``, each at its time, at most the day's number of them."""
    while state.alarm_ms is not None and state.alarm_ms <= to_ms:
        state.now_ms = max(state.now_ms, state.alarm_ms)
        for account in state.users():
            if account.cancel_at is not None and account.cancel_at <= state.now_ms:
                _fire(state, account)
        set_alarm(state)


def _fire(state: State, account: Account) -> None:
    account.cancel_at = None
    today = state.now_ms // DAY_MS
    fired = account.firings[1] if account.firings[0] == today else 0
    if fired < state.rules.counts.schedule_per_day:
        account.firings = (today, fired + 1)
        cancel_all(state, account, "scheduledCancel")
