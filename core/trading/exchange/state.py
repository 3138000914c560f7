"""What the exchange knows at one moment: markets, prices, accounts, live orders, counters. Refuses to decide anything.

Beside the users there are three accounts of the venue's own: the street (everybody who is not simulated, the other
side of the synthetic book), the fees, and the backstop liquidator. Their money and the users' add up to what was
deposited.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.settings import ExchangeRules
from core.trading.exchange.accounts import Account, Position, Wallet
from core.trading.exchange.contracts import Contract, Rulebook, contract
from core.trading.exchange.grid import ZERO
from core.trading.exchange.ports import Book, MarketTerms, Price
from core.trading.exchange.records import Happening, OrderRecord, Trade
from core.trading.exchange.requests import Refused

STREET = "0x0000000000000000000000000000000000000001"
"""Everybody else: the other side of the synthetic book. Never liquidated, pays no fees."""
FEES = "0xfefefefefefefefefefefefefefefefefefefefe"
"""Receives the fees."""
BACKSTOP = "0x2e3d94f0562703b25c83308a05046ddaf9a8dd14"
"""Takes over what the book does not liquidate [X]."""
VENUE_OWN = (STREET, FEES, BACKSTOP)

Band = tuple[Decimal, Decimal, Decimal, Decimal]
"""(mark above, mark below, ask above, bid below): while strictly inside, nothing can happen in a coin."""


@dataclass(slots=True)
class State:
    """The whole exchange. Mutated by the modules of this folder, each for its own subject."""

    contracts: dict[str, Contract]
    rules: Rulebook
    now_ms: int
    accounts: dict[str, Account] = field(default_factory=dict)
    prices: dict[str, Price] = field(default_factory=dict)
    look: Callable[[str], Price | None] | None = None
    books: Callable[[str], Book | None] | None = None
    """Asked for the real book of a coin; ``None`` where books are made around the prices."""
    live: dict[str, dict[int, OrderRecord]] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    consumed: dict[str, dict[tuple[bool, Decimal], Decimal]] = field(default_factory=dict)
    thin: dict[str, int] = field(default_factory=dict)
    """Coins whose book is nearly empty: how many levels of the street's are left, each of one lot."""
    prints: dict[str, deque[Trade]] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    bands: dict[str, Band] = field(default_factory=dict)
    restless: bool = True
    alarm_ms: int | None = None
    """When the next scheduled cancel is due."""
    next_oid: int = 1
    next_tid: int = 1
    next_liquidation: int = 1

    def contract(self, coin: str) -> Contract:
        """The contract of a coin. Raises :class:`Refused` for one that is not listed."""
        found = self.contracts.get(coin)
        if found is None:
            raise Refused(f"Unknown coin {coin}.")
        return found

    def user(self, address: str) -> Account:
        """The account of an address. Raises :class:`Refused` without one."""
        found = self.accounts.get(address)
        if found is None:
            raise Refused(f"Must deposit before performing actions. User: {address}")
        return found

    def choice(self, account: Account, contract: Contract) -> tuple[int, bool]:
        """(leverage, cross) of the account's next order in the contract."""
        chosen = account.leverage.get(contract.coin)
        if chosen is None:
            return min(self.rules.counts.default_leverage, contract.max_leverage), not contract.isolated_only
        return chosen

    def is_active(self, coin: str) -> bool:
        """Whether an order or position makes the coin's price matter."""
        return coin in self.live or coin in self.holders

    def is_shut(self, coin: str) -> bool:
        """Whether the coin's real book is not known at present: nothing may trade on what it was."""
        return self.books is not None and self.books(coin) is None

    def price(self, coin: str) -> Price | None:
        """Prices of a coin now; of an idle coin as the market tells when asked."""
        if self.look is not None and not self.is_active(coin):
            fresh = self.look(coin)
            if fresh is not None and fresh != self.prices.get(coin):
                self.prices[coin] = fresh
                self.consumed.pop(coin, None)
        return self.prices.get(coin)

    def mark(self, coin: str) -> Decimal:
        """Mark price of a coin that somebody holds."""
        return self.prices[coin].mark

    def users(self) -> Iterator[Account]:
        """Every account but the venue's own, in the order of opening."""
        return (account for address, account in self.accounts.items() if address not in VENUE_OWN)

    def take_oid(self) -> int:
        """The next order id."""
        self.next_oid += 1
        return self.next_oid - 1

    def take_tid(self) -> int:
        """The next trade id."""
        self.next_tid += 1
        return self.next_tid - 1

    def note_position(self, account: Account, coin: str) -> None:
        """Keep the index of holders true after a booking; bands no longer hold."""
        self.restless = True
        if account.address in VENUE_OWN:
            return
        contract = self.contracts[coin]
        if account.position(contract) is not None:
            self.holders.setdefault(coin, set()).add(account.address)
        elif coin in self.holders:
            self.holders[coin].discard(account.address)
            if not self.holders[coin]:
                del self.holders[coin]

    def positions(self, account: Account) -> Iterator[tuple[Wallet, Position]]:
        """Every open position with its wallet; safe against changes while iterating."""
        for wallet in list(account.wallets.values()):
            for position in list(wallet.positions.values()):
                yield wallet, position


def begin(terms: Sequence[MarketTerms], rules: ExchangeRules, now_ms: int) -> State:
    """An exchange with the venue's own accounts and nobody else."""
    contracts = {one.coin: contract(one, rules) for one in terms}
    state = State(contracts, Rulebook.of(rules), now_ms)
    for address in VENUE_OWN:
        state.accounts[address] = Account(address)
    return state


def digest(*parts: object) -> str:
    """A transaction hash that follows from what it stands for."""
    return "0x" + hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def credit(account: Account, dex: str, usd: Decimal) -> None:
    """Put cash into a wallet (negative takes it)."""
    if usd != ZERO:
        account.wallet(dex).cash += usd
