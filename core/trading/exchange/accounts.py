"""Accounts, their wallets (one per dex) and positions, and how an execution is booked. Refuses to judge margin.

A position keeps its signed ``cost`` (Σ size × price) instead of an average price, so that money is conserved to the
millionth: cash + Σ(size × mark − cost) changes by fees, funding and the mark only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import BrokenInvariant
from core.trading.exchange.contracts import Contract
from core.trading.exchange.grid import ZERO, micro
from core.trading.exchange.records import FillRecord, FundingRecord, OrderRecord


@dataclass(slots=True)
class Position:
    """An open position. ``margin`` is the isolated margin in USD (zero for cross), without unrealised profit."""

    coin: str
    leverage: int
    cross: bool
    size: Decimal = ZERO
    cost: Decimal = ZERO
    margin: Decimal = ZERO
    funding_open: Decimal = ZERO
    funding_change: Decimal = ZERO

    @property
    def entry(self) -> Decimal:
        """Average entry price, unrounded."""
        return self.cost / self.size

    def unrealised(self, mark: Decimal) -> Decimal:
        """Profit at ``mark``."""
        return self.size * mark - self.cost

    def equity(self, mark: Decimal) -> Decimal:
        """Isolated margin with the profit at ``mark``."""
        return self.margin + self.size * mark - self.cost


@dataclass(slots=True)
class Wallet:
    """Collateral and positions of one account on one dex. ``cash`` excludes isolated margins."""

    cash: Decimal = ZERO
    positions: dict[str, Position] = field(default_factory=dict)
    partial_ms: int | None = None
    """When a liquidation last closed only a part; full size follows for the cooldown."""


@dataclass(slots=True)
class Account:
    """One address: wallets by dex, chosen leverage by coin, orders, and everything that was booked."""

    address: str
    wallets: dict[str, Wallet] = field(default_factory=dict)
    leverage: dict[str, tuple[int, bool]] = field(default_factory=dict)
    funding: dict[str, Decimal] = field(default_factory=dict)
    volume: Decimal = ZERO
    orders: dict[int, OrderRecord] = field(default_factory=dict)
    by_client: dict[str, int] = field(default_factory=dict)
    fills: list[FillRecord] = field(default_factory=list)
    payments: list[FundingRecord] = field(default_factory=list)
    cancel_at: int | None = None
    firings: tuple[int, int] = (0, 0)
    """(UTC day, scheduled cancels fired on it)."""

    def wallet(self, dex: str) -> Wallet:
        """The wallet of a dex; made empty when first asked for."""
        found = self.wallets.get(dex)
        if found is None:
            found = self.wallets[dex] = Wallet()
        return found

    def peek(self, dex: str) -> Wallet:
        """The wallet of a dex for reading only; an empty one where there is none."""
        return self.wallets.get(dex) or Wallet()

    def position(self, contract: Contract) -> Position | None:
        """The open position in a contract."""
        wallet = self.wallets.get(contract.dex)
        return wallet.positions.get(contract.coin) if wallet else None

    def size(self, contract: Contract) -> Decimal:
        """Signed size of the position, zero without one."""
        position = self.position(contract)
        return position.size if position else ZERO


def book(account: Account, contract: Contract, choice: tuple[int, bool], quantity: Decimal, value: Decimal) -> Decimal:
    """Book an execution of signed ``quantity`` for signed ``value`` (quantity × price) and return the closed profit.

    ``choice`` is (leverage, cross) for a position that opens by it. What reduces realises profit into cash and frees
    its share of isolated margin; what exceeds the position opens the other side.
    """
    wallet = account.wallet(contract.dex)
    position = wallet.positions.get(contract.coin)
    if position is not None and (position.size > 0) != (quantity > 0):
        closing = min(abs(quantity), abs(position.size))
        part = value if closing == abs(quantity) else micro(value * closing / abs(quantity))
        profit = _reduce(wallet, position, closing, part)
        if closing < abs(quantity):
            rest = quantity + closing if quantity < 0 else quantity - closing
            _increase(wallet, contract.coin, choice, rest, value - part)
        return profit
    _increase(wallet, contract.coin, choice, quantity, value)
    return ZERO


def _increase(wallet: Wallet, coin: str, choice: tuple[int, bool], quantity: Decimal, value: Decimal) -> None:
    position = wallet.positions.get(coin)
    if position is None:
        position = wallet.positions[coin] = Position(coin, *choice)
    position.size += quantity
    position.cost += value
    position.funding_change = ZERO
    if not position.cross:
        margin = micro(abs(value) / position.leverage)
        wallet.cash -= margin
        position.margin += margin


def _reduce(wallet: Wallet, position: Position, closing: Decimal, value: Decimal) -> Decimal:
    """Take ``closing`` (unsigned) off the position for signed ``value``; the profit."""
    whole = abs(position.size)
    if closing > whole:
        raise BrokenInvariant(f"{position.coin}: cannot reduce {whole} by {closing}")
    cost = position.cost if closing == whole else micro(position.cost * closing / whole)
    margin = position.margin if closing == whole else micro(position.margin * closing / whole)
    profit = -value - cost
    wallet.cash += profit + margin
    position.cost -= cost
    position.margin -= margin
    position.size -= closing if position.size > 0 else -closing
    position.funding_change = ZERO
    if position.size == 0:
        del wallet.positions[position.coin]
    return profit
