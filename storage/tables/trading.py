"""What was traded: positions, their steps, orders, and the money the venue booked.

Every row bears its ``book`` (venue and account), so that a state folder which moved from simulation to the real
exchange never takes one world's position for the other's. Column names are the fields of the core's values.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Money, Serial


class PositionRow(SQLModel, table=True):
    """A position as it stands now (:class:`core.trading.positions.Position`)."""

    __tablename__ = "positions"
    __table_args__ = (Index("ix_positions_state", "book", "state"),)

    book: str = Field(primary_key=True)
    position_id: str = Field(primary_key=True)
    symbol: str
    coin: str
    side: str
    state: str
    size: Decimal = Field(sa_type=Money)
    entry: Decimal = Field(sa_type=Money)
    leverage: int
    initial_stop: Decimal = Field(sa_type=Money)
    stop: Decimal = Field(sa_type=Money)
    target: Decimal = Field(sa_type=Money)
    atr: float
    confidence: float
    strategy: str
    decided_ms: int = Field(sa_type=BigInteger)
    opened_ms: int | None = Field(sa_type=BigInteger)
    closed_ms: int | None = Field(sa_type=BigInteger)
    reason: str | None
    adopted: bool
    best_mark: Decimal | None = Field(sa_type=Money)
    closed_by: str | None
    nearness: int


class PositionStepRow(SQLModel, table=True):
    """One change of a position: the history of its state machine (SPEC V0)."""

    __tablename__ = "position_steps"
    __table_args__ = (Index("ix_position_steps_position", "book", "position_id"),)

    id: int = Field(sa_type=Serial, primary_key=True)
    book: str
    position_id: str
    at_ms: int = Field(sa_type=BigInteger)
    state: str
    size: Decimal = Field(sa_type=Money)
    stop: Decimal = Field(sa_type=Money)
    target: Decimal = Field(sa_type=Money)


class TransferRow(SQLModel, table=True):
    """Money in or out of the account (:class:`core.trading.orders.Transfer`)."""

    __tablename__ = "transfers"

    book: str = Field(primary_key=True)
    transfer_id: str = Field(primary_key=True)
    time_ms: int = Field(sa_type=BigInteger)
    amount: Decimal = Field(sa_type=Money)
    kind: str


class StandingRow(SQLModel, table=True):
    """How the governor last stood (:class:`core.risk.governor.Standing`)."""

    __tablename__ = "standings"

    book: str = Field(primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    equity: float
    peak: float
    day_equity: float
    tier: int
    day_halt: bool
    drawdown_halt: bool


class StandingBeforeRow(SQLModel, table=True):
    """How the governor stood at the end of a quarter of an hour, ``slot`` counts them from 1970."""

    __tablename__ = "standings_before"

    book: str = Field(primary_key=True)
    slot: int = Field(sa_type=BigInteger, primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    equity: float
    peak: float
    day_equity: float
    tier: int
    day_halt: bool
    drawdown_halt: bool


class InjectionRow(SQLModel, table=True):
    """Margin added to a position (:class:`core.trading.injections.Injection`)."""

    __tablename__ = "injections"

    book: str = Field(primary_key=True)
    position_id: str = Field(primary_key=True)
    asked_ms: int = Field(sa_type=BigInteger, primary_key=True)
    symbol: str
    coin: str
    amount: Decimal = Field(sa_type=Money)
    before: Decimal = Field(sa_type=Money)
    expires_ms: int = Field(sa_type=BigInteger)
    by: str
    state: str


class TicketRow(SQLModel, table=True):
    """An order of ours (:class:`core.trading.orders.Ticket`), numbered in the order made."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("book", "client_id", name="uq_tickets_client_id"),
        Index("ix_tickets_position", "book", "position_id"),
    )

    id: int = Field(sa_type=Serial, primary_key=True)
    book: str
    client_id: str
    position_id: str
    symbol: str
    coin: str
    intent: str
    is_buy: bool
    size: Decimal = Field(sa_type=Money)
    limit: Decimal = Field(sa_type=Money)
    trigger: Decimal | None = Field(sa_type=Money)
    reduce_only: bool
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger)
    state: str
    venue_id: int | None = Field(sa_type=BigInteger)
    reason: str
    mark: Decimal | None = Field(sa_type=Money)


class FillRow(SQLModel, table=True):
    """An execution (:class:`core.trading.orders.Fill`); a trade id alone is not unique on the venue."""

    __tablename__ = "fills"

    book: str = Field(primary_key=True)
    time_ms: int = Field(sa_type=BigInteger, primary_key=True)
    trade_id: int = Field(sa_type=BigInteger, primary_key=True)
    coin: str = Field(primary_key=True)
    is_buy: bool = Field(primary_key=True)
    price: Decimal = Field(sa_type=Money)
    size: Decimal = Field(sa_type=Money)
    venue_id: int = Field(sa_type=BigInteger)
    client_id: str | None
    closed_pnl: Decimal = Field(sa_type=Money)
    fee: Decimal = Field(sa_type=Money)
    start_position: Decimal = Field(sa_type=Money)
    liquidation: bool
    deleveraged: bool


class FundingRow(SQLModel, table=True):
    """A funding settlement (:class:`core.trading.orders.FundingPayment`)."""

    __tablename__ = "funding"

    book: str = Field(primary_key=True)
    time_ms: int = Field(sa_type=BigInteger, primary_key=True)
    coin: str = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Money)
    size: Decimal = Field(sa_type=Money)
    rate: Decimal = Field(sa_type=Money)


class TradeRow(SQLModel, table=True):
    """A closed trade (:class:`core.trading.positions.ClosedTrade`)."""

    __tablename__ = "trades"
    __table_args__ = (Index("ix_trades_closed", "book", "closed_ms"),)

    book: str = Field(primary_key=True)
    trade_id: str = Field(primary_key=True)
    symbol: str
    coin: str
    side: str
    opened_ms: int = Field(sa_type=BigInteger)
    closed_ms: int = Field(sa_type=BigInteger)
    entry: Decimal = Field(sa_type=Money)
    exit: Decimal = Field(sa_type=Money)
    size: Decimal = Field(sa_type=Money)
    leverage: int
    gross: Decimal = Field(sa_type=Money)
    fees: Decimal = Field(sa_type=Money)
    funding: Decimal = Field(sa_type=Money)
    pnl: Decimal = Field(sa_type=Money)
    r: float
    reason: str
    confidence: float
    strategy: str


class OpeningRow(SQLModel, table=True):
    """Where a book begins (:class:`core.desk.Opening`)."""

    __tablename__ = "openings"

    book: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    cash: Decimal = Field(sa_type=Money)
