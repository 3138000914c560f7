"""The venue as the trading stage needs it: one port for replay, simulation, paper, testnet and mainnet.

Contract: a read either returns the venue's present truth or raises :class:`core.errors.VenueUnavailable`. A write
either answers, or raises ``VenueUnavailable`` when it surely was not carried out, or raises
:class:`core.errors.OutcomeUnknown` when it left and no answer came; it is never repeated by the adapter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.market.symbols import Side
from core.trading.orders import Acknowledgement, Fill, FundingPayment, OpenOrder, OrderReport, Ticket, Transfer


@dataclass(frozen=True, slots=True)
class Listing:
    """A market's live terms on the venue."""

    coin: str
    max_leverage: int
    size_decimals: int
    isolated_only: bool
    delisted: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """Prices of one market now. ``mid`` is ``None`` on an empty book; ``funding`` is per hour.

    ``bid`` and ``ask`` are the venue's impact prices (what its impact notional would be sold and bought at on average),
    ``None`` where the book holds less. ``funding_multiplier`` scales the rate that the market pays when it leans to no
    side; ``growth`` says that the venue takes the reduced fees of its growth mode.
    """

    coin: str
    mark: Decimal
    oracle: Decimal
    mid: Decimal | None
    funding: Decimal
    open_interest: Decimal
    day_volume_usd: Decimal
    funding_multiplier: float = 1.0
    bid: Decimal | None = None
    ask: Decimal | None = None
    growth: bool = False


@dataclass(frozen=True, slots=True)
class VenuePosition:
    """A position as the venue holds it. ``size`` is signed; ``margin`` what is bound to it.

    ``mark`` is the position's value over its size, on the market's tick grid.
    """

    coin: str
    size: Decimal
    entry: Decimal
    mark: Decimal
    leverage: int
    isolated: bool
    unrealised: Decimal
    margin: Decimal
    liquidation: Decimal | None
    funding_since_open: Decimal

    @property
    def side(self) -> Side:
        """Its direction."""
        return Side.LONG if self.size > 0 else Side.SHORT


@dataclass(frozen=True, slots=True)
class Account:
    """The account over every dex used. ``equity`` has unrealised profit included; ``free`` can become margin."""

    equity: Decimal
    free: Decimal
    positions: tuple[VenuePosition, ...]
    time_ms: int

    def position(self, coin: str) -> VenuePosition | None:
        """The position in ``coin``, if there is one."""
        return next((p for p in self.positions if p.coin == coin), None)


@dataclass(frozen=True, slots=True)
class Wallet:
    """The API wallet that signs, and when it ends; 0 where the venue does not list it (one without a name)."""

    address: str
    until_ms: int


class Venue(Protocol):
    """An exchange account, or a simulation that speaks the same language."""

    @property
    def account_id(self) -> str:
        """Address of the account, lower case."""
        ...

    async def listings(self) -> Sequence[Listing]:
        """Every market with its live terms, delisted ones included."""
        ...

    async def quotes(self, *, hurried: bool = False) -> Mapping[str, Quote]:
        """Prices by coin of every live market; ``hurried`` where others wait for whoever asks: soon, or not at all."""
        ...

    async def account(self) -> Account:
        """Equity, free collateral and positions."""
        ...

    async def open_orders(self) -> Sequence[OpenOrder]:
        """Every resting order, triggers included."""
        ...

    async def order(self, client_id: str) -> OrderReport | None:
        """What became of an order of ours; ``None`` when the venue never knew it."""
        ...

    async def fills(self, since_ms: int) -> Sequence[Fill]:
        """Executions at or after ``since_ms``, oldest first, complete (paged as the venue needs)."""
        ...

    async def funding(self, since_ms: int) -> Sequence[FundingPayment]:
        """Funding settlements at or after ``since_ms``, oldest first, complete."""
        ...

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        """Money in and out of the account at or after ``since_ms``, oldest first, complete."""
        ...

    async def set_leverage(self, coin: str, leverage: int, *, isolated: bool) -> None:
        """Set leverage and margin mode for the next entry in ``coin``. Raises ``VenueRefused`` with the venue's words."""
        ...

    async def bring_collateral(self, coin: str, usd: Decimal) -> None:
        """See that the dex of ``coin`` holds at least ``usd`` of free collateral, moving it from the account's others."""
        ...

    async def collateral_lacking(self, coin: str, usd: Decimal, freed: Mapping[str, Decimal]) -> str:
        """Why :meth:`bring_collateral` would not see to ``usd`` for ``coin``, were ``freed`` (USD by coin) free as well on
        the dexes of those coins; "" where it would. Nothing is moved."""
        ...

    async def add_margin(self, coin: str, usd: Decimal, expires_ms: int) -> None:
        """Bind ``usd`` more to the isolated position in ``coin``, from its own dex, no later than ``expires_ms``.

        Raises ``VenueRefused`` with the venue's words.
        """
        ...

    async def submit(self, tickets: Sequence[Ticket], *, attached: bool) -> Sequence[Acknowledgement]:
        """Send tickets in one request; one acknowledgement each, in order.

        With ``attached`` the first is the entry, the rest its stop and target (they rest once it has filled).
        """
        ...

    async def cancel(self, orders: Sequence[tuple[str, int]]) -> Sequence[bool]:
        """Cancel by ``(coin, venue_id)``; per order whether it was still there."""
        ...

    def changes(self) -> AsyncIterator[str]:
        """A word for everything that happens to the account (``fill``, ``order``, ``gap`` after a reconnect).

        It is a nudge to look, never the news itself: state is always read back.
        """
        ...
