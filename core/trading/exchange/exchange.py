"""The simulated exchange whole: one object over the subjects of this folder. Refuses network, clock and chance.

After Hyperliquid: cross and isolated margin with tiers, GTC/IOC/ALO, stops and targets, reduce-only, fees, hourly
funding, liquidation with a backstop. The same calls give the same ids, fills and happenings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import Any, Self

from core.errors import BrokenInvariant
from core.settings import ExchangeRules
from core.trading.exchange import bands, collateral, depth, motion, placement
from core.trading.exchange.accounts import Account
from core.trading.exchange.delisting import delist
from core.trading.exchange.funding import settle as settle_hour
from core.trading.exchange.margin import account_orders
from core.trading.exchange.ports import Book, MarketTerms, Price
from core.trading.exchange.records import (
    AccountState,
    BookLevel,
    FillRecord,
    FundingRecord,
    Happening,
    OrderRecord,
    PositionState,
    Trade,
)
from core.trading.exchange.requests import Grouping, OrderRequest, Outcome
from core.trading.exchange.snapshot import read_snapshot, remember_happening, take_snapshot
from core.trading.exchange.state import State, begin
from core.trading.exchange.views import account_state


class Exchange:
    """Accounts, orders and positions on markets that somebody else moves.

    Every call that names an address without an account raises :class:`Refused` (``Must deposit …``), every call that
    names an unlisted coin too. Addresses are lower case.
    """

    def __init__(
        self, terms: Sequence[MarketTerms], rules: ExchangeRules, now_ms: int, *, state: State | None = None
    ) -> None:
        self._state = begin(terms, rules, now_ms) if state is None else state

    @property
    def now_ms(self) -> int:
        """Where the exchange stands in time."""
        return self._state.now_ms

    @property
    def look(self) -> Callable[[str], Price | None] | None:
        """Asked for the price of a coin that nobody holds or quotes; such coins need no ``advance``."""
        return self._state.look

    @look.setter
    def look(self, asked: Callable[[str], Price | None] | None) -> None:
        self._state.look = asked

    @property
    def books(self) -> Callable[[str], Book | None] | None:
        """Asked for the real book of a coin; ``None`` where books are made around the prices."""
        return self._state.books

    @books.setter
    def books(self, asked: Callable[[str], Book | None] | None) -> None:
        self._state.books = asked

    @property
    def alarm_ms(self) -> int | None:
        """When the next scheduled cancel is due."""
        return self._state.alarm_ms

    def open_account(self, address: str, usd: Decimal) -> None:
        """Open an account, unless it is open already, and credit ``usd`` to its main dex."""
        account = self._state.accounts.setdefault(address, Account(address))
        if usd:
            collateral.deposit(self._state, account, usd, "")

    def has_account(self, address: str) -> bool:
        """Whether the address has an account."""
        return address in self._state.accounts

    def deposit(self, address: str, usd: Decimal, dex: str = "") -> None:
        """Credit ``usd`` from outside."""
        collateral.deposit(self._state, self._state.user(address), usd, dex)

    def submit(self, address: str, orders: Sequence[OrderRequest], grouping: Grouping) -> list[Outcome]:
        """Place orders: one outcome each, in order, or a single one when the whole batch is refused."""
        return placement.submit(self._state, self._state.user(address), orders, grouping)

    def cancel(self, address: str, coin: str, oid: int | str) -> str | None:
        """Cancel by order id or client id; ``None``, or the venue's words."""
        return placement.cancel(self._state, self._state.user(address), coin, oid)

    def modify(self, address: str, oid: int | str, order: OrderRequest, *, always: bool = False) -> Outcome:
        """Cancel and replace; the new order has a new id. ``always`` is the wire's ``a`` (any kind of new order)."""
        return placement.modify(self._state, self._state.user(address), oid, order, always=always)

    def set_leverage(self, address: str, coin: str, leverage: int, *, cross: bool) -> None:
        """Choose leverage and margin mode of a coin. Raises :class:`Refused`."""
        contract = self._state.contract(coin)
        self._state.price(coin)
        collateral.set_leverage(self._state, self._state.user(address), contract, leverage, is_cross=cross)

    def leverage(self, address: str, coin: str) -> tuple[int, bool]:
        """(leverage, cross) of the account's next order in ``coin``."""
        return self._state.choice(self._state.user(address), self._state.contract(coin))

    def adjust_margin(self, address: str, coin: str, usd: Decimal) -> None:
        """Add (with a negative amount remove) isolated margin. Raises :class:`Refused`."""
        collateral.adjust_margin(self._state, self._state.user(address), self._state.contract(coin), usd)

    def transfer(self, address: str, source_dex: str, target_dex: str, usd: Decimal) -> None:
        """Move collateral between the account's dexes. Raises :class:`Refused`."""
        collateral.transfer(self._state, self._state.user(address), source_dex, target_dex, usd)

    def schedule_cancel(self, address: str, time_ms: int | None) -> None:
        """Cancel all orders at a time; ``None`` disarms. Raises :class:`Refused`."""
        collateral.schedule_cancel(self._state, self._state.user(address), time_ms)

    def advance(self, to_ms: int, prices: Mapping[str, Price], funding: Mapping[str, Decimal] | None = None) -> None:
        """Move on to ``to_ms``: prices that changed, then (when an hour is full) the hourly rates by coin.

        Costs work only for coins with an order or position, and for those only near something that may happen.
        Raises :class:`BrokenInvariant` for a time that lies behind.
        """
        state = self._state
        if to_ms < state.now_ms:
            raise BrokenInvariant(f"the exchange stands at {state.now_ms} and cannot go back to {to_ms}")
        if state.alarm_ms is not None:
            collateral.fire_scheduled(state, to_ms)
        state.now_ms = to_ms
        self._move(prices)
        if funding:
            settle_hour(state, funding)

    def delist(self, coin: str) -> None:
        """End a market: orders cancelled, positions settled at the mark. Raises :class:`Refused` for an unknown coin."""
        delist(self._state, self._state.contract(coin))

    def thin_out(self, coin: str, levels: int | None) -> None:
        """Leave of a coin's synthetic book ``levels`` of one lot each; ``None`` fills it again."""
        self._state.contract(coin)
        if levels is None:
            self._state.thin.pop(coin, None)
        else:
            self._state.thin[coin] = levels

    def thinned(self) -> list[str]:
        """Coins whose book is thin."""
        return list(self._state.thin)

    def _move(self, prices: Mapping[str, Price]) -> None:
        state = self._state
        if state.consumed:
            for coin in prices:
                state.consumed.pop(coin, None)
        if bands.all_quiet(state, prices):
            state.prices.update(prices)
            return
        active = {coin: prices[coin] for coin in state.contracts if coin in prices and state.is_active(coin)}
        state.prices.update((coin, price) for coin, price in prices.items() if coin not in active)
        motion.move(state, active)
        bands.draw(state)

    def account(self, address: str, dex: str = "") -> AccountState:
        """State of one dex of an account."""
        return account_state(self._state, self._state.user(address), dex)

    def positions(self, address: str, dex: str | None = None) -> list[PositionState]:
        """Positions of one dex, or of all."""
        account = self._state.user(address)
        dexes = list(account.wallets) if dex is None else [dex]
        return [position for one in dexes for position in account_state(self._state, account, one).positions]

    def open_orders(self, address: str, dex: str | None = None) -> list[OrderRecord]:
        """Open orders of one dex, or of all, oldest first; triggers and waiting children included."""
        found = account_orders(self._state, self._state.user(address))
        return [copy(o) for o in found if dex is None or self._state.contracts[o.coin].dex == dex]

    def order(self, address: str, oid: int | str) -> OrderRecord | None:
        """An order by id or client id, whatever became of it; rejected ones too."""
        found = placement.find(self._state.user(address), oid)
        return copy(found) if found is not None else None

    def fills(self, address: str, since_ms: int = 0) -> list[FillRecord]:
        """Fills at or after ``since_ms``, oldest first."""
        fills = self._state.user(address).fills
        return fills[bisect_left(fills, since_ms, key=lambda fill: fill.time_ms) :]

    def funding_payments(self, address: str, since_ms: int = 0) -> list[FundingRecord]:
        """Funding at or after ``since_ms``, oldest first."""
        payments = self._state.user(address).payments
        return payments[bisect_left(payments, since_ms, key=lambda payment: payment.time_ms) :]

    def history(self, address: str) -> list[OrderRecord]:
        """Every order ever placed, oldest first."""
        return [copy(order) for order in self._state.user(address).orders.values()]

    def volume(self, address: str) -> Decimal:
        """Lifetime notional traded, USD."""
        return self._state.user(address).volume

    def active_coins(self) -> set[str]:
        """Coins with an order or a position: those whose prices ``advance`` must be given."""
        return set(self._state.live) | set(self._state.holders)

    def held_coins(self) -> set[str]:
        """Coins in which somebody has a position: those that pay funding."""
        return set(self._state.holders)

    def is_active(self, coin: str) -> bool:
        """Whether ``advance`` must be given this coin's prices."""
        return self._state.is_active(coin)

    def is_shut(self, coin: str) -> bool:
        """Whether nothing may happen in a coin, because its real book is not known at present."""
        return self._state.is_shut(coin)

    def drain(self) -> list[Happening]:
        """What happened since the last call, in order."""
        found, self._state.happenings = self._state.happenings, []
        return found

    def snapshot(self, *, whole: bool = True) -> dict[str, Any]:
        """Everything as JSON values; without ``whole`` finished orders, fills, funding and prints are left out."""
        return take_snapshot(self._state, whole=whole)

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any], terms: Sequence[MarketTerms], rules: ExchangeRules) -> Self:
        """The exchange of a snapshot; it continues exactly as the original would have."""
        state = read_snapshot(snapshot, terms, rules)
        return cls(terms, rules, state.now_ms, state=state)

    def remember(self, happening: Happening) -> None:
        """Put a journalled happening back into history after ``restore`` of a snapshot that was not whole."""
        remember_happening(self._state, happening)

    def trades(self, coin: str, limit: int) -> list[Trade]:
        """Recent prints, newest first."""
        return list(self._state.prints.get(coin, ()))[::-1][:limit]

    def book(self, coin: str) -> tuple[list[BookLevel], list[BookLevel]]:
        """(bids, asks), best first; empty while the market has no price."""
        self._state.contract(coin)
        return depth.levels(self._state, coin, asks=False), depth.levels(self._state, coin, asks=True)

    def impact(self, coin: str) -> tuple[Decimal, Decimal] | None:
        """(bid, ask) that the impact notional would meet; ``None`` where a side of the book holds less than it."""
        self._state.contract(coin)
        bid = depth.impact(self._state, coin, asks=False)
        ask = depth.impact(self._state, coin, asks=True)
        return None if bid is None or ask is None else (bid, ask)
