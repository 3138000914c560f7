"""The simulated exchange whole: one object over the subjects of this folder. Refuses network, clock and chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from core.settings import ExchangeRules
from core.trading.exchange.ports import MarketTerms, Price
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


class Exchange:
    """Accounts, orders and positions on markets that somebody else moves."""

    def __init__(self, terms: Sequence[MarketTerms], rules: ExchangeRules, now_ms: int) -> None:
        raise NotImplementedError

    look: Callable[[str], Price | None] | None
    """Asked for the price of a coin that nobody holds or quotes; set by :class:`RunningExchange`."""

    @property
    def now_ms(self) -> int:
        """Where the exchange stands in time."""
        raise NotImplementedError

    def open_account(self, address: str, usd: Decimal) -> None:
        """Open an account (idempotent for the name) and credit ``usd`` to its main dex."""
        raise NotImplementedError

    def has_account(self, address: str) -> bool:
        """Whether the address has an account."""
        raise NotImplementedError

    def deposit(self, address: str, usd: Decimal, dex: str = "") -> None:
        """Credit ``usd`` from outside."""
        raise NotImplementedError

    def submit(self, address: str, orders: Sequence[OrderRequest], grouping: Grouping) -> list[Outcome]:
        """Place orders; one outcome each, or a single one when the whole batch is refused."""
        raise NotImplementedError

    def cancel(self, address: str, coin: str, oid: int | str) -> str | None:
        """Cancel by order id or client id; ``None`` or the venue's words."""
        raise NotImplementedError

    def modify(self, address: str, oid: int | str, order: OrderRequest) -> Outcome:
        """Cancel and replace; the new order has a new id."""
        raise NotImplementedError

    def set_leverage(self, address: str, coin: str, leverage: int, *, cross: bool) -> None:
        """Raises :class:`Refused`."""
        raise NotImplementedError

    def adjust_margin(self, address: str, coin: str, usd: Decimal) -> None:
        """Add (or with a negative amount remove) isolated margin. Raises :class:`Refused`."""
        raise NotImplementedError

    def transfer(self, address: str, source_dex: str, target_dex: str, usd: Decimal) -> None:
        """Move collateral between the account's dexes. Raises :class:`Refused`."""
        raise NotImplementedError

    def schedule_cancel(self, address: str, time_ms: int | None) -> None:
        """Cancel all orders at a time; ``None`` disarms. Raises :class:`Refused`."""
        raise NotImplementedError

    def advance(
        self, to_ms: int, prices: Mapping[str, Price], funding: Mapping[str, Decimal] | None = None
    ) -> None:
        """Move on: the prices that changed, and the hourly rates when an hour is full."""
        raise NotImplementedError

    def account(self, address: str, dex: str = "") -> AccountState:
        """State of one dex of an account."""
        raise NotImplementedError

    def leverage(self, address: str, coin: str) -> tuple[int, bool]:
        """(leverage, cross) of the next order in ``coin``."""
        raise NotImplementedError

    def positions(self, address: str, dex: str | None = None) -> list[PositionState]:
        """Positions of one dex, or of all."""
        raise NotImplementedError

    def open_orders(self, address: str, dex: str | None = None) -> list[OrderRecord]:
        """Open orders of one dex, or of all, oldest first; children and triggers included."""
        raise NotImplementedError

    def order(self, address: str, oid: int | str) -> OrderRecord | None:
        """An order by id or client id, whatever became of it."""
        raise NotImplementedError

    def fills(self, address: str, since_ms: int = 0) -> list[FillRecord]:
        """Fills at or after ``since_ms``, oldest first."""
        raise NotImplementedError

    def funding_payments(self, address: str, since_ms: int = 0) -> list[FundingRecord]:
        """Funding at or after ``since_ms``, oldest first."""
        raise NotImplementedError

    def history(self, address: str) -> list[OrderRecord]:
        """Every order ever placed, oldest first."""
        raise NotImplementedError

    def active_coins(self) -> set[str]:
        """Coins with an order or a position."""
        raise NotImplementedError

    def drain(self) -> list[Happening]:
        """What happened since the last call, in order."""
        raise NotImplementedError

    def snapshot(self) -> dict[str, Any]:
        """Everything, as JSON values."""
        raise NotImplementedError

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any], terms: Sequence[MarketTerms], rules: ExchangeRules) -> Self:
        """The exchange of a snapshot; it continues exactly as the original would have."""
        raise NotImplementedError

    def trades(self, coin: str, limit: int) -> list[Trade]:
        """Recent prints, newest first."""
        raise NotImplementedError

    def book(self, coin: str) -> tuple[list[BookLevel], list[BookLevel]]:
        """(bids, asks), best first."""
        raise NotImplementedError
