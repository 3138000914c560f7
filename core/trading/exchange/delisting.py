"""The end of a market: its orders are cancelled, its positions settled at the mark, and nothing is traded in it again.

As Hyperliquid does it: a settled position shows as a fill ``Settlement`` without a fee. Refuses to list it again.
"""

from __future__ import annotations

from dataclasses import replace

from core.trading.exchange.accounts import Account, Position, book
from core.trading.exchange.contracts import Contract
from core.trading.exchange.lifecycle import finish
from core.trading.exchange.liquidation import note_fill
from core.trading.exchange.matching import new_print
from core.trading.exchange.state import STREET, State

SETTLEMENT = "Settlement"
"""The venue's word for such a fill."""
CANCELLED = "delistedCanceled"


def delist(state: State, contract: Contract) -> None:
    """End the market of a contract; one that has ended stays as it is."""
    if contract.delisted:
        return
    for order in list(state.live.get(contract.coin, {}).values()):
        if order.oid in state.live.get(contract.coin, {}):
            finish(state, order, CANCELLED)
    for account in list(state.users()):
        position = account.position(contract)
        if position is not None:
            _settle(state, account, contract, position)
    state.contracts[contract.coin] = replace(contract, delisted=True)
    state.restless = True


def _settle(state: State, account: Account, contract: Contract, position: Position) -> None:
    """Close one position at the mark, against the street."""
    mark, size = state.mark(contract.coin), position.size
    one = new_print(state, contract.coin, mark, abs(size), None, taker_buys=size < 0)
    profit = book(account, contract, state.choice(account, contract), -size, -size * mark)
    book(state.accounts[STREET], contract, (1, True), size, size * mark)
    note_fill(state, account, one, size, SETTLEMENT, profit, crossed=True)
    state.note_position(account, contract.coin)
