"""What the simulated exchange tells about itself: orders, fills, funding, states, happenings. Values only.

Signs follow the venue: sizes of positions are signed, ``FundingRecord.usd`` is cash (negative was paid), cumulated
funding counts what was paid as positive, fees count what was paid as positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.trading.exchange.requests import Grouping, Tif, Trigger


@dataclass(slots=True)
class OrderRecord:
    """An order and what became of it. ``size`` is what remains, ``original_size`` what was asked for.

    ``status`` is one of the venue's words (``open``, ``filled``, ``canceled``, ``triggered``, ``iocCancelRejected``…).
    ``waiting`` marks a child whose parent has not filled yet; ``triggered`` an order whose trigger has fired.
    ``siblings`` cancel each other (one cancels the other).
    """

    oid: int
    address: str
    coin: str
    is_buy: bool
    price: Decimal
    size: Decimal
    original_size: Decimal
    reduce_only: bool
    tif: Tif | None
    trigger: Trigger | None
    client_id: str | None
    placed_ms: int
    status: str
    status_ms: int
    grouping: Grouping = Grouping.NA
    parent: int | None = None
    siblings: tuple[int, ...] = ()
    children: tuple[int, ...] = ()
    waiting: bool = False
    triggered: bool = False

    @property
    def filled(self) -> Decimal:
        """What was executed of it."""
        return self.original_size - self.size

    @property
    def is_position_tpsl(self) -> bool:
        """Whether it is tied to the position."""
        return self.grouping is Grouping.POSITION

    @property
    def is_armed(self) -> bool:
        """Whether it waits for its trigger (and is not in the book)."""
        return self.trigger is not None and not self.triggered and not self.waiting

    @property
    def in_book(self) -> bool:
        """Whether it rests at its limit price."""
        return not self.waiting and (self.trigger is None or self.triggered)

    @property
    def order_type(self) -> str:
        """The venue's display name.

        >>> from decimal import Decimal as D
        >>> one, stop = D(1), Trigger(D(9), is_market=True, is_stop=True)
        >>> OrderRecord(1, "0x", "BTC", False, one, one, one, True, None, stop, None, 0, "open", 0).order_type
        'Stop Market'
        """
        if self.trigger is None:
            return "Market" if self.tif is Tif.FRONTEND_MARKET else "Limit"
        kind = "Stop" if self.trigger.is_stop else "Take Profit"
        return f"{kind} {'Market' if self.trigger.is_market else 'Limit'}"


@dataclass(frozen=True, slots=True)
class LiquidationNote:
    """Why a fill was forced. ``method`` is ``market`` or ``backstop``."""

    user: str
    mark: Decimal
    method: str


@dataclass(frozen=True, slots=True)
class FillRecord:
    """One execution of one account, as ``userFills`` tells it. Both parties of a trade share ``tid`` and ``hash``."""

    coin: str
    price: Decimal
    size: Decimal
    is_buy: bool
    time_ms: int
    start_position: Decimal
    direction: str
    closed_pnl: Decimal
    hash: str
    oid: int
    crossed: bool
    fee: Decimal
    tid: int
    client_id: str | None = None
    liquidation: LiquidationNote | None = None


@dataclass(frozen=True, slots=True)
class FundingRecord:
    """One hourly settlement of one position."""

    time_ms: int
    coin: str
    usd: Decimal
    size: Decimal
    rate: Decimal
    hash: str


@dataclass(frozen=True, slots=True)
class Trade:
    """One print. ``is_buy`` is the aggressor's side; ``users`` are (buyer, seller)."""

    coin: str
    is_buy: bool
    price: Decimal
    size: Decimal
    time_ms: int
    hash: str
    tid: int
    users: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CumulatedFunding:
    """Funding paid (positive) by one position: ever in this coin, since it opened, since its size last changed."""

    all_time: Decimal
    since_open: Decimal
    since_change: Decimal


@dataclass(frozen=True, slots=True)
class PositionState:
    """A position as ``clearinghouseState`` tells it. ``raw_usd`` is ``None`` for cross positions."""

    coin: str
    size: Decimal
    leverage: int
    cross: bool
    raw_usd: Decimal | None
    entry: Decimal
    value: Decimal
    unrealised: Decimal
    return_on_equity: Decimal
    liquidation: Decimal | None
    margin_used: Decimal
    max_leverage: int
    funding: CumulatedFunding


@dataclass(frozen=True, slots=True)
class MarginSummary:
    """Totals in USD: equity, Σ|notional|, equity − Σ signed notional, margin bound."""

    account_value: Decimal
    total_notional: Decimal
    total_raw_usd: Decimal
    total_margin_used: Decimal


@dataclass(frozen=True, slots=True)
class AccountState:
    """One dex of one account: all positions, and the cross ones alone."""

    address: str
    dex: str
    margin: MarginSummary
    cross_margin: MarginSummary
    cross_maintenance: Decimal
    withdrawable: Decimal
    available: Decimal
    positions: tuple[PositionState, ...]
    time_ms: int


@dataclass(frozen=True, slots=True)
class BookLevel:
    """One price of the book: size in base units and how many orders make it up."""

    price: Decimal
    size: Decimal
    orders: int


@dataclass(frozen=True, slots=True)
class Filled:
    """An account's order was executed, wholly or in part."""

    address: str
    fill: FillRecord


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order's status or remaining size changed; ``order`` is a copy of that moment."""

    address: str
    order: OrderRecord
    by_user: bool
    """Whether the account itself asked for the change (false for what the venue cancels)."""


@dataclass(frozen=True, slots=True)
class FundingPaid:
    """An hour was settled for one position."""

    address: str
    payment: FundingRecord


@dataclass(frozen=True, slots=True)
class Liquidated:
    """A liquidation step was taken against ``address``; the figures are those before it."""

    address: str
    liquidation_id: int
    liquidator: str
    notional: Decimal
    account_value: Decimal
    coin: str
    method: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class BalanceChanged:
    """Collateral came, went, or moved between dexes or into a position."""

    address: str
    dex: str
    usd: Decimal
    why: str
    time_ms: int


Happening = Filled | OrderChanged | FundingPaid | Liquidated | BalanceChanged
